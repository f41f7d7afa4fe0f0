//! Measures what a command costs: wall time, CPU time and memory. The lowest of several rounds is
//! used, because other activity on the machine only adds to the cost.

use std::{
    env, io,
    path::Path,
    process::{Command, Stdio},
    time::Instant,
};

/// The cost of one run, or the lowest cost of several.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cost {
    /// Wall time in microseconds.
    pub(crate) wall_us: u64,
    /// CPU time of the command and of the system on its behalf, in microseconds.
    pub(crate) processor_us: u64,
    /// Peak resident memory in KiB.
    pub(crate) peak_kib: u64,
}

impl Cost {
    fn least(self, other: Self) -> Self {
        Self {
            wall_us: self.wall_us.min(other.wall_us),
            processor_us: self.processor_us.min(other.processor_us),
            peak_kib: self.peak_kib.max(other.peak_kib),
        }
    }
}

/// Runs the commands in turn, each in its folder, so that a disturbance affects all of them.
/// Returns the lowest cost of each.
pub(crate) fn interleaved(
    rounds: usize,
    commands: &[(&Path, Vec<String>)],
) -> io::Result<Vec<Cost>> {
    let mut least: Vec<Option<Cost>> = vec![None; commands.len()];
    for _ in 0..rounds {
        for ((folder, command), least) in commands.iter().zip(&mut least) {
            let cost = cost(folder, command)?;
            *least = Some(least.map_or(cost, |before| before.least(cost)));
        }
    }
    Ok(least.into_iter().flatten().collect())
}

/// Runs a command in an intermediate process and returns its cost. Without that process the system
/// would report only the peak memory of all children together.
fn cost(folder: &Path, command: &[String]) -> io::Result<Cost> {
    let process = Command::new(env::current_exe()?)
        .arg("usage")
        .args(command)
        .current_dir(folder)
        .stderr(Stdio::inherit())
        .output()?;
    let output = String::from_utf8_lossy(&process.stdout);
    let numbers: Vec<u64> =
        output.split_whitespace().filter_map(|word| word.parse().ok()).collect();
    let [wall_us, processor_us, peak_kib] = numbers[..] else {
        return Err(io::Error::other(format!("{command:?} failed")));
    };
    Ok(Cost { wall_us, processor_us, peak_kib })
}

/// Runs one command, discards its output and returns its cost.
pub(crate) fn usage(command: &[String]) -> io::Result<Cost> {
    let started = Instant::now();
    let status = Command::new(&command[0])
        .args(&command[1..])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()?;
    let wall = started.elapsed();
    if status.code().is_none_or(|code| code > 1) {
        return Err(io::Error::other(format!("{command:?}: {status}")));
    }
    let wall_us = u64::try_from(wall.as_micros()).unwrap_or(u64::MAX);
    let (processor_us, peak_kib) = of_children()?;
    Ok(Cost { wall_us, processor_us, peak_kib })
}

#[cfg(unix)]
fn of_children() -> io::Result<(u64, u64)> {
    use nix::sys::{
        resource::{UsageWho, getrusage},
        time::{TimeVal, TimeValLike},
    };
    let children = getrusage(UsageWho::RUSAGE_CHILDREN)?;
    let micros = |time: TimeVal| u64::try_from(time.num_microseconds()).unwrap_or(0);
    let processor_us = micros(children.user_time()) + micros(children.system_time());
    Ok((processor_us, u64::try_from(children.max_rss()).unwrap_or(0)))
}

/// Outside Unix only the wall time is known.
#[cfg(not(unix))]
fn of_children() -> io::Result<(u64, u64)> {
    Ok((0, 0))
}

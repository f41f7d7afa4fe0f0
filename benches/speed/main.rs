//! Measures whole runs of `driverc` over fleets of contracts, and compares them with the cost of
//! only reading and parsing the files.
//!
//! `cargo bench --bench speed` measures fleets of up to 100 000 contracts. Without `--bench`, as a
//! test, it measures only the smallest ones. Each command is its own process. In each round every
//! command runs once, and the table shows the lowest cost of all rounds. `-- corpus valid 10000
//! FOLDER` writes a fleet for other programs; `invalid`, `weak`, `servers`, `joined` and `called` are the
//! other kinds.
#![expect(clippy::print_stdout, reason = "a table on standard output is what this is for")]
#![expect(clippy::unwrap_used, reason = "a benchmark that cannot go on has failed")]

mod baseline;
mod corpus;
mod measure;

use std::{env, fs, path::Path, process::Command};

use tempfile::TempDir;

use self::{
    corpus::Corpus,
    measure::{Cost, interleaved},
};

/// A file with all contracts exceeds the default size limit.
const LARGE: &str = "--max-file-size=1GiB";
const DRIVERC: &str = env!("CARGO_BIN_EXE_driverc");
const ROUNDS: usize = 7;

fn main() {
    let arguments: Vec<String> = env::args().skip(1).collect();
    match &arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["usage", ..] => {
            let Cost { wall_us, processor_us, peak_kib } = measure::usage(&arguments[1..]).unwrap();
            println!("{wall_us} {processor_us} {peak_kib}");
        }
        ["nothing"] => {}
        ["read"] => assert_ne!(baseline::read(false).unwrap(), 0),
        ["parse"] => assert_ne!(baseline::read(true).unwrap(), 0),
        ["corpus", what, contracts, folder, ..] => {
            write(what, contracts.parse().unwrap(), Path::new(folder));
        }
        _ => measure_all(arguments.iter().any(|argument| argument == "--bench")),
    }
}

fn write(what: &str, contracts: usize, folder: &Path) {
    match what {
        "valid" => Corpus::valid(contracts).write(folder),
        "invalid" => Corpus::invalid(contracts).write(folder),
        "weak" => Corpus::weak(contracts).write(folder),
        "servers" => Corpus::with_servers(contracts).write(folder),
        "called" => Corpus::called(contracts).write(folder),
        "joined" => Corpus::valid(contracts).write_joined(folder),
        _ => panic!("write `valid`, `invalid`, `weak`, `servers`, `joined` or `called`"),
    }
    .unwrap();
}

/// A command with its name in the table.
type Named = (&'static str, Vec<String>);

fn measure_all(full: bool) {
    println!("{:>86}   {:>17}", "wall, as many x", "CPU, as many x");
    println!(
        "{:<24} {:<22} {:>9} {:>9} {:>8}   {:>8} {:>8}   {:>8} {:>8}",
        "fleet", "command", "wall ms", "CPU ms", "peak MB", "read", "parse", "read", "parse"
    );
    let sizes: &[usize] = if full { &[1, 100, 10_000, 100_000] } else { &[1, 100] };
    let largest = sizes[sizes.len() - 1];
    for size in sizes {
        measure_fleet(&format!("{size} files"), "valid", *size, &whole_commands());
    }
    measure_fleet(&format!("{largest} in one file"), "joined", largest, &whole_commands()[..6]);
    measure_servers(largest.min(15_000));
    measure_baseline(largest.min(10_000));
    measure_fleet(&format!("{largest} files, called"), "called", largest, &whole_commands()[..6]);
    let size = largest.min(10_000);
    measure_fleet(&format!("{size} files, invalid"), "invalid", size, &reporting_commands());
}

fn measure_fleet(title: &str, what: &str, size: usize, commands: &[Named]) {
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    write(what, size, folder.path());
    let names: Vec<_> = commands.iter().map(|(name, _)| *name).collect();
    let commands = commands.iter().map(|(_, command)| (folder.path(), command.clone()));
    let costs = interleaved(ROUNDS, &commands.collect::<Vec<_>>()).unwrap();
    let ratio = |cost: Cost, to: &str, of: fn(Cost) -> u64| {
        let to = names.iter().position(|name| *name == to).map(|place| of(costs[place]));
        to.map_or(String::new(), |to| hundredths(100 * of(cost) / to.max(1)))
    };
    let ratios = |cost: Cost, of: fn(Cost) -> u64| {
        let [read, parse] = ["read", "read, DeTable::parse"].map(|to| ratio(cost, to, of));
        format!("{read:>8} {parse:>8}")
    };
    for (name, cost) in names.iter().zip(&costs) {
        let [wall, processor, peak] =
            [cost.wall_us / 10, cost.processor_us / 10, cost.peak_kib * 1024 / 10_000]
                .map(hundredths);
        let by_wall = ratios(*cost, |cost| cost.wall_us);
        let by_processor = ratios(*cost, |cost| cost.processor_us);
        println!(
            "{title:<24} {name:<22} {wall:>9} {processor:>9} {peak:>8}   {by_wall}   {by_processor}"
        );
    }
    fs::remove_dir_all(folder.path()).unwrap();
}

/// Measures `check` with and without servers: two servers per three contracts.
fn measure_servers(size: usize) {
    let folders = ["valid", "servers"].map(|what| {
        let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
        write(what, size, folder.path());
        folder
    });
    let check = |folder: &TempDir| (folder.path().to_owned(), command(&[DRIVERC, "check", LARGE]));
    let commands = folders.each_ref().map(check);
    let commands = commands.each_ref().map(|(folder, it)| (folder.as_path(), it.clone()));
    let costs = interleaved(3 * ROUNDS, &commands).unwrap();
    print_ratio(&format!("{size} files with {} servers", size * 2 / 3), &costs);
}

/// Measures `check` with and without a baseline that lists all findings: three per contract.
fn measure_baseline(size: usize) {
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    write("weak", size, folder.path());
    fs::write(folder.path().join("driverc.toml"), "baseline = \"baseline.txt\"\n").unwrap();
    let run = Command::new(DRIVERC).args(["baseline", LARGE]).current_dir(folder.path()).status();
    assert!(run.unwrap().success());
    let lines = fs::read_to_string(folder.path().join("baseline.txt")).unwrap().lines().count();
    assert_eq!(lines, 3 * size);
    let check = |options: &[&str]| {
        (folder.path(), command(&[&[DRIVERC, "check", LARGE], options].concat()))
    };
    let costs = interleaved(ROUNDS, &[check(&["--no-baseline"]), check(&[])]).unwrap();
    print_ratio(&format!("{size} files with a baseline of {lines} lines"), &costs);
}

/// Prints the cost of the second command relative to the first.
fn print_ratio(title: &str, costs: &[Cost]) {
    for (unit, of) in
        [("wall", (|cost| cost.wall_us) as fn(Cost) -> u64), ("CPU", |cost| cost.processor_us)]
    {
        let [without, with] = [of(costs[0]), of(costs[1])];
        println!(
            "{title}: {} ms {unit}, {} times the check without",
            hundredths(with / 10),
            hundredths(100 * with / without.max(1))
        );
    }
}

fn hundredths(number: u64) -> String {
    format!("{}.{:02}", number / 100, number % 100)
}

fn command(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}

fn whole_commands() -> Vec<Named> {
    let this = env::current_exe().unwrap();
    let this = this.to_str().unwrap();
    let mut commands = vec![
        ("nothing", command(&[this, "nothing"])),
        ("read", command(&[this, "read"])),
        ("read, DeTable::parse", command(&[this, "parse"])),
        ("driverc check", command(&[DRIVERC, "check", LARGE])),
        ("driverc compile", command(&[DRIVERC, "compile", LARGE])),
        ("driverc diff, no change", command(&[DRIVERC, "diff", "--against-path", ".", LARGE])),
    ];
    if cfg!(target_os = "linux") {
        let one = ["taskset", "-c", "0", DRIVERC, "check", LARGE];
        commands.push(("check, one thread", command(&one)));
    }
    commands
}

fn reporting_commands() -> Vec<Named> {
    let mut commands = whole_commands()[..3].to_vec();
    for (name, format) in
        [("check, concise", "concise"), ("check, json", "json"), ("check, full", "full")]
    {
        commands.push((name, command(&[DRIVERC, "check", "--output-format", format])));
    }
    commands
}

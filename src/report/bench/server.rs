//! States what the server does, whether the system recovers from a trigger, and which effects of a
//! change are not simulated.

use std::cmp::Reverse;

use super::{BenchEntry, BenchResults, BenchSide, Override};
use crate::{
    model::{Field, PartsPerMillion, Workload},
    simulate::{Run, Simulation},
};

/// The work that the server finishes per second.
pub(super) struct ServerWork {
    /// All attempts.
    pub(super) done: u64,
    /// The attempts that had timed out.
    pub(super) wasted: u64,
}

/// Returns the work of the server in the run with the most work on attempts that had timed out.
/// Returns `None` if the workload does not describe the server.
pub(super) fn work(entry: &BenchEntry<'_>, side: BenchSide<'_>) -> Option<ServerWork> {
    if !entry.simulation.workload.has_server() {
        return None;
    }
    let runs = side.runs().iter();
    let run = runs.max_by_key(|run| (run.counts.server_wasted, run.counts.server_done))?;
    let per_second = |count: u64| count * 1000 / run.window_ms.get();
    Some(ServerWork {
        done: per_second(run.counts.server_done),
        wasted: per_second(run.counts.server_wasted),
    })
}

/// Returns the verdict of the worst run: whether the system recovers from the trigger. Returns
/// `None` without a trigger and without runs.
pub(in crate::report) fn recovery(runs: &[Run]) -> Option<String> {
    let share = |run: &Run| {
        let parts = u128::from(run.counts.quarter_succeeded) << 64;
        parts.checked_div(run.counts.quarter_offered.into())
    };
    let runs = runs.iter().filter(|run| run.has_trigger);
    // A run without arrivals in the last quarter has no verdict.
    let worst = runs.min_by_key(|run| {
        let verdict = run.recovers();
        (Reverse(verdict.is_some()), verdict, share(run), run.seed)
    })?;
    let counts = &worst.counts;
    Some(match (worst.recovers(), worst.is_healthy_before()) {
        (None, _) => "no request arrives in the last quarter".to_owned(),
        (Some(true), _) => "recovers".to_owned(),
        (Some(false), Some(false)) => format!(
            "overloaded without the trigger: {} before it",
            succeed(counts.before_succeeded, counts.before_offered)
        ),
        (Some(false), Some(true) | None) => format!(
            "stays bad: {} in the last quarter",
            succeed(counts.quarter_succeeded, counts.quarter_offered)
        ),
    })
}

fn succeed(number: u64, offered: u64) -> String {
    let requests = if offered == 1 { "request" } else { "requests" };
    let succeed = if offered == 1 { "succeeds" } else { "succeed" };
    format!("{number} of {offered} {requests} {succeed}")
}

/// Returns one line per driver and profile about the work of the server, and one about recovery.
pub(super) fn lines(entry: &BenchEntry<'_>) -> impl Iterator<Item = String> {
    let work = work(entry, entry.result).map(|ServerWork { done, wasted }| {
        format!("server: finishes {done} attempts/s, {wasted}/s of them after their timeout")
    });
    let recovery = recovery(entry.result.runs()).map(|verdict| format!("trigger: {verdict}"));
    work.into_iter().chain(recovery)
}

/// Returns one sentence, without a full stop, per increased value and profile if the effect on the
/// server is not simulated.
pub(super) fn not_simulated(results: &BenchResults<'_>) -> Vec<String> {
    let increased = results.changes.iter().filter(|change| is_increased(change));
    let pairs = increased
        .flat_map(|change| results.entries.iter().map(move |entry| (change, entry.simulation)));
    pairs.filter_map(|(change, simulation)| note(change, simulation)).collect()
}

fn is_increased(change: &Override) -> bool {
    let [before, after] = [&change.before, &change.after].map(|value| value.parse::<u64>().ok());
    before.zip(after).is_some_and(|(before, after)| after > before)
}

/// Returns the sentence about an increased value of a contract under one workload.
fn note(change: &Override, Simulation { contract, workload }: &Simulation) -> Option<String> {
    let is_field = |field: Field| {
        change.path == format!("{}.{}.{}", Field::Driver.key(), contract.name, field.path())
    };
    let (field, (effect, keys)) = if is_field(Field::MaxAttempts) {
        (Field::MaxAttempts, missing_for_retries(workload)?)
    } else if is_field(Field::MaxInFlight) {
        (Field::MaxInFlight, missing_for_slots(workload)?)
    } else {
        return None;
    };
    let (key, profile) = (field.key(), workload.profile.label());
    Some(format!(
        "not simulated for `{profile}`: `{key}` of `{}` increases, but {effect}; {keys}",
        contract.name
    ))
}

/// Returns the effect of more retries that the workload does not describe, and the keys for it.
fn missing_for_retries(workload: &Workload) -> Option<(&'static str, &'static str)> {
    let is_described = workload.server_slots.is_some() || workload.abandoned_work.is_some();
    (!is_described).then_some((
        "the server has no limit and stops work on attempts that time out",
        "set `server_slots`, and `abandoned_work = \"cancelled\"` if the server stops such work",
    ))
}

/// Returns the effect of more slots that the workload does not describe, and the keys for it.
fn missing_for_slots(workload: &Workload) -> Option<(&'static str, &'static str)> {
    let is_described = workload.server_slots.is_some()
        || workload.contention_ppm > PartsPerMillion::LEAST
        || workload.coherence_ppm > PartsPerMillion::LEAST;
    (!is_described).then_some((
        "the server has no limit, and more attempts do not slow each other down",
        "set `server_slots`, or `contention_ppm` and `coherence_ppm`",
    ))
}

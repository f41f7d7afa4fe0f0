//! Refuses options that contradict the file.

use super::{error::ImportRefusal, run::ToolRun};
use crate::model::{Attempts, DurationMs, OpsPerSec};

/// The allowed difference between a given rate and the counts, in percent. People round times, for
/// example to `10s`.
const ROUNDED_PERCENT: u128 = 5;

/// Checks the number of timeouts. An attempt that times out is retried or makes its operation fail.
/// If a tool counts every failure, the number of timeouts is therefore at most the number of
/// failures and retries.
pub(super) fn of_timeouts(
    counts_every_failure: bool,
    run: &ToolRun,
    timeouts: u64,
    retries: u64,
) -> Result<(), ImportRefusal> {
    let is_given = run.timeouts != Some(timeouts);
    let Some(failures) = run.failures.filter(|_| is_given && counts_every_failure) else {
        return Ok(());
    };
    let most = failures.saturating_add(retries);
    if timeouts <= most {
        return Ok(());
    }
    let message = format!(
        "`--timeouts {timeouts}` is above the sum of failures in the file ({failures}) and \
         `--retries` ({retries}), {most}; each attempt that times out fails or is retried"
    );
    let help = "correct `--timeouts`, or give all retries with `--retries`";
    Err(ImportRefusal::new(message).help(help).file(0))
}

/// Checks the number of retries. No contract allows more attempts per operation than [`Attempts`].
pub(super) fn of_retries(run: &ToolRun, attempts: u64, retries: u64) -> Result<(), ImportRefusal> {
    let operations = attempts.saturating_sub(retries);
    let most = operations.saturating_mul(Attempts::MAX - 1);
    if run.retries.is_some() || retries <= most {
        return Ok(());
    }
    let message = format!(
        "`--retries {retries}` is above {most}, the maximum for {operations} operations: a \
         contract allows {} attempts per operation",
        Attempts::MAX
    );
    Err(ImportRefusal::new(message).help("correct `--retries`").file(0))
}

/// Checks that a throughput is consistent with a duration and with the minimum and maximum number
/// of operations. `flag` is the option that the help line names.
pub(super) fn of_rate(
    (least, most): (u64, u64),
    duration: DurationMs,
    throughput: OpsPerSec,
    flag: &str,
) -> Result<(), ImportRefusal> {
    let ms = u128::from(duration.get());
    let per_second = u128::from(throughput.get());
    // Counts and rates are rounded down, so the true value can be just below the next whole number.
    let fastest = (u128::from(most) + 1) * 1000 * (100 + ROUNDED_PERCENT);
    let slowest = (per_second + 1) * ms * (100 + ROUNDED_PERCENT);
    if per_second * ms * 100 <= fastest && u128::from(least) * 1000 * 100 <= slowest {
        return Ok(());
    }
    let counted = u128::from(most) * 1000 / ms;
    let message = format!(
        "the file has {most} operations in {duration}, which is {counted} ops/s, not {throughput}"
    );
    Err(ImportRefusal::new(message).help(format!("correct or leave out `{flag}`")).file(0))
}

#[cfg(test)]
mod tests {
    use super::{
        super::{
            Tool,
            run::{Percentiles, ToolRun},
        },
        *,
    };
    use crate::model::BenchmarkLatency;

    fn run(failures: Option<u64>) -> ToolRun {
        let ms = BenchmarkLatency::LEAST;
        ToolRun { failures, ..ToolRun::new(Percentiles::exact(ms, ms)) }
    }

    #[test]
    fn timed_out_attempt_is_retried_or_fails() {
        let holds = |tool: Tool, failures, timeouts| {
            of_timeouts(tool.counts_every_failure(), &run(failures), timeouts, 2).is_ok()
        };
        assert!(holds(Tool::Vegeta, Some(3), 5) && !holds(Tool::Vegeta, Some(3), 6));
        assert!(holds(Tool::Kafka, None, 6), "its failures are not counted");
        assert!(holds(Tool::Pgbench, Some(3), 6), "its log does not have all failures");
    }

    #[test]
    fn operation_has_at_most_100_attempts() {
        assert!(of_retries(&run(None), 1000, 990).is_ok());
        assert!(of_retries(&run(None), 1000, 991).is_err());
        let counted = ToolRun { retries: Some(991), ..run(None) };
        assert!(of_retries(&counted, 1000, 991).is_ok(), "what the file counts is true");
    }

    #[test]
    fn rate_must_match_counts_within_rounding() {
        let holds = |least, throughput| {
            let (ten_s, throughput) = (DurationMs::new(10_000), OpsPerSec::new(throughput));
            of_rate((least, 1000), ten_s.unwrap(), throughput.unwrap(), "--throughput").is_ok()
        };
        for (least, throughput, expected) in [
            (1000, 94, false),
            (1000, 95, true),
            (1000, 105, true),
            (1000, 106, false),
            (0, 0, true),
            (0, 106, false),
        ] {
            assert_eq!(holds(least, throughput), expected, "{least} {throughput}");
        }
    }
}

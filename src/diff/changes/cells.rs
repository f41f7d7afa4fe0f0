//! Lists the cells of each compared field.

use super::{
    Cell,
    When::{
        self, BehindCycle, BenchmarkBreaks, BudgetImpossible, ConnectReachesRequest, HadNoQueue,
        HadNoRetry, NoQueue, NoRetry, OutlastsCaller, SameBackoffs, ZeroBackoffs,
    },
};
use crate::diff::{
    Direction::{self, Add, Change, Decrease, Increase, Remove},
    Severity::{self, Breaking, Compatible, Risky},
};

/// Returns a cell without a condition.
pub(super) const fn cell(direction: Direction, severity: Severity, meaning: &'static str) -> Cell {
    Cell { direction, when: None, severity, meaning }
}

/// Returns a cell with a condition.
pub(super) const fn when(
    condition: When,
    direction: Direction,
    severity: Severity,
    meaning: &'static str,
) -> Cell {
    Cell { direction, when: Some(condition), severity, meaning }
}

const CALLER_LEAVES: &str = "a caller gives up before the driver finishes";
const LEAVES_CALLEE: &str = "the driver gives up before a driver that it calls finishes";
const CALLER_LEAVES_CALLEE: &str = "the caller gives up before a driver that it calls finishes";
const CALL_TOO_LONG: &str = "the caller gives up before the call finishes";
pub(super) const CALLER: &[Cell] = &[
    when(OutlastsCaller, Add, Breaking, CALLER_LEAVES_CALLEE),
    cell(Add, Compatible, "driverc now judges the calls of the caller"),
    cell(Remove, Risky, "driverc no longer knows how long the caller waits"),
];
pub(super) const ATTEMPT_MS: &[Cell] = &[
    cell(Increase, Compatible, "the caller waits longer for drivers"),
    when(OutlastsCaller, Decrease, Breaking, CALLER_LEAVES_CALLEE),
    cell(Decrease, Risky, "the caller gives up sooner"),
];
pub(super) const CALLER_ATTEMPTS: &[Cell] = &[
    cell(Increase, Risky, "drivers get more attempts from the caller in an outage"),
    cell(Decrease, Compatible, "drivers get fewer attempts from the caller in an outage"),
];
pub(super) const CALL: &[Cell] = &[
    when(OutlastsCaller, Add, Breaking, CALL_TOO_LONG),
    when(BehindCycle, Add, Risky, "driverc does not judge this call or any call that follows it"),
    cell(Add, Compatible, "driverc now judges the call"),
    cell(Remove, Risky, "driverc no longer judges the call"),
];
pub(super) const TIMES: &[Cell] = &[
    when(OutlastsCaller, Increase, Breaking, CALL_TOO_LONG),
    cell(Increase, Risky, "each operation of the caller requires more operations of the driver"),
    cell(
        Decrease,
        Compatible,
        "each operation of the caller requires fewer operations of the driver",
    ),
];
pub(super) const PARALLEL: &[Cell] = &[
    when(OutlastsCaller, Change, Breaking, CALL_TOO_LONG),
    cell(Change, Risky, "the operations of the call overlap differently"),
];
pub(super) const NAME: &[Cell] = &[
    cell(Change, Breaking, "code, dashboards and budgets that use the old name no longer find it"),
    when(OutlastsCaller, Add, Breaking, LEAVES_CALLEE),
    cell(Add, Compatible, "nothing uses the driver yet"),
    cell(Remove, Breaking, "callers of the driver lose it"),
];
pub(super) const CLASS: &[Cell] =
    &[cell(Change, Breaking, "the driver talks to another kind of system")];
pub(super) const PROVIDER_MODULE: &[Cell] =
    &[cell(Change, Breaking, "code that imports the old module no longer finds it")];
pub(super) const MAX_IN_FLIGHT: &[Cell] = &[
    cell(Increase, Risky, "more operations reach the server at once"),
    when(NoQueue, Decrease, Risky, "fewer operations run at once, and the driver rejects more"),
    cell(Decrease, Risky, "fewer operations run at once, and more requests wait"),
];
pub(super) const MAX_QUEUE_DEPTH: &[Cell] = &[
    when(HadNoQueue, Increase, Risky, "requests that the driver rejected now wait for a slot"),
    cell(Increase, Risky, "a longer queue hides an overload, and requests wait longer"),
    when(
        NoQueue,
        Decrease,
        Risky,
        "no request can wait: the driver rejects each request that finds no free slot",
    ),
    cell(Decrease, Risky, "the driver rejects bursts that fitted into the queue"),
];
pub(super) const CONNECT_MS: &[Cell] = &[
    when(
        ConnectReachesRequest,
        Increase,
        Risky,
        "an attempt ends before the driver gives up on a slow connection",
    ),
    cell(Increase, Risky, "an unreachable server keeps an attempt and its caller waiting longer"),
    cell(Decrease, Risky, "connections that are slow to open now fail"),
];
pub(super) const REQUEST_MS: &[Cell] = &[
    when(OutlastsCaller, Increase, Breaking, CALLER_LEAVES),
    when(OutlastsCaller, Decrease, Breaking, LEAVES_CALLEE),
    cell(
        Increase,
        Risky,
        "an attempt that hangs occupies its slot longer and keeps its caller waiting longer",
    ),
    when(NoRetry, Decrease, Risky, "slow attempts now time out, and their operations fail"),
    cell(Decrease, Risky, "slow attempts now time out, and the driver retries them"),
];
pub(super) const IDLE_MS: &[Cell] = &[
    cell(
        Increase,
        Risky,
        "the server or a load balancer can close an idle connection before the driver does",
    ),
    cell(Decrease, Risky, OPENS_MORE_OFTEN),
];
pub(super) const QUEUE_MS: &[Cell] = &[
    cell(Increase, Risky, "requests wait longer for a slot before the driver rejects them"),
    cell(Decrease, Risky, "the driver rejects requests after a shorter wait for a slot"),
    cell(Add, Risky, "the driver now rejects requests that wait this long for a slot"),
    cell(Remove, Risky, "only `request_ms` limits the wait for a slot"),
];
pub(super) const DEADLINE_MS: &[Cell] = &[
    when(OutlastsCaller, Increase, Breaking, CALLER_LEAVES),
    when(OutlastsCaller, Remove, Breaking, CALLER_LEAVES),
    cell(Increase, Risky, "a failing operation keeps its caller waiting longer"),
    cell(Decrease, Risky, "operations end earlier, and fewer attempts fit"),
    cell(Add, Risky, "operations now end at the deadline"),
    cell(Remove, Risky, "operations can take as long as all their attempts and backoffs together"),
];
pub(super) const LIFETIME_MS: &[Cell] = &[
    cell(Increase, Risky, "the driver moves to new servers and credentials later"),
    cell(Decrease, Risky, OPENS_MORE_OFTEN),
    cell(Add, Risky, OPENS_MORE_OFTEN),
    cell(Remove, Risky, "a busy connection can stay open forever"),
];
pub(super) const MAX_ATTEMPTS: &[Cell] = &[
    when(OutlastsCaller, Increase, Breaking, CALLER_LEAVES),
    when(
        HadNoRetry,
        Increase,
        Risky,
        "the driver starts to retry: retries add load in an outage, and callers wait longer",
    ),
    cell(Increase, Risky, "more retries add load in an outage, and callers wait longer"),
    when(NoRetry, Decrease, Risky, "the driver stops retrying: the first error is final"),
    cell(Decrease, Risky, "an operation fails after fewer attempts"),
];
const OPENS_MORE_OFTEN: &str = "the driver opens connections more often";
const OTHER_GROWTH: &str = "backoffs grow at a different rate";
const NEVER_RETRIES: &str = "the driver does not retry";
const SAME_BACKOFFS: &str = "every backoff stays the same";
const NOTHING_TO_SPREAD: &str = "every backoff is 0 ms, so there is nothing to spread";
const FIRST_BACKOFF: &str = "the driver starts to retry, with this backoff";
pub(super) const BACKOFF: &[Cell] = &[
    when(OutlastsCaller, Increase, Breaking, CALLER_LEAVES),
    when(NoRetry, Increase, Compatible, NEVER_RETRIES),
    when(SameBackoffs, Increase, Compatible, SAME_BACKOFFS),
    when(HadNoRetry, Increase, Risky, FIRST_BACKOFF),
    cell(
        Increase,
        Risky,
        "retries come later, and a failing operation keeps its caller waiting longer",
    ),
    when(NoRetry, Decrease, Compatible, NEVER_RETRIES),
    when(SameBackoffs, Decrease, Compatible, SAME_BACKOFFS),
    when(HadNoRetry, Decrease, Risky, FIRST_BACKOFF),
    cell(Decrease, Risky, "retries come sooner, before the server has recovered"),
];
pub(super) const JITTER_PERCENT: &[Cell] = &[
    when(NoRetry, Increase, Compatible, NEVER_RETRIES),
    when(ZeroBackoffs, Increase, Compatible, NOTHING_TO_SPREAD),
    when(HadNoRetry, Increase, Compatible, "the driver starts to retry, with this jitter"),
    cell(Increase, Compatible, "retries of many callers spread wider"),
    when(NoRetry, Decrease, Compatible, NEVER_RETRIES),
    when(ZeroBackoffs, Decrease, Compatible, NOTHING_TO_SPREAD),
    when(HadNoRetry, Decrease, Risky, "the driver starts to retry, with this jitter"),
    cell(Decrease, Risky, "retries of many callers come closer together"),
];
pub(super) const MULTIPLIER_PERCENT: &[Cell] = &[
    when(OutlastsCaller, Increase, Breaking, CALLER_LEAVES),
    when(OutlastsCaller, Add, Breaking, CALLER_LEAVES),
    when(OutlastsCaller, Remove, Breaking, CALLER_LEAVES),
    when(NoRetry, Increase, Compatible, NEVER_RETRIES),
    when(SameBackoffs, Increase, Compatible, SAME_BACKOFFS),
    when(HadNoRetry, Increase, Risky, FIRST_BACKOFF),
    cell(
        Increase,
        Risky,
        "backoffs grow faster, and a failing operation keeps its caller waiting longer",
    ),
    when(NoRetry, Decrease, Compatible, NEVER_RETRIES),
    when(SameBackoffs, Decrease, Compatible, SAME_BACKOFFS),
    when(HadNoRetry, Decrease, Risky, FIRST_BACKOFF),
    cell(Decrease, Risky, "backoffs grow more slowly, so retries come sooner"),
    when(NoRetry, Add, Compatible, NEVER_RETRIES),
    when(SameBackoffs, Add, Compatible, SAME_BACKOFFS),
    when(HadNoRetry, Add, Risky, FIRST_BACKOFF),
    cell(Add, Risky, OTHER_GROWTH),
    when(NoRetry, Remove, Compatible, NEVER_RETRIES),
    when(SameBackoffs, Remove, Compatible, SAME_BACKOFFS),
    when(HadNoRetry, Remove, Risky, FIRST_BACKOFF),
    cell(Remove, Risky, OTHER_GROWTH),
];
pub(super) const RETRY_BUDGET: &[Cell] = &[
    when(NoRetry, Increase, Compatible, NEVER_RETRIES),
    cell(Increase, Risky, "more requests can retry at once, which adds load in an outage"),
    when(NoRetry, Decrease, Compatible, NEVER_RETRIES),
    cell(Decrease, Risky, "more operations fail without a retry in an outage"),
    when(NoRetry, Add, Compatible, NEVER_RETRIES),
    cell(Add, Risky, "a different number of requests can retry at once"),
    when(NoRetry, Remove, Compatible, NEVER_RETRIES),
    cell(Remove, Risky, "a different number of requests can retry at once"),
];
pub(super) const METRIC: &[Cell] =
    &[cell(Change, Breaking, "dashboards and alerts that read the old metric find no data")];
pub(super) const CAPABILITIES: &[Cell] = &[
    when(
        BenchmarkBreaks,
        Add,
        Risky,
        "the budget of its profile applies, and a recorded benchmark does not pass",
    ),
    cell(Add, Compatible, "the driver promises more"),
    cell(Remove, Breaking, "callers that rely on the capability lose it"),
];
pub(super) const SUPPORT_TIER: &[Cell] = &[
    cell(Increase, Compatible, "the driver gets better support"),
    cell(Decrease, Breaking, "the driver gets less support"),
    cell(Change, Risky, "`support_tiers` does not say which tier is better"),
];
pub(super) const TUNING_GUIDE: &[Cell] =
    &[cell(Change, Compatible, "only the documentation moved")];
const TIGHTENED: &str = "the budget is tightened";
const TIGHTENED_TOO_FAR: &str =
    "the budget is tightened, and a recorded benchmark no longer passes";
const LOOSENED: &str = "the budget is loosened";
const LIMITED: &str = "a new limit applies";
const LIMITED_TOO_FAR: &str = "a new limit applies, and a recorded benchmark does not pass";
const UNLIMITED: &str = "the limit no longer applies";
const TIGHTENED_BEYOND: &str =
    "the budget is tightened, and its workload makes it impossible to meet";
const LIMITED_BEYOND: &str = "a new limit applies, and its workload makes it impossible to meet";
pub(super) const CEILING: &[Cell] = &[
    cell(Increase, Risky, LOOSENED),
    when(BenchmarkBreaks, Decrease, Risky, TIGHTENED_TOO_FAR),
    when(BudgetImpossible, Decrease, Risky, TIGHTENED_BEYOND),
    cell(Decrease, Compatible, TIGHTENED),
    when(BenchmarkBreaks, Add, Risky, LIMITED_TOO_FAR),
    when(BudgetImpossible, Add, Risky, LIMITED_BEYOND),
    cell(Add, Compatible, LIMITED),
    cell(Remove, Risky, UNLIMITED),
];
pub(super) const FLOOR: &[Cell] = &[
    when(BenchmarkBreaks, Increase, Risky, TIGHTENED_TOO_FAR),
    when(BudgetImpossible, Increase, Risky, TIGHTENED_BEYOND),
    cell(Increase, Compatible, TIGHTENED),
    cell(Decrease, Risky, LOOSENED),
    when(BenchmarkBreaks, Add, Risky, LIMITED_TOO_FAR),
    when(BudgetImpossible, Add, Risky, LIMITED_BEYOND),
    cell(Add, Compatible, LIMITED),
    cell(Remove, Risky, UNLIMITED),
];
const WORSE: &str = "the measured figure is worse";
const BETTER: &str = "the measured figure is better";
const MORE_EVIDENCE: &str = "the benchmark proves more";
const LESS_EVIDENCE: &str = "the benchmark is less conclusive";
const BREAKS: &str = "the benchmark no longer passes its budget";
pub(super) const BENCHMARK: &[Cell] = &[
    when(BenchmarkBreaks, Add, Risky, "the new benchmark does not pass its budget"),
    cell(Add, Compatible, MORE_EVIDENCE),
    cell(Remove, Risky, LESS_EVIDENCE),
];
pub(super) const MEASURED: &[Cell] =
    &[cell(Increase, Risky, WORSE), cell(Decrease, Compatible, BETTER)];
pub(super) const MEASURED_THROUGHPUT: &[Cell] =
    &[cell(Increase, Compatible, BETTER), cell(Decrease, Risky, WORSE)];
pub(super) const MEASURED_TOO: &[Cell] = &[
    cell(Increase, Risky, WORSE),
    when(BenchmarkBreaks, Decrease, Risky, BREAKS),
    cell(Decrease, Compatible, BETTER),
    when(BenchmarkBreaks, Add, Risky, BREAKS),
    cell(Add, Compatible, MORE_EVIDENCE),
    cell(Remove, Risky, LESS_EVIDENCE),
];
pub(super) const EVIDENCE: &[Cell] = &[
    when(BenchmarkBreaks, Increase, Risky, BREAKS),
    cell(Increase, Compatible, MORE_EVIDENCE),
    cell(Decrease, Risky, LESS_EVIDENCE),
    when(BenchmarkBreaks, Add, Risky, BREAKS),
    cell(Add, Compatible, MORE_EVIDENCE),
    cell(Remove, Risky, LESS_EVIDENCE),
];
pub(super) const DURATION_MS: &[Cell] = &[
    cell(Increase, Compatible, "the measurement is longer"),
    cell(Decrease, Risky, "the measurement is shorter"),
    cell(Add, Compatible, "the duration is now known"),
    cell(Remove, Risky, "the duration is no longer known"),
];
pub(super) const LOOP: &[Cell] = &[
    cell(Change, Risky, "the figures are measured under another load"),
    cell(Add, Compatible, MORE_EVIDENCE),
    cell(Remove, Risky, LESS_EVIDENCE),
];
pub(super) const ORIGIN: &[Cell] = &[
    cell(Change, Compatible, "the benchmark was repeated"),
    cell(Add, Compatible, MORE_EVIDENCE),
    cell(Remove, Risky, LESS_EVIDENCE),
];
pub(super) const CONTRACT: &[Cell] = &[
    cell(Change, Compatible, "the benchmark measured another version of the contract"),
    cell(Add, Compatible, MORE_EVIDENCE),
    cell(Remove, Risky, LESS_EVIDENCE),
];
pub(super) const WAIVER: &[Cell] = &[
    cell(Add, Risky, "findings that were reported are now waived"),
    cell(Remove, Compatible, "waived findings are reported again"),
];
pub(super) const WAIVER_TEXT: &[Cell] =
    &[cell(Change, Compatible, "the same findings stay waived")];
pub(super) const WAIVED_FIELD: &[Cell] = &[
    cell(Change, Risky, "findings of another field are waived"),
    cell(Add, Compatible, "only findings of one field stay waived"),
    cell(Remove, Risky, "findings of every field are waived"),
];
pub(super) const EXPIRES: &[Cell] = &[
    cell(Increase, Risky, "findings stay waived for longer"),
    cell(Decrease, Compatible, "waived findings are reported again sooner"),
];
const SIMULATED: &str = "the driver is simulated for the first time";
const NOT_SIMULATED: &str = "the driver is no longer simulated";
pub(super) const LOAD: &[Cell] = &[
    cell(Change, Risky, "the figures are simulated under another load"),
    cell(Add, Compatible, SIMULATED),
    cell(Remove, Risky, NOT_SIMULATED),
];
pub(super) const WARMUP_MS: &[Cell] = &[
    cell(Increase, Risky, "the figures leave out more of the start"),
    cell(Decrease, Compatible, "the figures leave out less of the start"),
    cell(Add, Compatible, SIMULATED),
    cell(Remove, Risky, NOT_SIMULATED),
];
const HARDER: &str = "the driver is simulated under a harder load";
const HARDER_BEYOND: &str =
    "the driver is simulated under a harder load, and a budget is impossible to meet";
const EASIER: &str = "the driver is simulated under an easier load";
pub(super) const SERVER_SLOTS: &[Cell] = &[
    cell(Decrease, Compatible, HARDER),
    cell(Increase, Risky, EASIER),
    cell(Change, Risky, "the figures are simulated with another server"),
    cell(Add, Compatible, SIMULATED),
    cell(Remove, Risky, NOT_SIMULATED),
];
pub(super) const HARDNESS: &[Cell] = &[
    when(BudgetImpossible, Increase, Risky, HARDER_BEYOND),
    cell(Increase, Compatible, HARDER),
    cell(Decrease, Risky, EASIER),
    cell(Add, Compatible, SIMULATED),
    cell(Remove, Risky, NOT_SIMULATED),
];

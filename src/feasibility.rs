//! Computes whether a budget is certain, possible or impossible to meet.
//!
//! Arithmetic uses whole numbers and rounds to the cautious side. Results apply to runs that are as
//! long as the workload's `duration_ms`, and leave a margin for chance. The rule pages contain the
//! derivations.

mod certain;
mod impossible;

use std::fmt;

pub use self::certain::Certain;
use crate::{
    model::{
        BasisPoints, BenchmarkProfile, Budget, DriverContract, EffectiveWorkload, LatencyLimit,
        Limit, MaxInFlight, OpsPerSec, RequestMs, WHOLE, Workload,
    },
    workspace::Workspace,
};

/// The results for one driver and profile, computed without a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Feasibility {
    /// The throughput that the budget requires.
    pub required: OpsPerSec,
    /// The throughput that the slots sustain.
    pub certain: Certain,
    /// How much of the budget is guaranteed.
    pub guarantee: Guarantee,
    /// The limits that cannot be met. Empty if none is known to be impossible.
    pub conflicts: Vec<Conflict>,
}

/// The guarantee for a driver under its workload.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Guarantee {
    /// Every limit is met in any run under the workload.
    Always,
    /// The throughput is met if the slots suffice. Either there is no workload, or enough
    /// operations arrive and succeed under the workload.
    IfSlotsSuffice,
    /// Too few operations arrive and succeed to guarantee the throughput.
    Unknown,
}

/// The overall result for a driver and profile.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outlook {
    /// [`Guarantee::Always`] applies.
    Certain,
    /// The slots sustain the required throughput if the driver stays within its other limits. If
    /// there is a workload, enough operations arrive under the workload.
    SlotsSuffice,
    /// A limit cannot be met under the workload.
    Impossible,
    /// Only a benchmark can tell.
    Open,
}

impl Outlook {
    /// Returns the label in a table.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Certain => "certain",
            Self::SlotsSuffice => "slots suffice",
            Self::Impossible => "impossible",
            Self::Open => "open",
        }
    }
}

/// A limit that a workload makes impossible to meet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Conflict {
    /// Too few operations can succeed in the measurement window.
    Offered {
        /// The required throughput.
        required: OpsPerSec,
        /// The mean number of operations per second that can succeed in the measurement window.
        most: u128,
        /// Whether some operations fail in all their attempts.
        failing: bool,
    },
    /// The required operations need more slots than the driver has.
    Slots {
        /// The required throughput.
        required: OpsPerSec,
        /// The number of slots.
        slots: MaxInFlight,
        /// The minimum time for which a successful operation occupies slots, summed over all its
        /// attempts.
        hold_us: u128,
        /// The maximum number of operations per second that the slots sustain.
        most: u128,
    },
    /// A percentile of the service time exceeds the limit of the latency, even without any other
    /// delay.
    Latency {
        /// The percentile, 95 or 99.
        percent: u64,
        /// The limit.
        limit: LatencyLimit,
        /// The percentile of the service time.
        service_us: u64,
    },
    /// More attempts than the budget allows take longer to serve than `request_ms`.
    Timeouts {
        /// The limit.
        limit: BasisPoints,
        /// The longest time of one attempt.
        request: RequestMs,
        /// The minimum share of attempts that time out, rounded up in the same way as in
        /// benchmarks.
        least_bps: u128,
    },
    /// Fast failures cause more retries than the budget allows.
    Retries {
        /// The limit.
        limit: BasisPoints,
        /// The share of attempts that fail fast.
        errors: BasisPoints,
        /// The minimum share of attempts that are retries, rounded up in the same way as in
        /// benchmarks.
        least_bps: u128,
    },
}

impl Conflict {
    /// Returns the limit that cannot be met.
    pub const fn limit(&self) -> Limit {
        match self {
            Self::Offered { .. } | Self::Slots { .. } => Limit::Throughput,
            Self::Latency { percent: 99, .. } => Limit::P99Latency,
            Self::Latency { .. } => Limit::P95Latency,
            Self::Timeouts { .. } => Limit::TimeoutRate,
            Self::Retries { .. } => Limit::RetryRate,
        }
    }
}

/// A share in basis points: `199 bps (1.99%)`.
struct Share(u128);

impl fmt::Display for Share {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(bps) = self;
        write!(formatter, "{bps} bps ({}.{:02}%)", bps / 100, bps % 100)
    }
}

/// The inequality with its figures, in one line.
impl fmt::Display for Conflict {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Offered { required, most, failing } => {
                let what = if *failing { "succeed" } else { "arrive" };
                write!(formatter, "{required} are required, but only {most} ops/s {what}")
            }
            Self::Slots { required, slots, hold_us, most } => {
                let sustain = if slots.get() == 1 { "slot sustains" } else { "slots sustain" };
                write!(
                    formatter,
                    "{required} are required, but {slots} {sustain} at most {most} ops/s, because \
                     each operation uses a slot for at least {hold_us} µs"
                )
            }
            Self::Latency { percent, limit, service_us } => {
                let key = self.limit().field().key_in(limit.unit());
                write!(
                    formatter,
                    "`{key}` is {limit}, but the p{percent} service time alone is \
                     {service_us} µs"
                )
            }
            Self::Timeouts { limit, request, least_bps } => write!(
                formatter,
                "`max_timeout_rate_bps` is {limit}, but {} of attempts take longer than {request} \
                 to serve",
                Share(*least_bps)
            ),
            Self::Retries { limit, errors, least_bps } => write!(
                formatter,
                "`max_retry_rate_bps` is {limit}, but an error rate of {errors} causes a retry \
                 rate of {}",
                Share(*least_bps)
            ),
        }
    }
}

impl Feasibility {
    /// Returns the results for a driver of a workspace, or `None` if no complete budget applies.
    pub fn in_workspace(
        workspace: &Workspace,
        contract: &DriverContract,
        profile: BenchmarkProfile,
    ) -> Option<Self> {
        let budget = workspace.applying_budget(contract, profile)?.complete()?;
        let workload = workspace.effective_workload(contract, profile);
        let workload = workload.as_ref().and_then(EffectiveWorkload::complete);
        Some(Self::of(contract, &budget, workload.as_ref()))
    }

    /// Returns the results for a driver under a budget, and under a workload if there is one.
    pub fn of(contract: &DriverContract, budget: &Budget, workload: Option<&Workload>) -> Self {
        Self {
            required: budget.min_throughput_ops_per_sec,
            certain: Certain::of(contract, budget, workload),
            guarantee: workload.map_or(Guarantee::IfSlotsSuffice, |workload| {
                if certain::is_sure(contract, budget, workload) {
                    Guarantee::Always
                } else if certain::is_offered(contract, budget, workload) {
                    Guarantee::IfSlotsSuffice
                } else {
                    Guarantee::Unknown
                }
            }),
            conflicts: workload.map_or_else(Vec::new, |workload| {
                impossible::conflicts(contract, budget, workload)
            }),
        }
    }

    /// Returns the overall result.
    pub fn outlook(&self) -> Outlook {
        let suffice = self.certain.ops_per_sec >= self.required.get();
        match self.guarantee {
            _ if !self.conflicts.is_empty() => Outlook::Impossible,
            Guarantee::Always => Outlook::Certain,
            Guarantee::IfSlotsSuffice if suffice => Outlook::SlotsSuffice,
            Guarantee::IfSlotsSuffice | Guarantee::Unknown => Outlook::Open,
        }
    }
}

/// Returns the maximum share of operations that fail because of errors, in parts of [`WHOLE`].
fn failing(contract: &DriverContract, workload: &Workload) -> u128 {
    if contract.can_skip_retries() {
        return u128::from(workload.error_bps.get()) * (WHOLE / BASIS);
    }
    error_power(contract, workload)
}

/// Returns the share of operations whose attempts all fail fast, in parts of [`WHOLE`], rounded
/// down.
fn error_power(contract: &DriverContract, workload: &Workload) -> u128 {
    let share = u128::from(workload.error_bps.get());
    let attempts = contract.retry_policy.max_attempts.get();
    (0..attempts).fold(WHOLE, |power, _| power * share / BASIS)
}

/// The maximum mean number of retries per operation, as a fraction.
///
/// If a share r of all attempts are retries, there are r / (1 − r) retries per first attempt. The
/// contract's `max_attempts` also limits them.
#[derive(Clone, Copy)]
struct Retries {
    number: u128,
    of: u128,
}

const BASIS: u128 = 10_000;

impl Retries {
    fn allowed(contract: &DriverContract, budget: &Budget) -> Self {
        let most = u128::from(contract.retry_policy.max_attempts.get() - 1);
        let share = u128::from(budget.max_retry_rate_bps.get());
        if share >= (BASIS - share) * most {
            Self { number: most, of: 1 }
        } else {
            Self { number: share, of: BASIS - share }
        }
    }
}

//! Whether a budget can be kept at all: what the places of a contract carry, what is kept for
//! certain, and what a workload makes impossible.
//!
//! Whole numbers only, and every rounding goes the way in which less is claimed. What is called
//! certain or impossible is so of runs as long as the workload says, with room for chance; the
//! rules' pages have the derivations.

mod certain;
mod impossible;

use std::fmt;

pub use self::certain::Certain;
use crate::{
    model::{
        BasisPoints, BenchmarkProfile, Budget, DriverContract, EffectiveWorkload, Limit,
        MaxInFlight, MaxP95LatencyMs, OpsPerSec, RequestMs, WHOLE, Workload,
    },
    workspace::Workspace,
};

/// What can be said of one driver under one profile before anything runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Feasibility {
    /// The throughput that the budget requires.
    pub required: OpsPerSec,
    /// What the places carry.
    pub certain: Certain,
    /// How far the throughput is known to be kept.
    pub guarantee: Guarantee,
    /// Why the budget cannot be kept; none where nothing is known against it.
    pub conflicts: Vec<Conflict>,
}

/// How far the throughput is known to be kept, if the places suffice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Guarantee {
    /// It is, and every other limit, in any run under the workload.
    Always,
    /// There is no workload, or enough arrives and does not fail for good.
    IfSlotsSuffice,
    /// Too little arrives, or too much of it fails for good, to say so.
    Unknown,
}

/// The sum of what can be said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outlook {
    /// Every limit is kept, in any run under the workload.
    Certain,
    /// The places carry what is required, whatever is within the other limits; and under the
    /// workload, if there is one, enough arrives.
    SlotsSuffice,
    /// A limit cannot be kept under the workload.
    Impossible,
    /// It takes a benchmark to say.
    Open,
}

impl Outlook {
    /// The word in a table.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Certain => "certain",
            Self::SlotsSuffice => "slots suffice",
            Self::Impossible => "impossible",
            Self::Open => "open",
        }
    }
}

/// A limit that a workload makes impossible to keep.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Conflict {
    /// Fewer operations can end in the window than are required.
    Offered {
        /// The throughput that is required.
        required: OpsPerSec,
        /// The operations a second that can end in the window on average, with success.
        most: u128,
        /// Whether some of them fail for good.
        failing: bool,
    },
    /// The operations that are required take more places than there are.
    Places {
        /// The throughput that is required.
        required: OpsPerSec,
        /// The places in flight.
        places: MaxInFlight,
        /// How long a successful operation takes a place, all its attempts together, at least.
        hold_us: u128,
        /// The operations a second that the places carry.
        most: u128,
    },
    /// The service alone is slower than the limit.
    Latency {
        /// The limit.
        limit: MaxP95LatencyMs,
        /// The 95th percentile of the service time.
        service_us: u64,
    },
    /// More attempts than the budget allows take longer to serve than `request_ms`.
    Timeouts {
        /// The limit.
        limit: BasisPoints,
        /// What ends an attempt.
        request: RequestMs,
        /// The share of attempts that time out at least, rounded up as benchmarks are.
        least_bps: u128,
    },
    /// More attempts are retries of attempts that fail fast.
    Retries {
        /// The limit.
        limit: BasisPoints,
        /// The share of attempts that fail fast.
        errors: BasisPoints,
        /// The share of attempts that are retries at least, rounded up as benchmarks are.
        least_bps: u128,
    },
}

impl Conflict {
    /// The limit that cannot be kept.
    pub const fn limit(&self) -> Limit {
        match self {
            Self::Offered { .. } | Self::Places { .. } => Limit::Throughput,
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
            Self::Places { required, places, hold_us, most } => {
                let slots = if places.get() == 1 { "slot sustains" } else { "slots sustain" };
                write!(
                    formatter,
                    "{required} are required, but {places} {slots} at most {most} ops/s, because \
                     each operation uses a slot for at least {hold_us} µs"
                )
            }
            Self::Latency { limit, service_us } => {
                write!(
                    formatter,
                    "`max_p95_latency_ms` is {limit}, but the p95 service time alone is \
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
    /// What can be said of a driver of a workspace under a profile; none without a complete budget
    /// that applies.
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

    /// What can be said of a driver under a budget, and of a workload where there is one.
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

    /// The sum of it.
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

/// The largest share of operations that fail for good because of errors, in parts of [`WHOLE`].
fn failing(contract: &DriverContract, workload: &Workload) -> u128 {
    if contract.can_skip_retries() {
        return u128::from(workload.error_bps.get()) * (WHOLE / BASIS);
    }
    error_power(contract, workload)
}

/// The share of operations of which all attempts fail fast, in parts of [`WHOLE`], rounded down.
fn error_power(contract: &DriverContract, workload: &Workload) -> u128 {
    let share = u128::from(workload.error_bps.get());
    let attempts = contract.retry_policy.max_attempts.get();
    (0..attempts).fold(WHOLE, |power, _| power * share / BASIS)
}

/// How many retries an operation may need on average: a fraction.
///
/// With a share r of retries among the attempts there are r / (1 − r) for each first attempt; and
/// never more than the contract allows to each operation.
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

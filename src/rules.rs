//! The rules over contracts, and the one table of everything that driverc can say.
//!
//! A rule is a value: a name with its page, and a pure function over the model. It names places
//! by contract path and never sees a document.

mod budget_impossible;
mod budget_missing_profile;
mod budget_not_certain;
mod budget_p95_vacuous;
mod budget_profile_inverted;
mod budget_retry_below_timeout;
mod budget_retry_dead;
mod budget_retry_loose;
mod budget_throughput_zero;
mod budget_timeout_loose;
mod capability_profile_mismatch;
mod capability_required_missing;
mod capability_resume_without_idempotence;
pub(crate) mod change;
mod concurrency_columnar_inserts;
mod concurrency_kafka_idempotence;
mod concurrency_pool_oversized;
mod concurrency_unbounded;
mod evidence;
mod metric;
mod metric_counter_suffix;
mod metric_deprecated;
mod metric_dialect_mixed;
mod metric_gauge_total;
mod metric_name_syntax;
mod metric_reserved_namespace;
mod metric_role_collision;
mod metric_shared_across_drivers;
mod metric_unit_suffix;
mod name_duplicate;
mod name_near_duplicate;
mod partial;
mod pick;
mod provider;
mod provider_module_invalid;
mod provider_module_shared;
mod queue_drain_exceeds_timeout;
mod queue_too_deep;
mod queue_zero;
mod retry_amplification;
mod retry_attempts_high;
mod retry_backoff_cap_unreachable;
mod retry_backoff_inverted;
mod retry_backoff_shorter_than_latency;
mod retry_backoff_zero;
mod retry_jitter_low;
mod retry_no_jitter;
mod retry_non_idempotent_write;
mod run;
mod sample_coordinated_omission;
mod sample_latency_exceeds_policy;
mod sample_littles_law;
mod sample_missing;
mod sample_percentile_inverted;
mod sample_retry_impossible;
mod sample_stale;
mod sample_too_few;
mod sample_without_bound;
mod sample_without_budget;
pub(crate) mod silence;
mod support_tier_unknown;
mod support_tier_without_budget;
mod timeout_below_replica_lag;
mod timeout_connect_below_syn_retry;
mod timeout_connect_exceeds_request;
mod timeout_connect_excessive;
mod timeout_deadline_loose;
mod timeout_deadline_tight;
mod timeout_idle_beyond_server;
mod tuning_guide_missing;
mod view;

use self::view::limit_at;
pub use self::{
    evidence::{Asked, Evidence, EvidenceView, KnownContracts, check_evidence},
    pick::{Common, Pick},
    run::check,
    view::{BenchmarkView, BudgetView, DriverView, DriversView},
};
pub use crate::configuration::retired::{RETIRED, Retired, find_retired};
use crate::{
    configuration::retired::RULE_RETIRED,
    finding::{Finding, Level, Parameter, Place, Rule, Safety, Subject, rule},
    model::{DriverContract, Field},
    toml::rules as reader,
    workspace::Configuration,
};

/// A rule with the function that checks it.
#[derive(Debug)]
pub struct Lint {
    /// The rule.
    pub rule: &'static Rule,
    /// How it is checked.
    pub check: Check,
}

/// What a rule looks at.
#[derive(Clone, Copy, Debug)]
pub enum Check {
    /// The documents themselves: the reader checks it.
    Reader,
    /// Comments and waivers that accept findings: checked after all the others.
    Acceptance,
    /// Two states of the contracts: checked where they are compared.
    Difference,
    /// One driver with the budgets that apply to it.
    Driver(fn(&DriverView<'_>, &mut Findings)),
    /// One declared scope of a budget.
    Budget(fn(&BudgetView<'_>, &mut Findings)),
    /// One benchmark with the contract of its driver.
    Benchmark(fn(&BenchmarkView<'_>, &mut Findings)),
    /// One driver under one profile with its samples, where somebody asks for them:
    /// [`check_evidence`].
    Evidence(fn(&EvidenceView<'_>, &mut Findings)),
    /// Several drivers together, those that are picked out of all.
    Drivers(Pick, fn(&DriversView<'_>, &mut Findings)),
}

/// The findings of a run, at the levels that the project has decided.
#[derive(Debug)]
pub struct Findings {
    items: Vec<Finding<Place>>,
    level: Level,
}

impl Default for Findings {
    fn default() -> Self {
        Self { items: Vec::new(), level: Level::Error }
    }
}

impl Findings {
    /// Adds a finding of the rule that is being checked.
    pub fn push(&mut self, finding: Finding<Place>) {
        self.items.push(Finding { level: self.level, ..finding });
    }
}

/// Everything that driverc can say, by name.
pub static ALL: &[Lint] = &[
    budget_impossible::LINT,
    Lint::reader(&reader::BUDGET_INCOMPLETE),
    budget_missing_profile::LINT,
    budget_not_certain::LINT,
    budget_p95_vacuous::LINT,
    budget_profile_inverted::LINT,
    budget_retry_below_timeout::LINT,
    budget_retry_dead::LINT,
    budget_retry_loose::LINT,
    budget_throughput_zero::LINT,
    budget_timeout_loose::LINT,
    capability_profile_mismatch::LINT,
    capability_required_missing::LINT,
    capability_resume_without_idempotence::LINT,
    concurrency_columnar_inserts::LINT,
    concurrency_kafka_idempotence::LINT,
    concurrency_pool_oversized::LINT,
    concurrency_unbounded::LINT,
    Lint::difference(&change::CONTRACT_BROKEN),
    Lint::difference(&change::CONTRACT_WEAKENED),
    Lint::reader(&reader::DUPLICATE_DECLARATION),
    Lint::reader(&reader::DUPLICATE_ITEM),
    Lint::reader(&reader::FILE_TOO_LARGE),
    Lint::reader(&reader::INVALID_TEXT),
    Lint::reader(&reader::INVALID_UTF8),
    metric_counter_suffix::LINT,
    metric_deprecated::LINT,
    metric_dialect_mixed::LINT,
    metric_gauge_total::LINT,
    metric_name_syntax::LINT,
    metric_reserved_namespace::LINT,
    metric_role_collision::LINT,
    metric_shared_across_drivers::LINT,
    metric_unit_suffix::LINT,
    Lint::reader(&reader::MISSING_KEY),
    name_duplicate::LINT,
    name_near_duplicate::LINT,
    Lint::reader(&reader::OUT_OF_RANGE),
    Lint::reader(&reader::PATH_OUTSIDE_PROJECT),
    provider_module_invalid::LINT,
    provider_module_shared::LINT,
    queue_drain_exceeds_timeout::LINT,
    queue_too_deep::LINT,
    queue_zero::LINT,
    retry_amplification::LINT,
    retry_attempts_high::LINT,
    retry_backoff_cap_unreachable::LINT,
    retry_backoff_inverted::LINT,
    retry_backoff_shorter_than_latency::LINT,
    retry_backoff_zero::LINT,
    retry_jitter_low::LINT,
    retry_no_jitter::LINT,
    retry_non_idempotent_write::LINT,
    Lint::acceptance(&RULE_RETIRED),
    sample_coordinated_omission::LINT,
    sample_latency_exceeds_policy::LINT,
    sample_littles_law::LINT,
    sample_missing::LINT,
    sample_percentile_inverted::LINT,
    sample_retry_impossible::LINT,
    sample_stale::LINT,
    sample_too_few::LINT,
    sample_without_bound::LINT,
    sample_without_budget::LINT,
    support_tier_unknown::LINT,
    support_tier_without_budget::LINT,
    Lint::acceptance(&silence::SUPPRESSION_MALFORMED),
    Lint::acceptance(&silence::SUPPRESSION_UNKNOWN_RULE),
    Lint::acceptance(&silence::SUPPRESSION_UNUSED),
    Lint::acceptance(&silence::SUPPRESSION_WITHOUT_REASON),
    Lint::reader(&reader::SYNTAX),
    timeout_below_replica_lag::LINT,
    timeout_connect_below_syn_retry::LINT,
    timeout_connect_exceeds_request::LINT,
    timeout_connect_excessive::LINT,
    timeout_deadline_loose::LINT,
    timeout_deadline_tight::LINT,
    timeout_idle_beyond_server::LINT,
    Lint::reader(&reader::TOO_MANY_FINDINGS),
    tuning_guide_missing::LINT,
    Lint::reader(&reader::UNKNOWN_DRIVER),
    Lint::reader(&reader::UNKNOWN_KEY),
    Lint::reader(&reader::UNKNOWN_WORD),
    Lint::acceptance(&silence::WAIVER_EXPIRED),
    Lint::acceptance(&silence::WAIVER_UNKNOWN_RULE),
    Lint::acceptance(&silence::WAIVER_UNUSED),
    Lint::reader(&reader::WORKLOAD_INCOMPLETE),
    Lint::reader(&reader::WORKLOAD_TOO_LARGE),
    Lint::reader(&reader::WRONG_TYPE),
];

impl Lint {
    const fn reader(rule: &'static Rule) -> Self {
        Self { rule, check: Check::Reader }
    }

    const fn acceptance(rule: &'static Rule) -> Self {
        Self { rule, check: Check::Acceptance }
    }

    const fn difference(rule: &'static Rule) -> Self {
        Self { rule, check: Check::Difference }
    }
}

/// The rule with this name, if there is one.
pub fn find(name: &str) -> Option<&'static Rule> {
    ALL.iter().map(|lint| lint.rule).find(|rule| rule.name == name)
}

/// Whether a rule is about reading: nothing turns it off, and nothing accepts its findings.
pub fn is_of_reader(rule: &Rule) -> bool {
    ALL.iter().any(|lint| lint.rule == rule && matches!(lint.check, Check::Reader))
}

/// Whether a rule is raised where two states of the contracts are compared, or where samples are
/// judged: what accepts its findings may be needed only there.
pub(crate) fn is_raised_elsewhere(rule: &Rule) -> bool {
    let of_difference = |lint: &Lint| matches!(lint.check, Check::Difference);
    ALL.iter().any(|lint| lint.rule == rule && of_difference(lint)) || is_of_evidence(rule)
}

/// Whether a rule is raised where samples are judged, and elsewhere only if a project asks.
pub(crate) fn is_of_evidence(rule: &Rule) -> bool {
    ALL.iter().any(|lint| lint.rule == rule && matches!(lint.check, Check::Evidence(_)))
}

/// The rules that a project may turn off or give another level: all but the reader's and those
/// about a change, which must not be able to accept itself.
pub fn configurable() -> impl Iterator<Item = &'static Rule> {
    let fixed = |check: &Check| matches!(check, Check::Reader | Check::Difference);
    ALL.iter().filter(move |lint| !fixed(&lint.check)).map(|lint| lint.rule)
}

fn active(configuration: &Configuration) -> Vec<(&'static Lint, Level)> {
    let held = ALL.iter().filter(|lint| configuration.holds_somewhere(lint.rule));
    held.map(|lint| (lint, configuration.level(lint.rule).unwrap_or(lint.rule.level))).collect()
}

fn check_driver(lints: &[(&'static Lint, Level)], view: &DriverView<'_>, findings: &mut Findings) {
    for (lint, level) in lints {
        if let Check::Driver(check) = lint.check {
            findings.level = *level;
            check(view, findings);
        }
    }
}

impl DriverContract {
    /// Every error that the rules find in this contract by itself, without a budget.
    ///
    /// Ranges, lengths and vocabularies are held by the types of the fields already.
    pub fn violations(&self) -> Vec<Finding<Place>> {
        let configuration = Configuration::default();
        let view = DriverView::new(self, &configuration);
        let mut lints = active(&configuration);
        lints.retain(|(_, level)| *level == Level::Error);
        let mut findings = Findings::default();
        check_driver(&lints, &view, &mut findings);
        findings.items
    }

    /// Whether no rule finds an error in this contract by itself.
    pub fn valid(&self) -> bool {
        self.violations().is_empty()
    }
}

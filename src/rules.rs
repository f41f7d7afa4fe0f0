//! The rules for contracts, and the table of all rules.
//!
//! A rule has a name, a page and a pure function over the model. It refers to values by contract
//! path and never accesses a document.

mod budget_impossible;
mod budget_missing_profile;
mod budget_not_certain;
mod budget_p95_vacuous;
mod budget_p99_below_p95;
mod budget_profile_inverted;
mod budget_retry_below_timeout;
mod budget_retry_dead;
mod budget_retry_loose;
mod budget_throughput_zero;
mod budget_timeout_loose;
mod call_amplification;
mod call_cycle;
mod call_deadline_short;
mod call_graph;
mod call_retries_twice;
mod call_sequence_long;
mod calls;
mod capability_profile_mismatch;
mod capability_required_missing;
mod capability_resume_without_idempotence;
pub(crate) mod change;
mod concurrency_columnar_inserts;
mod concurrency_kafka_idempotence;
mod concurrency_pool_oversized;
mod concurrency_unbounded;
mod deadline_below_request;
mod deadline_cuts_retries;
mod evidence;
mod lifetime_below_idle;
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

mod policy;
mod provider;
mod provider_module_invalid;
mod provider_module_shared;
mod queue_drain_exceeds_timeout;
mod queue_timeout_dead;
mod queue_too_deep;
mod queue_zero;
mod requirement_unmet;
mod requirement_vacuous;
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
mod selection;
mod server_oversubscribed;
mod support_tier_unknown;
mod support_tier_without_budget;
pub(crate) mod suppression;
pub(crate) mod target;
mod template_unused;
mod timeout_below_replica_lag;
mod timeout_connect_below_syn_retry;
mod timeout_connect_exceeds_request;
mod timeout_connect_excessive;
mod timeout_deadline_loose;
mod timeout_deadline_tight;
mod timeout_idle_beyond_server;
mod tuning_guide_missing;
mod view;
mod violations;
pub(crate) mod vocabulary_unused;

use self::view::limit_at;
pub(crate) use self::{
    call_deadline_short::judges_time, policy::attempts_limit_of,
    requirement_unmet::RULE as REQUIREMENT_UNMET, requirement_vacuous::RULE as REQUIREMENT_VACUOUS,
    run::check_where,
};
pub use self::{
    calls::CallsView,
    evidence::{Evidence, EvidenceView, KnownContracts, RequestedBy, check_evidence},
    run::check,
    selection::{DriverSelection, SharedKey},
    view::{BenchmarkView, BudgetView, DriverView, DriversView, RequirementView, TemplateView},
};
pub use crate::configuration::retired::{RETIRED, Retired, find_retired};
use crate::{
    configuration::{VOCABULARY_SHADOWED, retired::RULE_RETIRED},
    document::rules::{FILE_TOO_LARGE, PATH_OUTSIDE_PROJECT},
    finding::{ContractPath, DeclarationId, Finding, Level, Parameter, Rule, Safety, rule},
    model::Field,
    toml::rules as reader,
    workspace::{
        Configuration,
        rules::{
            BUDGET_INCOMPLETE, UNKNOWN_DRIVER, UNKNOWN_TEMPLATE, WORKLOAD_INCOMPLETE,
            WORKLOAD_TOO_LARGE,
        },
    },
};

/// A rule with the function that checks it.
#[derive(Debug)]
pub struct Lint {
    /// The rule.
    pub rule: &'static Rule,
    /// The function that checks it, with its input.
    pub check: Check,
}

/// The input of a rule.
#[derive(Clone, Copy, Debug)]
pub enum Check {
    /// The documents. The reader checks the rule.
    Reader,
    /// Suppressions and waivers. Checked after all other rules.
    Acceptance,
    /// Two versions of the contracts. Checked by `driverc diff`.
    Difference,
    /// The configuration of a target. Checked by `driverc emit` and `driverc verify`.
    Target,
    /// One driver with the budgets that apply to it.
    Driver(fn(&DriverView<'_>, &mut RuleFindings)),
    /// One declared scope of a budget.
    Budget(fn(&BudgetView<'_>, &mut RuleFindings)),
    /// One template.
    Template(fn(&TemplateView<'_>, &mut RuleFindings)),
    /// One benchmark with its driver's contract.
    Benchmark(fn(&BenchmarkView<'_>, &mut RuleFindings)),
    /// One requirement.
    Requirement(fn(&RequirementView<'_>, &mut RuleFindings)),
    /// One driver and profile with its benchmarks. Checked by [`check_evidence`].
    Evidence(fn(&EvidenceView<'_>, &mut RuleFindings)),
    /// All calls together, if the workspace has a call.
    Calls(fn(&CallsView<'_>, &mut RuleFindings)),
    /// The selected drivers, all together.
    Drivers(DriverSelection, fn(&DriversView<'_>, &mut RuleFindings)),
}

/// The findings of a run, at the configured levels.
#[derive(Debug)]
pub struct RuleFindings {
    items: Vec<Finding<ContractPath>>,
    level: Level,
}

impl Default for RuleFindings {
    fn default() -> Self {
        Self { items: Vec::new(), level: Level::Error }
    }
}

impl RuleFindings {
    /// Adds the finding, if there is one.
    pub(crate) fn extend(&mut self, finding: Option<Finding<ContractPath>>) {
        if let Some(finding) = finding {
            self.push(finding);
        }
    }

    /// Adds a finding at the level of the current rule.
    pub fn push(&mut self, finding: Finding<ContractPath>) {
        self.items.push(Finding { level: self.level, ..finding });
    }
}

/// All rules, sorted by name.
pub static ALL: &[Lint] = &[
    Lint::reader(&suppression::BASELINE_MALFORMED),
    Lint::acceptance(&suppression::BASELINE_UNUSED),
    budget_impossible::LINT,
    Lint::reader(&BUDGET_INCOMPLETE),
    budget_missing_profile::LINT,
    budget_not_certain::LINT,
    budget_p95_vacuous::LINT,
    budget_p99_below_p95::LINT,
    budget_profile_inverted::LINT,
    budget_retry_below_timeout::LINT,
    budget_retry_dead::LINT,
    budget_retry_loose::LINT,
    budget_throughput_zero::LINT,
    budget_timeout_loose::LINT,
    call_amplification::LINT,
    call_cycle::LINT,
    call_deadline_short::LINT,
    call_retries_twice::LINT,
    call_sequence_long::LINT,
    capability_profile_mismatch::LINT,
    capability_required_missing::LINT,
    capability_resume_without_idempotence::LINT,
    concurrency_columnar_inserts::LINT,
    concurrency_kafka_idempotence::LINT,
    concurrency_pool_oversized::LINT,
    concurrency_unbounded::LINT,
    Lint::difference(&change::CONTRACT_BROKEN),
    Lint::difference(&change::CONTRACT_WEAKENED),
    deadline_below_request::LINT,
    deadline_cuts_retries::LINT,
    Lint::target(&target::DRIFT_DEAD_SETTING),
    Lint::target(&target::DRIFT_DEFAULT),
    Lint::target(&target::DRIFT_LOOSER),
    Lint::target(&target::DRIFT_REJECTED),
    Lint::target(&target::DRIFT_STRICTER),
    Lint::target(&target::DRIFT_UNKNOWN_SETTING),
    Lint::reader(&reader::DUPLICATE_DECLARATION),
    Lint::reader(&reader::DUPLICATE_ITEM),
    Lint::target(&target::EMIT_IMPOSSIBLE),
    Lint::target(&target::EMIT_LOOSER),
    Lint::target(&target::EMIT_UNSUPPORTED),
    Lint::reader(&FILE_TOO_LARGE),
    Lint::reader(&reader::INVALID_TEXT),
    Lint::reader(&reader::INVALID_UTF8),
    lifetime_below_idle::LINT,
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
    Lint::reader(&PATH_OUTSIDE_PROJECT),
    provider_module_invalid::LINT,
    provider_module_shared::LINT,
    queue_drain_exceeds_timeout::LINT,
    queue_timeout_dead::LINT,
    queue_too_deep::LINT,
    queue_zero::LINT,
    requirement_unmet::LINT,
    requirement_vacuous::LINT,
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
    server_oversubscribed::LINT,
    support_tier_unknown::LINT,
    support_tier_without_budget::LINT,
    Lint::acceptance(&suppression::SUPPRESSION_MALFORMED),
    Lint::acceptance(&suppression::SUPPRESSION_UNKNOWN_RULE),
    Lint::acceptance(&suppression::SUPPRESSION_UNUSED),
    Lint::acceptance(&suppression::SUPPRESSION_WITHOUT_REASON),
    Lint::reader(&reader::SYNTAX),
    template_unused::LINT,
    timeout_below_replica_lag::LINT,
    timeout_connect_below_syn_retry::LINT,
    timeout_connect_exceeds_request::LINT,
    timeout_connect_excessive::LINT,
    timeout_deadline_loose::LINT,
    timeout_deadline_tight::LINT,
    timeout_idle_beyond_server::LINT,
    Lint::reader(&reader::TOO_MANY_FINDINGS),
    tuning_guide_missing::LINT,
    Lint::reader(&UNKNOWN_DRIVER),
    Lint::reader(&reader::UNKNOWN_KEY),
    Lint::reader(&UNKNOWN_TEMPLATE),
    Lint::reader(&reader::UNKNOWN_WORD),
    Lint::reader(&VOCABULARY_SHADOWED),
    Lint::acceptance(&vocabulary_unused::RULE),
    Lint::acceptance(&suppression::WAIVER_EXPIRED),
    Lint::acceptance(&suppression::WAIVER_UNKNOWN_RULE),
    Lint::acceptance(&suppression::WAIVER_UNUSED),
    Lint::reader(&WORKLOAD_INCOMPLETE),
    Lint::reader(&WORKLOAD_TOO_LARGE),
    Lint::reader(&reader::WRONG_TYPE),
];

impl Lint {
    const fn reader(rule: &'static Rule) -> Self {
        Self { rule, check: Check::Reader }
    }

    const fn acceptance(rule: &'static Rule) -> Self {
        Self { rule, check: Check::Acceptance }
    }

    const fn target(rule: &'static Rule) -> Self {
        Self { rule, check: Check::Target }
    }

    const fn difference(rule: &'static Rule) -> Self {
        Self { rule, check: Check::Difference }
    }
}

/// Returns all rules, by name.
pub fn all() -> impl Iterator<Item = &'static Rule> {
    ALL.iter().map(|lint| lint.rule)
}

/// Finds a rule by name.
pub fn find(name: &str) -> Option<&'static Rule> {
    all().find(|rule| rule.name == name)
}

/// Returns true for a reader rule, which cannot be turned off, suppressed or waived.
pub fn is_of_reader(rule: &Rule) -> bool {
    ALL.iter().any(|lint| lint.rule == rule && matches!(lint.check, Check::Reader))
}

/// Returns true for rules that commands other than `check` report, because they compare contracts,
/// judge benchmarks, or write and read the configurations of targets. In `check`, suppressions and
/// waivers of these rules can be unused.
pub(crate) fn is_raised_elsewhere(rule: &Rule) -> bool {
    let is_elsewhere = |lint: &Lint| matches!(lint.check, Check::Difference | Check::Target);
    ALL.iter().any(|lint| lint.rule == rule && is_elsewhere(lint)) || is_of_evidence(rule)
}

/// Returns true for a rule that judges benchmarks. `check` runs it only if the project requires
/// benchmarks.
pub(crate) fn is_of_evidence(rule: &Rule) -> bool {
    ALL.iter().any(|lint| lint.rule == rule && matches!(lint.check, Check::Evidence(_)))
}

/// Returns true for rules whose new findings hide findings of other rules.
pub(crate) fn hides_others(rule: &Rule) -> bool {
    !rule.supersedes.is_empty() || rule == &call_cycle::RULE
}

/// Returns the rules that a project can turn off or give another level: all except reader rules and
/// rules about changes. A change must not be able to accept itself.
pub fn configurable() -> impl Iterator<Item = &'static Rule> {
    all().filter(|rule| !rule.is_fixed)
}

fn active(configuration: &Configuration) -> Vec<(&'static Lint, Level)> {
    let held = ALL.iter().filter(|lint| configuration.holds_somewhere(lint.rule));
    held.map(|lint| (lint, configuration.level(lint.rule).unwrap_or(lint.rule.level))).collect()
}

fn check_driver(
    lints: &[(&'static Lint, Level)],
    view: &DriverView<'_>,
    findings: &mut RuleFindings,
) {
    for (lint, level) in lints {
        if let Check::Driver(check) = lint.check {
            findings.level = *level;
            check(view, findings);
        }
    }
}

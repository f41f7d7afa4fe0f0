//! Public configurations, with values that were worked out by hand from the documentation and the
//! source of the program that reads them.

mod envoy;
mod grpc;
mod hikari;
mod istio;
mod kafka;
mod object_store;
mod pgbouncer;
mod resilience4j;

use driverc::{
    builtin::postgres_async_driver,
    model::{
        Attempts, BackoffMs, ConnectMs, DeadlineMs, DriverCapability, DriverContract, DriverName,
        Field, IdleMs, LifetimeMs, MaxInFlight, MaxQueueDepth, MultiplierPercent, Percent, QueueMs,
        RequestMs,
    },
    targets::{Adopted, Drift, TARGETS, TargetOptions, find, verify},
};

use super::adopted;

/// An equivalent of a public configuration, with what its reader does.
struct Public {
    name: &'static str,
    /// The target, the dialect and the role.
    options: (&'static str, Option<&'static str>, Option<&'static str>),
    text: &'static str,
    /// The effective values, in the order of a contract.
    adopted: &'static str,
    /// The numbers that the configuration does not state or does not limit.
    left_out: &'static str,
    /// Whether the broker drops duplicates.
    is_idempotent: bool,
    /// The rules that `verify` reports for a contract with the effective values, each with the
    /// setting. A contract cannot state these.
    reported: &'static [(&'static str, &'static str)],
    /// A text, and the text that replaces it.
    change: (&'static str, &'static str),
    /// The rule that `verify` reports for the change, with the setting.
    result: (&'static str, &'static str),
}

impl Public {
    fn options(&self) -> TargetOptions {
        let (target, dialect, role) = self.options;
        let target = find(target).unwrap();
        let dialect = dialect.map_or(&target.dialects[0], |name| target.dialect(name).unwrap());
        let options = TargetOptions::with(target, dialect);
        TargetOptions { role: role.or(options.role), ..options }
    }

    fn check_adoption(&self) {
        let adoption = adopted(self.text, self.options());
        let values = adoption.values.iter().map(|it| format!("{}={}", it.field.key(), it.value));
        let values = values.collect::<Vec<_>>().join(" ");
        assert_eq!(values, self.adopted, "{}\n{}", self.name, adoption.text);
        let is_left_out = |field: &Field| adoption.left_out.contains(&field.path().to_owned());
        let left_out: Vec<_> = NUMBERS.into_iter().filter(is_left_out).map(Field::key).collect();
        assert_eq!(left_out.join(" "), self.left_out, "{}\n{}", self.name, adoption.text);
    }

    fn check_verification(&self) {
        let adoption = adopted(self.text, self.options());
        let contract = self.contract(&adoption.values);
        let drifts = verify(&contract, self.options(), self.text).drifts;
        let shown = messages(&drifts);
        assert_eq!(drifts.len(), self.reported.len(), "{}: {shown:#?}", self.name);
        for (drift, expected) in drifts.iter().zip(self.reported) {
            assert!(is_about(drift, *expected), "{}: {expected:?} {shown:#?}", self.name);
        }
        let (from, to) = self.change;
        let changed = self.text.replacen(from, to, 1);
        assert_ne!(changed, self.text, "{}", self.name);
        let changed = verify(&contract, self.options(), &changed).drifts;
        let is_new = |drift: &&Drift| drifts.iter().all(|old| old.message != drift.message);
        let mut new = changed.iter().filter(is_new);
        let shown = messages(&changed);
        assert!(new.any(|drift| is_about(drift, self.result)), "{}: {shown:#?}", self.name);
    }

    /// Returns a contract with the adopted values, and values of the built-in contract for all keys
    /// that `adopt` left out.
    fn contract(&self, values: &[Adopted]) -> DriverContract {
        let mut contract = postgres_async_driver();
        contract.name = DriverName::new("example").unwrap();
        let (timeouts, retries) = (&mut contract.timeout_policy, &mut contract.retry_policy);
        (timeouts.queue_ms, timeouts.deadline_ms, timeouts.lifetime_ms) = (None, None, None);
        retries.multiplier_percent = None;
        for adopted in values {
            set(&mut contract, adopted);
        }
        if !self.is_idempotent {
            let kept = contract.capabilities.iter();
            let kept = kept.filter(|it| *it != DriverCapability::IdempotentWrite);
            contract.capabilities = kept.collect();
        }
        contract
    }
}

const NUMBERS: [Field; 12] = [
    Field::MaxInFlight,
    Field::MaxQueueDepth,
    Field::ConnectMs,
    Field::RequestMs,
    Field::IdleMs,
    Field::QueueMs,
    Field::DeadlineMs,
    Field::LifetimeMs,
    Field::MaxAttempts,
    Field::BaseBackoffMs,
    Field::MaxBackoffMs,
    Field::MultiplierPercent,
];

fn messages(drifts: &[Drift]) -> Vec<String> {
    drifts.iter().map(|drift| format!("{}: {}", drift.rule.name, drift.message)).collect()
}

/// Returns true if a rule reports a setting. Without a setting, the message names none.
fn is_about(drift: &Drift, (rule, setting): (&str, &str)) -> bool {
    let is_line = setting.starts_with("line ") && drift.message.starts_with(setting);
    let is_named = setting.is_empty() || drift.message.contains(&format!("`{setting}`"));
    drift.rule.name == rule && (is_line || is_named)
}

#[expect(clippy::wildcard_enum_match_arm, reason = "a configuration states a few of many fields")]
fn set(contract: &mut DriverContract, Adopted { field, value, .. }: &Adopted) {
    let (timeouts, retries) = (&mut contract.timeout_policy, &mut contract.retry_policy);
    let value = *value;
    match field {
        Field::MaxInFlight => contract.max_in_flight = MaxInFlight::new(value).unwrap(),
        Field::MaxQueueDepth => contract.max_queue_depth = MaxQueueDepth::new(value).unwrap(),
        Field::ConnectMs => timeouts.connect_ms = ConnectMs::new(value).unwrap(),
        Field::RequestMs => timeouts.request_ms = RequestMs::new(value).unwrap(),
        Field::IdleMs => timeouts.idle_ms = IdleMs::new(value).unwrap(),
        Field::QueueMs => timeouts.queue_ms = Some(QueueMs::new(value).unwrap()),
        Field::DeadlineMs => timeouts.deadline_ms = Some(DeadlineMs::new(value).unwrap()),
        Field::LifetimeMs => timeouts.lifetime_ms = Some(LifetimeMs::new(value).unwrap()),
        Field::MaxAttempts => retries.max_attempts = Attempts::new(value).unwrap(),
        Field::BaseBackoffMs => retries.base_backoff_ms = BackoffMs::new(value).unwrap(),
        Field::MaxBackoffMs => retries.max_backoff_ms = BackoffMs::new(value).unwrap(),
        Field::JitterPercent => retries.jitter_percent = Percent::new(value).unwrap(),
        Field::RetryBudgetPercent => {
            retries.retry_budget_percent = Some(Percent::new(value).unwrap());
        }
        Field::MultiplierPercent => {
            retries.multiplier_percent = Some(MultiplierPercent::new(value).unwrap());
        }
        other => panic!("`adopt` states no {other:?}"),
    }
}

const ALL: [&[Public]; 8] = [
    envoy::CONFIGURATIONS,
    grpc::CONFIGURATIONS,
    hikari::CONFIGURATIONS,
    istio::CONFIGURATIONS,
    kafka::CONFIGURATIONS,
    object_store::CONFIGURATIONS,
    pgbouncer::CONFIGURATIONS,
    resilience4j::CONFIGURATIONS,
];

#[test]
fn adopt_states_effective_values_of_public_configurations() {
    for public in ALL.into_iter().flatten() {
        public.check_adoption();
    }
}

#[test]
fn verify_reports_what_adopted_contract_cannot_state_and_each_change() {
    for public in ALL.into_iter().flatten() {
        public.check_verification();
    }
}

#[test]
fn each_target_has_ten_public_configurations() {
    for target in TARGETS.iter().map(|target| target.name).filter(|name| *name != "rust") {
        let all = ALL.into_iter().flatten();
        let count = all.filter(|public| public.options.0 == target).count();
        assert!(count >= 10, "{target}: {count}");
    }
}

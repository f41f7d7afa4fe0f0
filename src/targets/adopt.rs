//! Writes a contract from the configuration of a target.

mod reasons;
mod text;

use self::text::{header, left_out, rendered};
use super::{
    conversion::Conversion,
    draft::Draft,
    instances::named,
    options::TargetOptions,
    read::{ReadConfiguration, chosen, read},
    syntax::SyntaxFault,
    table::{Behaviour, Fidelity, Gap, Looseness, Setting},
};
use crate::{
    model::{DriverClass, DriverName, Field, RetryPolicy},
    source::LineIndex,
};

/// The fields that a configuration can state, in canonical order, with their ranges.
const FIELDS: [(Field, u64, u64); 15] = [
    (Field::MaxInFlight, 1, 1_000_000),
    (Field::MaxQueueDepth, 0, 10_000_000),
    (Field::ConnectMs, 1, 86_400_000),
    (Field::RequestMs, 1, 86_400_000),
    (Field::IdleMs, 1, 604_800_000),
    (Field::QueueMs, 1, 86_400_000),
    (Field::DeadlineMs, 1, 604_800_000),
    (Field::LifetimeMs, 1, 2_592_000_000),
    (Field::MaxAttempts, 1, 100),
    (Field::BaseBackoffMs, 0, 3_600_000),
    (Field::MaxBackoffMs, 0, 3_600_000),
    (Field::JitterPercent, 0, 100),
    (Field::MultiplierPercent, 100, 1_000),
    (Field::RetryBudgetPercent, 0, 100),
    (Field::RetryBudgetMin, 0, 1_000_000),
];

/// A contract with the effective values of a configuration.
#[derive(Debug)]
pub struct Adoption {
    /// The table, in TOML. It is incomplete if the configuration does not state a required key.
    pub text: String,
    /// The values in the table, in canonical order.
    pub values: Vec<Adopted>,
    /// The keys that the table leaves out: required keys without a value, and optional keys without a
    /// limit.
    pub left_out: Vec<String>,
    /// The parts of the configuration that the program refuses to read. If there are any, the program
    /// uses none of the values.
    pub faults: Vec<SyntaxFault>,
}

/// A value of a contract, and its origin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Adopted {
    /// The field.
    pub field: Field,
    /// The value.
    pub value: u64,
    /// The origin, as a comment.
    pub origin: String,
}

/// Returns a contract with the effective values of a configuration. `file` is the name of the
/// configuration.
pub fn adopt(
    text: &str,
    options: TargetOptions,
    driver: &DriverName,
    class: Option<DriverClass>,
    file: &str,
) -> Adoption {
    let parts = read(text, &options, driver.as_str());
    let chosen = chosen(&parts, driver);
    let is_in_effect = |part: &ReadConfiguration<'_>| part.empty_selector(options).is_none();
    let has_effect = chosen.iter().any(|part| is_in_effect(part));
    let in_effect = chosen.iter().filter(|part| !has_effect || is_in_effect(part));
    let lines = LineIndex::new(text);
    let readers: Vec<_> = in_effect.map(|part| Reader::new(options, part, &lines)).collect();
    let (mut values, mut notes) = (Vec::new(), Vec::new());
    for (field, min, max) in FIELDS {
        match loosest(stating(&readers, field).map(|reader| reader.field(field, min, max))) {
            Ok(Some(adopted)) => values.push(adopted),
            Ok(None) => {}
            Err(note) => notes.push((field, named(&note, driver.as_str()))),
        }
    }
    let texts = readers.first().map_or_else(Vec::new, |reader| reader.texts(class));
    let left_out = left_out(&texts, &values, &notes);
    let header = header(options, file, (chosen.len(), parts.len()));
    let longest = readers.iter().rev().max_by_key(|reader| reader.attempt_of_total());
    let proposals = longest.map_or_else(Vec::new, |reader| reader.proposals(&values));
    let text = rendered(&header, driver, (&values, &texts), &proposals, &left_out);
    let left_out = left_out.into_iter().map(|(key, _)| key).collect();
    let faults = parts.iter().flat_map(|part| part.faults.iter().cloned()).collect();
    Adoption { text, values, left_out, faults }
}

/// Returns the parts of a file that state a field: those with retries for a field of their backoffs,
/// unless no part has retries.
fn stating<'r>(readers: &'r [Reader<'r>], field: Field) -> impl Iterator<Item = &'r Reader<'r>> {
    let is_of_backoff = [Field::BaseBackoffMs, Field::MaxBackoffMs, Field::MultiplierPercent];
    let needs_retries = is_of_backoff.contains(&field) && readers.iter().any(Reader::has_retries);
    readers.iter().filter(move |reader| !needs_retries || reader.has_retries())
}

/// Returns the loosest value of a field in all parts of a file. Returns `None` if a part leaves it
/// out, and a reason if a part does not state it.
fn loosest(
    parts: impl Iterator<Item = Result<Option<Adopted>, String>>,
) -> Result<Option<Adopted>, String> {
    let values: Option<Vec<Adopted>> = parts.collect::<Result<_, _>>()?;
    let values = values.unwrap_or_default().into_iter();
    Ok(values.reduce(|held, other| if other.value > held.value { other } else { held }))
}

struct Reader<'a> {
    options: TargetOptions,
    read: &'a ReadConfiguration<'a>,
    draft: Draft,
    lines: &'a LineIndex<'a>,
}

impl<'a> Reader<'a> {
    fn new(
        options: TargetOptions,
        read: &'a ReadConfiguration<'a>,
        lines: &'a LineIndex<'a>,
    ) -> Self {
        let is_known = |name: &str| !read.unknown.contains(name);
        let draft = Draft::of(options, &read.values, is_known);
        Self { options, read, draft, lines }
    }

    /// Returns the value of a field. Returns `None` for an optional field that is not needed, and
    /// the reason why the field is left out otherwise.
    fn field(&self, field: Field, min: u64, max: u64) -> Result<Option<Adopted>, String> {
        if self.read.is_unreadable() {
            return Err("the file cannot be read".to_owned());
        }
        if let Some(selector) = self.read.empty_selector(self.options) {
            return Err(format!("`{}` lists no method", selector.name));
        }
        if let Some(gap) = self.fixed_multiplier(field) {
            return Ok(self.multiplier(gap));
        }
        if self.is_left_out(field) {
            return Ok(None);
        }
        if let Some(name) = self.unknown_setting(field) {
            return Err(format!("the value of `{name}` is unknown"));
        }
        if let Some(reason) = self.refused(field) {
            return Err(reason);
        }
        let Some(value) = self.draft.get(field) else {
            return self.absent(field).map_or(Ok(None), Err);
        };
        if field == Field::DeadlineMs
            && let Some(longest) = self.longest_after(value)
        {
            return self.last_attempt(value, longest, max);
        }
        if self.is_moot(field) {
            return Ok(None);
        }
        if !(min..=max).contains(&value) {
            return Err(self.outside(field, value, min, max));
        }
        if !self.is_optional(field) && self.is_implied(field, value) {
            return Ok(None);
        }
        Ok(Some(Adopted { field, value, origin: self.named_origin(field, value) }))
    }

    fn named_origin(&self, field: Field, value: u64) -> String {
        named(&self.origin(field, value), &self.read.instance)
    }

    /// Returns true if an optional field has no limit, or has the default of a contract.
    fn is_moot(&self, field: Field) -> bool {
        let is_unlimited = self.draft.get(Field::RetryBudgetPercent) == Some(u64::MAX);
        let is_default =
            self.draft.get(Field::RetryBudgetMin) == Some(RetryPolicy::DEFAULT_RETRY_BUDGET_MIN);
        field == Field::LifetimeMs && self.draft.get(field) == Some(u64::MAX)
            || field == Field::RetryBudgetPercent && is_unlimited
            || field == Field::RetryBudgetMin && (is_unlimited || is_default)
    }

    /// Returns true if an operation can have several attempts.
    fn has_retries(&self) -> bool {
        self.draft.get(Field::MaxAttempts).is_some_and(|attempts| attempts > 1)
            || self.refused(Field::MaxAttempts).is_some()
    }

    /// Returns true if the target leaves the setting out if a contract does not have the field.
    fn is_optional(&self, field: Field) -> bool {
        self.settings(field).any(Setting::is_optional)
    }

    /// Returns true if the configuration leaves an optional setting out.
    fn is_left_out(&self, field: Field) -> bool {
        let is_set = |setting: &Setting| self.read.values.has(setting.name);
        self.is_optional(field) && !self.settings(field).any(is_set)
    }

    /// Returns true if a contract without the field means the same value.
    fn is_implied(&self, field: Field, value: u64) -> bool {
        let request = self.draft.get(Field::RequestMs);
        field == Field::MultiplierPercent && value == RetryPolicy::DEFAULT_MULTIPLIER
            || field == Field::DeadlineMs && self.is_worst_case(value)
            || field == Field::QueueMs && request.is_some_and(|request| value >= request)
    }

    /// Returns the longest time of an operation if a deadline only prevents further attempts: a
    /// backoff and an attempt can follow it.
    fn longest_after(&self, deadline: u64) -> Option<u64> {
        let fidelity = Fidelity::Looser(Looseness::EndsAfterAttempt);
        self.options.settings().find(|setting| setting.fidelity == fidelity)?;
        let backoff = self.draft.get(Field::MaxBackoffMs)?;
        deadline.checked_add(backoff)?.checked_add(self.draft.get(Field::RequestMs)?)
    }

    /// Returns a deadline that an operation does not exceed. Returns `None` if the attempts are over
    /// before.
    fn last_attempt(&self, value: u64, longest: u64, max: u64) -> Result<Option<Adopted>, String> {
        let field = Field::DeadlineMs;
        if self.draft.worst_case().is_some_and(|worst| longest >= worst) {
            return Ok(None);
        }
        if longest > max {
            return Err(self.outside(field, value, 1, max));
        }
        let origin = self.origin(field, value) + ", and then a backoff and an attempt";
        Ok(Some(Adopted { field, value: longest, origin }))
    }

    /// Returns the gap that fixes the growth of backoffs, if this is the field.
    fn fixed_multiplier(&self, field: Field) -> Option<&'static Gap> {
        let is_fixed = |gap: &&Gap| matches!(gap.behaviour, Behaviour::Multiplier(_));
        self.options.gaps().filter(|gap| gap.field == field).find(is_fixed)
    }

    /// Returns the growth of backoffs, if it differs from the default of a contract.
    fn multiplier(&self, gap: &Gap) -> Option<Adopted> {
        let value = self.draft.multiplier();
        let differs = value != RetryPolicy::DEFAULT_MULTIPLIER;
        let origin = || format!("{} always: {}", self.options.program(), gap.meaning);
        differs.then(|| Adopted { field: gap.field, value, origin: origin() })
    }

    /// Returns true if a deadline is the worst case of the other values.
    fn is_worst_case(&self, deadline: u64) -> bool {
        let mut plus = self.options.settings().filter_map(|setting| {
            if let Conversion::Deadline(plus) = setting.conversion { plus } else { None }
        });
        let plus = plus.next().map_or(0, |name| self.read.values.get(name));
        self.draft.worst_case().is_some_and(|worst| deadline == worst + plus)
    }

    /// Returns the lines about values that can only be proposed.
    fn proposals(&self, values: &[Adopted]) -> Vec<(Field, String)> {
        let mut proposals = Vec::new();
        let has_idempotence = self.options.settings().find_map(|setting| {
            let Conversion::Capability(capability) = setting.conversion else { return None };
            (self.read.values.get(setting.name) == 0).then_some((setting.name, capability))
        });
        if let Some((name, capability)) = has_idempotence {
            let line = format!("capabilities = [\"{}\"]  # proposal: `{name}`", capability.label());
            proposals.push((Field::Capabilities, line));
        }
        let has = |field| values.iter().any(|adopted| adopted.field == field);
        if let Some(attempts) = self.attempts_until_deadline().filter(|_| !has(Field::MaxAttempts))
        {
            let line = format!(
                "max_attempts = {attempts}  # proposal: attempts of the longest time until the deadline"
            );
            proposals.push((Field::MaxAttempts, line));
        }
        for gap in self.options.gaps() {
            let value = match gap.behaviour {
                Behaviour::Jitter(_) if self.is_backoff_constant() => Some(0),
                Behaviour::Jitter(percent) => Some(percent),
                Behaviour::DecorrelatedJitter => self.draft.decorrelated_jitter(),
                Behaviour::OnlyTotal(_) => self.attempt_of_total(),
                Behaviour::Nothing
                | Behaviour::OneAttempt
                | Behaviour::Multiplier(_)
                | Behaviour::OnlyTotalOfOneAttempt(_)
                | Behaviour::TimesFirst(_) => None,
            };
            if let Some(value) = value {
                let line = format!("{} = {value}  # proposal: {}", gap.field.key(), gap.meaning);
                proposals.push((gap.field, line));
            }
        }
        proposals
    }

    /// Returns the time of an attempt if all attempts share the total equally.
    fn attempt_of_total(&self) -> Option<u64> {
        let total = self.draft.get(Field::DeadlineMs).filter(|it| *it < u64::MAX)?;
        let attempts = self.draft.get(Field::MaxAttempts)?;
        let backoff = if attempts == 1 { 0 } else { self.draft.total_backoff()? };
        total.checked_sub(backoff)?.checked_div(attempts).filter(|it| *it > 0)
    }

    /// Returns the number of attempts that can follow one another before the deadline.
    fn attempts_until_deadline(&self) -> Option<u64> {
        let deadline = self.draft.get(Field::DeadlineMs).filter(|it| *it < u64::MAX)?;
        let request = self.draft.get(Field::RequestMs).filter(|it| *it > 0)?;
        self.draft.get(Field::MaxAttempts)?;
        let linger = self.read.values.get("linger.ms");
        Some(deadline.saturating_sub(linger).div_ceil(request).clamp(1, 100))
    }

    /// Returns true if every backoff is the maximum, which has no jitter.
    fn is_backoff_constant(&self) -> bool {
        let is_base = |it: &&super::Setting| it.conversion == Conversion::Symmetric20;
        let base = self.options.settings().find(is_base);
        let base = base.map(|setting| self.read.values.get(setting.name));
        base.zip(self.draft.get(Field::MaxBackoffMs)).is_some_and(|(base, max)| base >= max)
    }
}

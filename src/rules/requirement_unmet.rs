//! Reports a contract or a budget that promises less than a consumer requires.

use std::borrow::Cow;

use super::{
    Check, ContractPath, DeclarationId, DriverView, Field, Level, Lint, Rule, RuleFindings,
    call_deadline_short, policy::with_percent, rule,
};
use crate::{
    finding::Finding,
    model::{
        BenchmarkProfile, Bound, BoundValue, Capabilities, EffectiveBudget, Limit, Requirement,
        Slack,
    },
    toml::spelling::truncated,
    workspace::Workspace,
};

pub(super) const LINT: Lint = Lint { rule: &RULE, check: Check::Driver(check) };

pub(crate) static RULE: Rule = rule!(
    "requirement-unmet",
    Level::Error,
    "a contract or its budget promises less than a consumer requires"
);

fn check(view: &DriverView<'_>, findings: &mut RuleFindings) {
    let Some(workspace) = view.workspace else { return };
    for (number, requirement) in workspace.requirements_of(&view.contract.name) {
        let budget = workspace.required_budget(requirement, view.contract);
        let judged = Judged { view, workspace, number, requirement, budget };
        for bound in workspace.bounds(requirement, view.contract) {
            if !bound.is_met() {
                findings.push(judged.finding(&bound));
            }
        }
    }
}

/// A requirement with the driver and the budget against which it is judged.
struct Judged<'v, 'w> {
    view: &'v DriverView<'w>,
    workspace: &'v Workspace,
    number: usize,
    requirement: &'v Requirement,
    budget: Option<EffectiveBudget<'v>>,
}

impl Judged<'_, '_> {
    fn finding(&self, bound: &Bound<'_>) -> Finding {
        let Requirement { owner, reason, .. } = self.requirement;
        let reason = truncated(reason.as_str());
        let place = DeclarationId::Requirement(self.number).at(bound.field);
        let label = format!("`{}` requires this: {reason}", self.consumer());
        let help = format!(
            "{}, or ask `{}` to relax the requirement",
            self.help(bound),
            truncated(owner.as_str())
        );
        let driver = DeclarationId::Driver(self.view.contract.name.clone());
        let finding = RULE.finding(self.place(bound), self.message(bound));
        let mut finding = finding.also(place.clone(), label).with_parts([place]).help(help);
        // The place depends on which key limits the worst case, or which scope sets the limit.
        finding = finding.identified_by([driver]).identified_by_field(bound.field);
        if let Slack::Number(slack) | Slack::Micros(slack) = bound.slack() {
            finding = finding.at_most(u64::try_from(-slack).unwrap_or(0));
        }
        finding.owner = Some(owner.clone());
        finding
    }

    fn consumer(&self) -> Cow<'_, str> {
        truncated(self.requirement.consumer.as_str())
    }

    /// Returns the place of the promised value. If nothing is promised, returns the driver.
    fn place(&self, bound: &Bound<'_>) -> ContractPath {
        if bound.field == Field::RequirementAttempts {
            return self.view.at(Field::MaxAttempts);
        }
        if bound.field == Field::WorstCaseMs {
            return call_deadline_short::bound(self.view.contract).0;
        }
        let limit = self.place_of_limit(bound.field);
        limit.unwrap_or_else(|| self.view.at(bound.field))
    }

    /// Returns the place of an effective limit of the budget.
    fn place_of_limit(&self, field: Field) -> Option<ContractPath> {
        let limit = Limit::ALL.into_iter().find(|limit| limit.field() == field)?;
        let declared = self.budget.as_ref()?.source(limit)?;
        Some(DeclarationId::budget(declared).at(field))
    }

    fn message(&self, bound: &Bound<'_>) -> String {
        let (consumer, driver) = (self.consumer(), &self.view.contract.name);
        if let Slack::Missing(missing) = bound.slack() {
            return format!("`{driver}` lacks {}, which `{consumer}` requires", quoted(&missing));
        }
        let requires = format!("{} {}", relation(bound), stated(bound, bound.required));
        let key = bound.key();
        let Some(promised) = bound.promised.map(|value| stated(bound, value)) else {
            return format!(
                "`{consumer}` requires `{key}` to be {requires}, but {}",
                self.lacking()
            );
        };
        let figure = if bound.is_limit() {
            format!("`{key}` of `{driver}`")
        } else if bound.field == Field::WorstCaseMs {
            "the worst case of an operation".to_owned()
        } else {
            format!("`{key}`")
        };
        format!("{figure} is {promised}, but `{consumer}` requires {requires}")
    }

    /// Says why no limit applies.
    fn lacking(&self) -> String {
        let driver = &self.view.contract.name;
        let profile = self.requirement.profile.as_ref().map_or("", BenchmarkProfile::label);
        match self.budget {
            Some(_) => format!("the budget of `{driver}` for `{profile}` does not set it"),
            None => format!("no budget for `{profile}` applies to `{driver}`"),
        }
    }

    /// Returns what to write in the contract or in the budget.
    fn help(&self, bound: &Bound<'_>) -> String {
        let (key, required) = (bound.key(), bound.shown(bound.required));
        let driver = &self.view.contract.name;
        if let Slack::Missing(missing) = bound.slack() {
            return format!("add {} to `capabilities`", quoted(&missing));
        }
        if let Some(profile) = self.requirement.profile.filter(|_| bound.is_limit()) {
            if self.budget.is_none() {
                return self.help_without_budget(bound, profile);
            }
            let profile = profile.label();
            return format!("set `{key} = {required}` in `[budget.{profile}.driver.{driver}]`");
        }
        if let (Field::WorstCaseMs, BoundValue::Number(within_ms, _)) =
            (bound.field, bound.required)
        {
            return call_deadline_short::shorten(self.view.contract, within_ms);
        }
        format!("set `{key}` of `{driver}` to {} {required}", relation(bound))
    }
}

impl Judged<'_, '_> {
    /// Returns the capabilities to add, one of which claims the profile, or the budget to add, or
    /// both.
    fn help_without_budget(&self, bound: &Bound<'_>, profile: BenchmarkProfile) -> String {
        let contract = self.view.contract;
        let vocabulary = self.workspace.vocabulary();
        let claiming = vocabulary.claimed_by(profile);
        let is_claimed = vocabulary.claims(&contract.capabilities, profile);
        // The limits that would apply if the driver claimed the profile.
        let limits = self.workspace.effective_budget(contract, profile);
        let bounds = self.requirement.bounds(contract, limits.as_ref());
        let is_met = bounds.iter().any(|it| it.field == bound.field && it.is_met());
        let words = claiming.iter().map(|it| format!("`{}`", it.label())).collect::<Vec<_>>();
        let claim = format!("add {} to `capabilities`", words.join(" or "));
        let budget = || {
            let keys = joined(&self.keys_to_set(bound, limits.as_ref()));
            format!("add `[budget.{}.driver.{}]` with {keys}", profile.label(), contract.name)
        };
        match (is_claimed || words.is_empty(), is_met) {
            (true, _) => budget(),
            (false, true) => claim,
            (false, false) => format!("{claim}, and {}", budget()),
        }
    }

    /// Returns the keys that a budget of the driver must set: the key of the bound, and the required
    /// limits that no scope sets. A key that the requirement bounds has the required value.
    fn keys_to_set(&self, bound: &Bound<'_>, limits: Option<&EffectiveBudget<'_>>) -> Vec<String> {
        let stated = self.requirement.stated_bounds();
        let is_missing = |limit: &Limit| {
            let is_set = limits.is_some_and(|limits| limits.source(*limit).is_some());
            limit.is_required() && !is_set && limit.field() != bound.field
        };
        let others = Limit::ALL.into_iter().filter(is_missing).map(|limit| {
            match stated.iter().find(|it| it.field == limit.field()) {
                Some(stated) => setting(stated),
                None => format!("`{}`", limit.field().path()),
            }
        });
        std::iter::once(setting(bound)).chain(others).collect()
    }
}

/// Returns the key of a bound with the required value: `` `max_attempts = 3` ``.
fn setting(bound: &Bound<'_>) -> String {
    format!("`{} = {}`", bound.key(), bound.shown(bound.required))
}

/// Returns the relation in which the promised value must be to the required value.
const fn relation(bound: &Bound<'_>) -> &'static str {
    if bound.is_floor() { "at least" } else { "at most" }
}

/// Formats a value of a bound. A rate also gets its percentage.
fn stated(bound: &Bound<'_>, value: BoundValue<'_>) -> String {
    match value {
        BoundValue::Number(rate, " bps") => with_percent(rate),
        BoundValue::Number(time, unit @ " ms") => format!("{time}{unit}"),
        BoundValue::Capabilities(_) | BoundValue::Number(..) | BoundValue::Latency(..) => {
            bound.shown(value)
        }
    }
}

/// Joins the labels of capabilities: `` `a`, `b` and `c` ``.
fn quoted(capabilities: &Capabilities) -> String {
    joined(&capabilities.iter().map(|it| format!("`{}`", it.label())).collect::<Vec<_>>())
}

/// Joins texts: `a, b and c`.
fn joined(texts: &[String]) -> String {
    match texts {
        [rest @ .., last] if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
        texts => texts.concat(),
    }
}

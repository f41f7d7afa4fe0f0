//! Waivers: which findings they accept, and what is wrong with them.

use super::{Acceptance, Accepted, acceptable};
use crate::{
    document::nearest,
    finding::{Finding, Place, Subject},
    model::{Date, DriverName, Field, Scope, Waiver},
    rules::{
        self,
        silence::{WAIVER_EXPIRED, WAIVER_UNKNOWN_RULE, WAIVER_UNUSED},
    },
    settings::Settings,
    source::Location,
    workspace::Workspace,
};

/// The waivers of a workspace, and which of them were needed.
pub(super) struct Waivers<'w> {
    workspace: &'w Workspace,
    settings: &'w Settings,
    today: Date,
    entries: Vec<Entry<'w>>,
}

struct Entry<'w> {
    waiver: &'w Waiver,
    place: Place,
    used: bool,
}

impl Entry<'_> {
    fn covers(&self, finding: &Finding, driver: Option<&DriverName>, today: Date) -> bool {
        let waiver = self.waiver;
        waiver.rule.as_str() == finding.rule.name
            && waiver.expires >= today
            && (waiver.driver.is_none() || waiver.driver.as_ref() == driver)
    }
}

impl<'w> Waivers<'w> {
    pub(super) fn new(workspace: &'w Workspace, settings: &'w Settings, today: Date) -> Self {
        let entry = |(number, waiver)| Entry {
            waiver,
            place: Subject::Waiver(number).at(Field::Rule),
            used: false,
        };
        let entries = workspace.numbered_waivers().map(entry).collect();
        Self { workspace, settings, today, entries }
    }

    /// Parts what is accepted from what is not.
    pub(super) fn accept(&mut self, findings: Vec<Finding>) -> (Vec<Accepted>, Vec<Finding>) {
        if self.entries.is_empty() {
            return (Vec::new(), findings);
        }
        let (mut accepted, mut reasons, mut open) = (Vec::new(), Vec::new(), Vec::new());
        for finding in findings {
            let driver = self.driver_of(&finding.place);
            let today = self.today;
            let covers = |entry: &&mut Entry<'_>| entry.covers(&finding, driver, today);
            match self.entries.iter_mut().find(covers) {
                Some(entry) if acceptable(finding.rule) => {
                    entry.used = true;
                    reasons.push(entry.waiver.reason.as_str().to_owned());
                    accepted.push(finding);
                }
                _ => open.push(finding),
            }
        }
        let located = self.workspace.locate(accepted).into_iter().zip(reasons);
        let by = Acceptance::Waiver;
        (located.map(|(finding, reason)| Accepted { finding, by, reason }).collect(), open)
    }

    fn driver_of(&self, place: &'_ Place) -> Option<&'w DriverName> {
        match &place.subject {
            Subject::Driver(name) | Subject::Budget(_, Scope::Driver(name)) => {
                self.workspace.driver(name).map(|contract| &contract.name)
            }
            Subject::Benchmark(number) => self.workspace.benchmarked_driver(*number),
            Subject::Budget(..) | Subject::Waiver(_) => None,
        }
    }

    /// What is wrong with the waivers themselves.
    pub(super) fn findings(&self) -> Vec<Finding<Location>> {
        self.workspace.locate(self.entries.iter().filter_map(|entry| self.fault(entry)).collect())
    }

    fn fault(&self, entry: &Entry<'_>) -> Option<Finding> {
        let name = entry.waiver.rule.as_str();
        let place = entry.place.clone();
        let Some(rule) = rules::find(name).filter(|rule| acceptable(rule)) else {
            return Some(unknown_rule(name, place));
        };
        let days = self.today.day_number() - entry.waiver.expires.day_number();
        if days > 0 {
            return Some(expired(entry, days));
        }
        let unused = !entry.used && self.settings.holds_somewhere(rule);
        unused.then(|| {
            WAIVER_UNUSED
                .finding(place, format!("no finding of `{name}` is left to accept"))
                .help("remove the waiver")
        })
    }
}

fn unknown_rule(name: &str, place: Place) -> Finding {
    if rules::find(name).is_some() {
        return WAIVER_UNKNOWN_RULE
            .finding(place, format!("findings of `{name}` cannot be waived"))
            .help("remove the waiver, and repair what the rule finds");
    }
    let finding = WAIVER_UNKNOWN_RULE.finding(place, format!("no rule has the name `{name}`"));
    match nearest(name, rules::ALL.iter().map(|lint| lint.rule.name)) {
        Some(intended) => finding.help(format!("did you mean `{intended}`?")),
        None => finding.help("name a rule of `driverc rule`"),
    }
}

fn expired(entry: &Entry<'_>, days: i64) -> Finding {
    let Waiver { rule, owner, expires, .. } = entry.waiver;
    let ago = if days == 1 { "1 day".to_owned() } else { format!("{days} days") };
    let mut place = entry.place.clone();
    place.field = Some(Field::Expires);
    WAIVER_EXPIRED
        .finding(place, format!("the waiver of `{rule}` expired {ago} ago, on {expires}"))
        .help(format!("repair what it accepts, or let `{owner}` renew it"))
}

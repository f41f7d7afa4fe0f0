//! How a change is accepted: by a waiver that the base has, or by an argument.
//!
//! A waiver that the change itself brings counts from the next change on, never for this one.

use std::{cmp::Reverse, fmt};

use super::{Change, Contract, Difference, Severity};
use crate::{
    finding::{Place, Subject},
    model::{Date, DriverName, Vocabulary, Waiver},
    workspace::Workspace,
};

/// How a change was accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Acceptance {
    /// By a `[[waiver]]` of the base.
    Waiver {
        /// Where it is, in the base.
        place: Place,
        /// Why.
        reason: String,
        /// Who answers for that.
        owner: String,
    },
    /// By whoever runs the comparison.
    Argument,
}

/// A change that is accepted beforehand: `breaking:postgres_async.class`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Accept {
    severity: Severity,
    path: String,
}

/// A text that does not name a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidAccept;

impl fmt::Display for InvalidAccept {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("write `breaking:` or `risky:` and the path of a change")
    }
}

impl std::error::Error for InvalidAccept {}

impl std::str::FromStr for Accept {
    type Err = InvalidAccept;

    fn from_str(text: &str) -> Result<Self, InvalidAccept> {
        let (severity, path) = text.split_once(':').ok_or(InvalidAccept)?;
        let severity = Severity::from_word(severity).ok_or(InvalidAccept)?;
        if severity == Severity::Compatible || path.is_empty() {
            return Err(InvalidAccept);
        }
        Ok(Self { severity, path: path.to_owned() })
    }
}

impl fmt::Display for Accept {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}:{}", self.severity, self.path)
    }
}

impl Accept {
    fn covers(&self, change: &Change) -> bool {
        change.severity == self.severity && change.path() == self.path
    }
}

impl Difference {
    /// Notes what the waivers of the base accept on this day. Of those that only the new side
    /// has, the changes say that they do not count yet.
    pub fn accept_by_waivers(&mut self, old: &Workspace, new: &Workspace, today: Date) {
        for change in self.changes.iter_mut().filter(|change| change.accepted.is_none()) {
            match covering(old, change, today) {
                Some((number, waiver)) => {
                    change.accepted = Some(Acceptance::Waiver {
                        place: Subject::Waiver(number).whole(),
                        reason: waiver.reason.to_string(),
                        owner: waiver.owner.to_string(),
                    });
                }
                None if covering(new, change, today).is_some() => change
                    .notes
                    .push("a waiver that the base does not have accepts nothing yet".to_owned()),
                None => {}
            }
        }
    }

    /// Notes what arguments accept; those that accept nothing are returned.
    pub fn accept_by_arguments<'a>(&mut self, arguments: &'a [Accept]) -> Vec<&'a Accept> {
        let mut unused = Vec::new();
        for argument in arguments {
            let mut used = false;
            for change in self.changes.iter_mut().filter(|change| argument.covers(change)) {
                change.accepted.get_or_insert(Acceptance::Argument);
                used = true;
            }
            if !used {
                unused.push(argument);
            }
        }
        unused
    }
}

/// The waiver that accepts a change: one of the driver alone, then the one that counts longest.
fn covering<'w>(
    workspace: &'w Workspace,
    change: &Change,
    today: Date,
) -> Option<(usize, &'w Waiver)> {
    // What a waiver accepts no other waiver accepts in its name.
    if matches!(change.contract, Contract::Waiver(..)) {
        return None;
    }
    let rule = change.severity.rule()?;
    let covers = |waiver: &Waiver| {
        waiver.rule.as_str() == rule.name
            && waiver.expires >= today
            && concerns(waiver.driver.as_ref(), change)
    };
    let waivers = workspace.numbered_waivers().filter(|(_, waiver)| covers(waiver));
    waivers.min_by_key(|(_, waiver)| (waiver.driver.is_none(), Reverse(waiver.expires)))
}

fn concerns(driver: Option<&DriverName>, change: &Change) -> bool {
    driver.is_none() || driver == change.contract.driver()
}

//! Accepts changes that a waiver in the base covers or that `--accept` names.
//!
//! A waiver that is part of the change applies only after it is merged.

use std::{collections::BTreeMap, fmt};

use super::{Change, ChangedItem, Difference, Severity};
use crate::{
    finding::{ContractPath, DeclarationId},
    model::{ContractField, Date, DriverName, Field, Vocabulary, Waiver},
    workspace::Workspace,
};

/// The way in which a change was accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Acceptance {
    /// A `[[waiver]]` in the base accepted the change.
    Waiver {
        /// The waiver, in the base.
        place: ContractPath,
        /// The reason that the waiver gives.
        reason: String,
        /// The owner that the waiver names.
        owner: String,
    },
    /// `--accept` accepted the change.
    Argument,
}

/// The severity and path of a change to accept: `breaking:postgres_async.class`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Accept {
    severity: Severity,
    path: String,
}

/// The error for an argument without a severity or a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidAccept;

impl fmt::Display for InvalidAccept {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("write `breaking:` or `risky:`, then the path of a change")
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
        // The path of a latency is that of its key in milliseconds.
        let path = match path.strip_suffix("_latency_us") {
            Some(latency) => latency.to_owned() + "_latency_ms",
            None => path.to_owned(),
        };
        Ok(Self { severity, path })
    }
}

impl fmt::Display for Accept {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}:{}", self.severity, self.path)
    }
}

/// An argument that matches no change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unused<'a> {
    /// No change has the severity and path of the argument.
    Nothing(&'a Accept),
    /// Several changes share the path of the argument.
    Ambiguous(Ambiguous<'a>),
}

/// An argument whose path is shared by several open changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ambiguous<'a> {
    /// The argument.
    pub argument: &'a Accept,
    /// The arguments to use instead, one per change.
    pub instead: Vec<Accept>,
}

impl fmt::Display for Unused<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Nothing(argument) => write!(formatter, "`--accept {argument}` accepts nothing"),
            Self::Ambiguous(Ambiguous { argument, instead }) => {
                let instead: Vec<_> = instead.iter().map(|one| format!("`{one}`")).collect();
                let count = instead.len();
                let instead = instead.join(", ");
                write!(
                    formatter,
                    "`--accept {argument}` matches {count} changes and accepts none; name one of \
                     {instead}"
                )
            }
        }
    }
}

impl Accept {
    /// Returns the argument that accepts a change, or `None` if the change is compatible.
    pub fn of(change: &Change) -> Option<Self> {
        let severity = change.severity;
        (severity > Severity::Compatible).then(|| Self { severity, path: change.path() })
    }

    /// Returns the argument that accepts this change for all drivers of a template. Returns `None`
    /// if the change is compatible, or if no template sets the field.
    pub fn of_template(change: &Change) -> Option<Self> {
        Some(Self { path: change.template_path()?, ..Self::of(change)? })
    }
}

impl Difference {
    /// Accepts the changes that waivers in the base cover on this date. If only a waiver on the new
    /// side covers a change, adds a note that the waiver does not apply yet.
    pub fn accept_by_waivers(&mut self, old: &Workspace, new: &Workspace, today: Date) {
        let (merged, pending) = (Waivers::new(old, today), Waivers::new(new, today));
        for change in self.changes.iter_mut().filter(|change| change.accepted.is_none()) {
            match merged.covering(change) {
                Some((number, waiver)) => {
                    change.accepted = Some(Acceptance::Waiver {
                        place: DeclarationId::Waiver(number).whole(),
                        reason: waiver.reason.to_string(),
                        owner: waiver.owner.to_string(),
                    });
                }
                None if pending.covering(change).is_some() => {
                    change.waiver_pending = true;
                    change.notes.push(PENDING.to_owned());
                }
                None => {}
            }
        }
    }

    /// Accepts one open change per argument. Returns the arguments that accept no change.
    ///
    /// An argument contains the unique path of a change, or a shared path that matches only one
    /// open change. An argument with the path of a template's field accepts the changes of all
    /// drivers of the template.
    pub fn accept_by_arguments<'a>(&mut self, arguments: &'a [Accept]) -> Vec<Unused<'a>> {
        let mut by_path: BTreeMap<Accept, Vec<usize>> = BTreeMap::new();
        for (index, change) in self.changes.iter().enumerate() {
            let Some(own) = Accept::of(change) else { continue };
            let shared = Accept { path: change.shared_path(), ..own.clone() };
            let in_project = Accept { path: change.path_in_project(), ..own.clone() };
            if in_project != own && in_project != shared {
                by_path.entry(in_project).or_default().push(index);
            }
            if shared != own {
                by_path.entry(shared).or_default().push(index);
            }
            by_path.entry(own).or_default().push(index);
        }
        let by_template = self.by_template_path();
        let accepted = |argument| match (by_path.get(argument), by_template.get(argument)) {
            (None, Some(indices)) => {
                for index in indices {
                    self.changes[*index].accepted.get_or_insert(Acceptance::Argument);
                }
                None
            }
            (indices, _) => self.accept_one(argument, indices.map_or(&[][..], Vec::as_slice)).err(),
        };
        arguments.iter().filter_map(accepted).collect()
    }

    /// Returns the changes whose field a template sets, by the field's path in the template.
    fn by_template_path(&self) -> BTreeMap<Accept, Vec<usize>> {
        let mut by_path: BTreeMap<Accept, Vec<usize>> = BTreeMap::new();
        for (index, change) in self.changes.iter().enumerate() {
            if let Some(shared) = Accept::of_template(change) {
                by_path.entry(shared).or_default().push(index);
            }
        }
        by_path
    }

    /// Accepts the change that the argument names. `indices` are the indices of the changes with
    /// the argument's path.
    fn accept_one<'a>(
        &mut self,
        argument: &'a Accept,
        indices: &[usize],
    ) -> Result<(), Unused<'a>> {
        let changes = indices.iter().map(|index| (*index, &self.changes[*index]));
        let exact = changes.clone().find(|(_, change)| change.path() == argument.path);
        let open: Vec<_> = changes.filter(|(_, change)| change.accepted.is_none()).collect();
        let index = match (exact, &*open, indices) {
            (Some((index, _)), ..) => index,
            (None, [(index, _)], _) | (None, [], [index]) => *index,
            (None, [], _) => return Err(Unused::Nothing(argument)),
            (None, open, _) => {
                let instead = open.iter().filter_map(|(_, change)| Accept::of(change)).collect();
                return Err(Unused::Ambiguous(Ambiguous { argument, instead }));
            }
        };
        self.changes[index].accepted.get_or_insert(Acceptance::Argument);
        Ok(())
    }
}

/// The note for a change whose waiver is part of the same change.
const PENDING: &str = "the waiver in this change does not apply yet: merge it first";

/// The rule, driver and field that a waiver names.
type Covered<'w> = (&'w str, Option<&'w DriverName>, Option<Field>);

/// The waivers that have not expired. If several waivers cover the same rule, driver and field,
/// only the waiver that expires last is stored.
struct Waivers<'w> {
    waivers: BTreeMap<Covered<'w>, (usize, &'w Waiver)>,
}

impl<'w> Waivers<'w> {
    fn new(workspace: &'w Workspace, today: Date) -> Self {
        let mut waivers: BTreeMap<Covered<'w>, (usize, &Waiver)> = BTreeMap::new();
        for (number, waiver) in workspace.numbered_waivers() {
            if waiver.expires < today {
                continue;
            }
            let field = waiver.field.map(ContractField::field);
            let covered = (waiver.rule.as_str(), waiver.driver.as_ref(), field);
            let best = waivers.entry(covered).or_insert((number, waiver));
            if waiver.expires > best.1.expires {
                *best = (number, waiver);
            }
        }
        Self { waivers }
    }

    /// Returns the waiver that covers a change. A waiver that names the driver takes precedence,
    /// then a waiver that names the field or a table around it, then the waiver that expires last.
    fn covering(&self, change: &Change) -> Option<(usize, &'w Waiver)> {
        // Waivers cannot accept changes of waivers, of the baseline or of the configuration.
        let is_own = matches!(
            change.contract,
            ChangedItem::Waiver(..) | ChangedItem::Baseline(_) | ChangedItem::Configuration(_)
        );
        if self.waivers.is_empty() || is_own {
            return None;
        }
        let rule = change.severity.rule()?.name;
        let fields = || ContractField::covering(change.field).map(Some).chain([None]);
        let mut candidates = [change.contract.driver(), None]
            .into_iter()
            .flat_map(|driver| fields().map(move |field| (rule, driver, field)));
        candidates.find_map(|covered| self.waivers.get(&covered).copied())
    }
}

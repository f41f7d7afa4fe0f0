//! Joins calls with the drivers and callers that they name.

mod joined;
mod names;

pub use self::joined::{CallEnd, JoinedCall};
use super::{
    CappedFindings, Declared, Finding, Numbered, Part, Pending, Workspace,
    drivers::{Drivers, Place},
    join::double,
    numbered,
};
use crate::{
    document::{CallDeclaration, CallerDeclaration, Declaration, OtherDeclarations},
    model::{Call, CallTimes, Field},
    source::SourceId,
    toml::rules::{DUPLICATE_DECLARATION, DUPLICATE_ITEM},
};

/// The callers and calls of a workspace.
#[derive(Debug, Default)]
pub(super) struct Calls {
    /// The callers, sorted by name after they are indexed.
    callers: Vec<Declared<CallerDeclaration>>,
    /// The calls, by file, then by position.
    declared: Vec<Numbered<CallDeclaration>>,
    /// The ends of each call. `None` if an end is not declared, or if the call repeats another
    /// call.
    ends: Vec<Option<Ends>>,
    /// For each list of drivers, the number of its first driver. This number equals the number of
    /// drivers in all earlier lists.
    starts: Vec<u32>,
    /// Whether a call names the driver with this number.
    called: Vec<bool>,
    /// Whether a call names a driver that could not be read.
    has_unread: bool,
    /// Whether the name of a caller could not be read. Such a caller could be any unknown caller.
    has_nameless_caller: bool,
}

/// The declarations that a call names.
#[derive(Clone, Copy, Debug)]
struct Ends {
    from: From,
    to: Place,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum From {
    Driver(Place),
    /// The caller with this index in `callers`.
    Caller(u32),
}

impl Calls {
    /// Moves the callers and calls of a document into this collection.
    pub(super) fn add(&mut self, source: SourceId, others: &mut OtherDeclarations) {
        self.has_nameless_caller |= others.nameless_caller;
        let callers = std::mem::take(&mut others.callers).into_iter();
        self.callers.extend(callers.map(|item| Declared { source, item }));
        self.declared.extend(numbered(source, std::mem::take(&mut others.calls)));
    }

    fn is_empty(&self) -> bool {
        self.callers.is_empty() && self.declared.is_empty()
    }

    /// Sorts the callers by name. Removes and reports each caller with the name of another caller
    /// or of a driver.
    fn index_callers(&mut self, drivers: &Drivers, findings: &mut CappedFindings<Pending>) {
        // Callers with the same name stay in reading order.
        self.callers.sort_by(|left, right| left.item.name().cmp(right.item.name()));
        self.callers.dedup_by(|again, first| {
            let name = again.item.name();
            let is_same = name == first.item.name();
            if is_same {
                let title = format!("{}.{name}", Field::Caller.key());
                let declaration = Declaration::Caller(name.clone());
                findings.add(double(again.source, first.source, &declaration, &title));
            }
            is_same
        });
        self.callers.retain(|caller| {
            let driver = drivers.get(caller.item.name());
            if let Some(driver) = &driver {
                findings.add(also_driver(caller, driver.source));
            }
            driver.is_none()
        });
    }

    fn caller(&self, name: &str) -> Option<u32> {
        let found = self.callers.binary_search_by(|caller| caller.item.name().as_str().cmp(name));
        u32::try_from(found.ok()?).ok()
    }

    /// Returns the number of a driver in reading order.
    fn number(&self, place: Place) -> u32 {
        self.starts[place.list as usize] + place.driver
    }

    /// Removes the ends of calls that repeat another call, and reports these calls.
    fn remove_repeated(&mut self, findings: &mut CappedFindings<Pending>) {
        let key = |(index, ends): (usize, &Option<Ends>)| {
            let Ends { from, to } = (*ends)?;
            let is_parallel = self.declared[index].item.call()?.is_parallel();
            Some(((from, to, is_parallel), index))
        };
        let mut keys: Vec<_> = self.ends.iter().enumerate().filter_map(key).collect();
        keys.sort_unstable();
        let same = keys.chunk_by(|(key, _), (next, _)| key == next).filter(|same| same.len() > 1);
        let operations = |same: &[(_, usize)]| -> u64 {
            let calls = same.iter().filter_map(|(_, index)| self.declared[*index].item.call());
            calls.map(Call::operations).sum()
        };
        let mut repeated: Vec<_> = Vec::new();
        for same in same {
            let together = Together { calls: same.len(), operations: operations(same) };
            repeated.extend(same[1..].iter().map(|(_, again)| (*again, same[0].1, together)));
        }
        repeated.sort_unstable_by_key(|(again, ..)| *again);
        for (again, first, together) in repeated {
            self.ends[again] = None;
            findings.extend(repeated_call(&self.declared[again], &self.declared[first], together));
        }
    }
}

impl Workspace {
    /// Finds the ends of every call. Reports unknown ends and repeated declarations.
    pub(super) fn resolve_calls(&mut self, findings: &mut CappedFindings<Pending>) {
        if self.calls.is_empty() {
            return;
        }
        self.calls.index_callers(&self.drivers, findings);
        self.calls.starts = self.drivers.starts();
        let ends = self.find_ends(findings);
        let Calls { declared, called, has_unread, starts, .. } = &mut self.calls;
        called.resize(self.drivers.len(), false);
        for (call, (_, to)) in declared.iter().zip(&ends) {
            *has_unread |= call.item.is_invalid() && call.item.to().is_none();
            if let Some(to) = to {
                called[(starts[to.list as usize] + to.driver) as usize] = true;
            }
        }
        let both = |(from, to): (Option<From>, Option<Place>)| Some(Ends { from: from?, to: to? });
        self.calls.ends = ends.into_iter().map(both).collect();
        self.calls.remove_repeated(findings);
    }

    /// Returns true if a call names this driver, or if a call with read errors might name it.
    pub(crate) fn is_called(&self, driver: &str) -> bool {
        let Calls { declared, called, has_unread, .. } = &self.calls;
        if declared.is_empty() {
            return false;
        }
        let place = self.drivers.find(driver);
        *has_unread || place.is_some_and(|place| called[self.calls.number(place) as usize])
    }
}

fn at(call: &Numbered<CallDeclaration>, part: Part) -> Pending {
    Pending { source: call.source, declaration: Declaration::Call(call.index), part }
}

/// Reports a caller with the name of a driver.
#[cold]
fn also_driver(caller: &Declared<CallerDeclaration>, driver: SourceId) -> Finding<Pending> {
    let name = caller.item.name();
    let of_caller = Declaration::Caller(name.clone());
    let of_driver = Declaration::Driver(name.clone());
    let at = |source, declaration| Pending { source, declaration, part: Part::Name };
    DUPLICATE_DECLARATION
        .finding(at(caller.source, of_caller), format!("`{name}` is both a driver and a caller"))
        .also(at(driver, of_driver), "declared as a driver here")
        .help("rename one of the two, or remove the caller; `from` of a call can name a driver")
}

/// The totals of several calls with the same ends.
#[derive(Clone, Copy, Debug)]
struct Together {
    calls: usize,
    /// The total number of operations of these calls.
    operations: u64,
}

/// Reports a call with the same ends as an earlier call.
#[cold]
fn repeated_call(
    again: &Numbered<CallDeclaration>,
    first: &Numbered<CallDeclaration>,
    Together { calls, operations }: Together,
) -> Option<Finding<Pending>> {
    let call = again.item.call()?;
    let message = format!("the call from `{}` to `{}` is declared twice", call.from, call.to);
    let finding = DUPLICATE_ITEM
        .finding(at(again, Part::Whole), message)
        .also(at(first, Part::Whole), "first declared here")
        .help(match calls {
            _ if operations > CallTimes::MAX => "remove one of the two".to_owned(),
            ..=2 => {
                format!("remove one of the two; if both happen, write `times = {operations}` in the other")
            }
            _ => format!(
                "remove all but one; if all {calls} happen, write `times = {operations}` in that one"
            ),
        });
    Some(finding)
}

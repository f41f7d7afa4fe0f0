//! Finds the drivers and callers that calls name, and reports unknown names.

use std::collections::HashMap;

use super::{
    super::{CappedFindings, Finding, Numbered, Part, Pending, Workspace, neighbours::Neighbours},
    Drivers, From, Place, at,
};
use crate::{
    document::CallDeclaration,
    model::{DriverName, Field},
    source::SourceId,
    workspace::rules::UNKNOWN_DRIVER,
};

/// The number of lookups in the sorted list before a hash map is built. A lookup in the sorted list
/// is slow because it reads many names from scattered memory.
const FEW: usize = 256;

/// The drivers by name. Builds a hash map if there are many lookups.
struct Lookup<'w> {
    drivers: &'w Drivers,
    /// The number of lookups that did not find the driver in the call's own document.
    far: usize,
    by_name: HashMap<&'w str, Place>,
}

impl Lookup<'_> {
    /// Returns the driver with this name. Searches the document of the call first.
    fn find(&mut self, name: &str, source: SourceId) -> Option<Place> {
        self.drivers.find_in(name, source).or_else(|| self.find_far(name))
    }

    fn find_far(&mut self, name: &str) -> Option<Place> {
        self.far += 1;
        if self.far <= FEW {
            return self.drivers.find(name);
        }
        if self.by_name.is_empty() {
            self.by_name = self.drivers.places().collect();
        }
        self.by_name.get(name).copied()
    }
}

/// The names to suggest for the two ends of a call.
struct Suggestions<'w> {
    from: Neighbours<'w>,
    to: Neighbours<'w>,
}

impl Workspace {
    /// Returns the declarations of the two ends of each call. Reports unknown names.
    pub(super) fn find_ends(
        &self,
        findings: &mut CappedFindings<Pending>,
    ) -> Vec<(Option<From>, Option<Place>)> {
        let callers = std::iter::once_with(|| self.calls.callers.iter()).flatten();
        let callers = callers.map(|caller| caller.item.name().as_str());
        let mut suggestions = Suggestions {
            from: Neighbours::of_callers(self.driver_names(), callers),
            to: Neighbours::new(Field::Driver, self.driver_names()),
        };
        let mut drivers = Lookup { drivers: &self.drivers, far: 0, by_name: HashMap::new() };
        let calls = self.calls.declared.iter();
        calls.map(|call| self.ends_of(call, &mut drivers, &mut suggestions, findings)).collect()
    }

    fn ends_of(
        &self,
        call: &Numbered<CallDeclaration>,
        drivers: &mut Lookup<'_>,
        suggestions: &mut Suggestions<'_>,
        findings: &mut CappedFindings<Pending>,
    ) -> (Option<From>, Option<Place>) {
        let mut driver = |name: &DriverName| drivers.find(name, call.source);
        let from = call.item.from().and_then(|name| {
            let caller = self.calls.caller(name).map(From::Caller);
            let found = caller.or_else(|| driver(name).map(From::Driver));
            if found.is_none() {
                findings.extend(self.unknown_from(name, call, &mut suggestions.from));
            }
            found
        });
        let to = call.item.to().and_then(|name| {
            let found = driver(name);
            if found.is_none() {
                findings.extend(self.unknown_to(name, call, &mut suggestions.to));
            }
            found
        });
        (from, to)
    }

    #[cold]
    fn unknown_from(
        &self,
        name: &DriverName,
        call: &Numbered<CallDeclaration>,
        neighbours: &mut Neighbours<'_>,
    ) -> Option<Finding<Pending>> {
        if self.calls.has_nameless_caller || self.may_be_lost(name) {
            return None;
        }
        let message = format!("no document declares `driver.{name}` or `caller.{name}`");
        let finding = UNKNOWN_DRIVER.finding(at(call, Part::Field(Field::From)), message);
        Some(finding.help(self.help(name, neighbours)))
    }

    #[cold]
    fn unknown_to(
        &self,
        name: &DriverName,
        call: &Numbered<CallDeclaration>,
        neighbours: &mut Neighbours<'_>,
    ) -> Option<Finding<Pending>> {
        if self.may_be_lost(name) {
            return None;
        }
        let message = format!("no document declares `driver.{name}`");
        let finding = UNKNOWN_DRIVER.finding(at(call, Part::Field(Field::To)), message);
        Some(match self.calls.caller(name) {
            Some(_) => finding.help(format!("name a driver; `{name}` is a caller")),
            None => finding.help(self.help(name, neighbours)),
        })
    }

    fn help(&self, name: &DriverName, neighbours: &mut Neighbours<'_>) -> String {
        match self.template(name) {
            Some(_) => format!("name a driver; `{name}` is a template"),
            None => neighbours.help(name),
        }
    }

    /// Returns true if a driver whose name could not be read, or a text that could not be parsed,
    /// might be the declaration of this driver.
    fn may_be_lost(&self, name: &str) -> bool {
        self.has_nameless_driver || self.may_stand_in_broken_text(name)
    }
}

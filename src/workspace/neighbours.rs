//! Suggests names for drivers that no document declares.

use std::{cell::LazyCell, collections::BTreeMap};

use crate::{model::DriverName, toml::spelling::nearest};

/// The maximum number of names in a help text.
const LISTED: usize = 5;
/// The maximum number of pairs of names to compare, which takes a second or two.
const MOST_COMPARED: usize = 1_000_000;

type Names<'w> = Vec<&'w str>;

/// The declared drivers, and the help texts for unknown names so far.
pub(super) struct Neighbours<'w> {
    /// The names, sorted when they are first needed.
    declared: LazyCell<Names<'w>, Box<dyn FnOnce() -> Names<'w> + 'w>>,
    compared: usize,
    said: BTreeMap<DriverName, String>,
}

impl<'w> Neighbours<'w> {
    /// Creates suggestions from the declared drivers, sorted by name.
    pub(super) fn new(declared: impl Iterator<Item = &'w DriverName> + 'w) -> Self {
        let names = Box::new(|| declared.map(DriverName::as_str).collect());
        Self { declared: LazyCell::new(names), compared: 0, said: BTreeMap::new() }
    }

    /// Returns the help text for an unknown name: the most similar name, or some declared names.
    pub(super) fn help(&mut self, name: &DriverName) -> String {
        if let Some(help) = self.said.get(name) {
            return help.clone();
        }
        let help = match self.nearest(name) {
            Some(intended) => format!("did you mean `{intended}`?"),
            None => self.declare_or_name(name),
        };
        self.said.insert(name.clone(), help.clone());
        help
    }

    /// Returns the most similar name. Stops comparing after [`MOST_COMPARED`] pairs, because
    /// thousands of unknown names are not misspellings.
    fn nearest(&mut self, name: &str) -> Option<&'w str> {
        self.compared += self.declared.len();
        let is_worth_it = self.compared <= self.declared.len().max(MOST_COMPARED);
        if is_worth_it { nearest(name, self.declared.iter().copied()) } else { None }
    }

    fn declare_or_name(&self, name: &str) -> String {
        let names = self.declared.iter().take(LISTED + 1);
        let mut listed: Vec<String> = names.map(|name| format!("`{name}`")).collect();
        if listed.len() > LISTED {
            "…".clone_into(&mut listed[LISTED]);
        }
        match &listed[..] {
            [] => format!("declare `[driver.{name}]`"),
            [only] => format!("declare `[driver.{name}]`, or name {only}"),
            _ => format!("declare `[driver.{name}]`, or name one of {}", listed.join(", ")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(count: usize) -> Vec<DriverName> {
        (0..count).map(|number| DriverName::new(format!("driver_{number:05}")).unwrap()).collect()
    }

    #[test]
    fn comparisons_are_limited() {
        let declared = names(2_000);
        let mut neighbours = Neighbours::new(declared.iter());
        for number in 0..2_000 {
            let unknown = DriverName::new(format!("driverz{number:05}")).unwrap();
            let help = neighbours.help(&unknown);
            assert_eq!(help, neighbours.help(&unknown), "the second help text is equal");
            let compared = number < MOST_COMPARED / declared.len();
            assert_eq!(help == format!("did you mean `driver_{number:05}`?"), compared);
            assert_eq!(help.starts_with("declare `[driver.driverz"), !compared);
        }
        assert_eq!(neighbours.compared, 2_000 * 2_000, "a name is compared at most once");
    }
}

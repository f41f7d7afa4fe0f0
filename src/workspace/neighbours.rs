//! What was meant by the name of a driver that no document declares.

use std::{cell::LazyCell, collections::BTreeMap};

use crate::{model::DriverName, toml::spelling::nearest};

/// How many names a help text lists.
const LISTED: usize = 5;
/// How many pairs of names are compared; a second or two of work.
const MOST_COMPARED: usize = 1_000_000;

type Names<'w> = Vec<&'w str>;

/// The declared drivers, and what was said already of names that are none of them.
pub(super) struct Neighbours<'w> {
    /// By name; mostly nobody asks.
    declared: LazyCell<Names<'w>, Box<dyn FnOnce() -> Names<'w> + 'w>>,
    compared: usize,
    said: BTreeMap<DriverName, String>,
}

impl<'w> Neighbours<'w> {
    /// The drivers that are declared, by name.
    pub(super) fn new(declared: impl Iterator<Item = &'w DriverName> + 'w) -> Self {
        let names = Box::new(|| declared.map(DriverName::as_str).collect());
        Self { declared: LazyCell::new(names), compared: 0, said: BTreeMap::new() }
    }

    /// How to repair a name: the one that was meant, else names that there are.
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

    /// The name that was meant. Where thousands of names are unknown among thousands, they are no
    /// misspellings, and no more are compared.
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
    fn the_work_is_bounded() {
        let declared = names(2_000);
        let mut neighbours = Neighbours::new(declared.iter());
        for number in 0..2_000 {
            let unknown = DriverName::new(format!("driverz{number:05}")).unwrap();
            let help = neighbours.help(&unknown);
            assert_eq!(help, neighbours.help(&unknown), "the same is said again");
            let compared = number < MOST_COMPARED / declared.len();
            assert_eq!(help == format!("did you mean `driver_{number:05}`?"), compared);
            assert_eq!(help.starts_with("declare `[driver.driverz"), !compared);
        }
        assert_eq!(neighbours.compared, 2_000 * 2_000, "a name is compared at most once");
    }
}

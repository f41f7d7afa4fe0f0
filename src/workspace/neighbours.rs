//! Suggests names for drivers and templates that no document declares.

use std::{cell::LazyCell, collections::BTreeMap};

use crate::{model::Field, toml::spelling::nearest};

/// The maximum number of names in a help text.
const LISTED: usize = 5;
/// The maximum number of pairs of names to compare. This number of comparisons takes one or two
/// seconds.
const MOST_COMPARED: usize = 1_000_000;

type Names<'w> = Vec<&'w str>;

/// The declared drivers or templates, and the help texts for the unknown names that were found so
/// far.
pub(super) struct Neighbours<'w> {
    /// The tables whose keys are the names.
    tables: &'static [Field],
    /// The names. They are sorted when a suggestion is needed for the first time.
    declared: LazyCell<Names<'w>, Box<dyn FnOnce() -> Names<'w> + 'w>>,
    compared: usize,
    said: BTreeMap<String, String>,
}

impl<'w> Neighbours<'w> {
    /// Creates suggestions from the names that a table declares, which must be sorted.
    pub(super) fn new(table: Field, declared: impl Iterator<Item = &'w str> + 'w) -> Self {
        let tables: &[Field] =
            if table == Field::Template { &[Field::Template] } else { &[Field::Driver] };
        Self::lazy(tables, || declared.collect())
    }

    /// Creates suggestions from the names of drivers and callers, which must both be sorted.
    pub(super) fn of_callers(
        drivers: impl Iterator<Item = &'w str> + 'w,
        callers: impl Iterator<Item = &'w str> + 'w,
    ) -> Self {
        Self::lazy(&[Field::Driver, Field::Caller], || {
            let mut names: Names<'_> = drivers.chain(callers).collect();
            names.sort_unstable();
            names
        })
    }

    fn lazy(tables: &'static [Field], names: impl FnOnce() -> Names<'w> + 'w) -> Self {
        let declared = LazyCell::new(Box::new(names) as Box<dyn FnOnce() -> Names<'w> + 'w>);
        Self { tables, declared, compared: 0, said: BTreeMap::new() }
    }

    /// Returns the help text for an unknown name: the most similar name, or some declared names.
    pub(super) fn help(&mut self, name: &str) -> String {
        if let Some(help) = self.said.get(name) {
            return help.clone();
        }
        let help = match self.nearest(name) {
            Some(intended) => format!("did you mean `{intended}`?"),
            None => self.declare_or_name(name),
        };
        self.said.insert(name.to_owned(), help.clone());
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
        let headers = self.tables.iter().map(|table| format!("`[{}.{name}]`", table.key()));
        let headers = headers.collect::<Vec<_>>().join(" or ");
        let names = self.declared.iter().take(LISTED + 1);
        let mut listed: Vec<String> = names.map(|name| format!("`{name}`")).collect();
        if listed.len() > LISTED {
            "…".clone_into(&mut listed[LISTED]);
        }
        match &listed[..] {
            [] => format!("declare {headers}"),
            [only] => format!("declare {headers}, or name {only}"),
            _ => format!("declare {headers}, or name one of {}", listed.join(", ")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(count: usize) -> Vec<String> {
        (0..count).map(|number| format!("driver_{number:05}")).collect()
    }

    #[test]
    fn help_compares_limited_number_of_names() {
        let declared = names(2_000);
        let mut neighbours = Neighbours::new(Field::Driver, declared.iter().map(String::as_str));
        for number in 0..2_000 {
            let unknown = format!("driverz{number:05}");
            let help = neighbours.help(&unknown);
            assert_eq!(help, neighbours.help(&unknown), "the second help text is equal");
            let compared = number < MOST_COMPARED / declared.len();
            assert_eq!(help == format!("did you mean `driver_{number:05}`?"), compared);
            assert_eq!(help.starts_with("declare `[driver.driverz"), !compared);
        }
        assert_eq!(neighbours.compared, 2_000 * 2_000, "a name is compared at most once");
    }
}

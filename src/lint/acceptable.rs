//! Lists the rules whose findings can be suppressed and waived.

use crate::{
    finding::Rule,
    rules::{self, Check},
    toml::spelling::nearest,
};

/// Returns the rule with this name if its findings can be suppressed and waived. Read errors, and
/// findings about suppressions and waivers, cannot be suppressed or waived.
pub(super) fn acceptable(name: &str) -> Option<&'static Rule> {
    acceptable_rules().find(|rule| rule.name == name)
}

fn acceptable_rules() -> impl Iterator<Item = &'static Rule> {
    let lints = rules::ALL.iter();
    let lints = lints.filter(|lint| !matches!(lint.check, Check::Reader | Check::Acceptance));
    lints.map(|lint| lint.rule)
}

/// Returns the help text for a name for which [`acceptable`] returns `None`.
pub(super) fn intended(name: &str) -> String {
    match nearest(name, acceptable_rules().map(|rule| rule.name)) {
        Some(intended) => format!("did you mean `{intended}`?"),
        None => "name a rule that `driverc rule` lists".to_owned(),
    }
}

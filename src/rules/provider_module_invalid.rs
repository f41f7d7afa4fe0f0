//! The module that implements a driver can be looked for in code.

use super::{Check, DriverView, Field, Findings, Level, Lint, Rule};

pub(super) const LINT: Lint = Lint { rule: &RULE, check: Check::Driver(check) };

static RULE: Rule = Rule {
    name: "provider-module-invalid",
    level: Level::Error,
    summary: "a text cannot be the path of a module",
    docs: include_str!("docs/provider_module_invalid.md"),
    parameters: &[],
    on: true,
    fixes: None,
};

/// What stands in names of modules besides letters and digits.
const IN_NAMES: [char; 9] = ['_', '.', '@', '-', '~', '$', '#', '+', '!'];
const SEPARATORS: [char; 3] = [':', '/', '\\'];

fn check(view: &DriverView<'_>, findings: &mut Findings) {
    let module = &view.contract.provider_module;
    if let Some(fault) = fault(module) {
        let finding = RULE
            .finding(view.at(Field::ProviderModule), format!("the module `{module}` {fault}"))
            .help("write the path of the module as the code names it, such as `sqlx::postgres`");
        findings.push(finding);
    }
}

/// What is wrong with the path of a module, if anything is.
fn fault(module: &str) -> Option<String> {
    let fits = |character: char| {
        character.is_alphanumeric()
            || IN_NAMES.contains(&character)
            || SEPARATORS.contains(&character)
    };
    if let Some(stray) = module.chars().find(|character| !fits(*character)) {
        return Some(format!("contains `{stray}` (U+{:04X})", u32::from(stray)));
    }
    let mut rest = module;
    loop {
        let segment = rest.find(SEPARATORS).unwrap_or(rest.len());
        if segment == 0 {
            return Some("has an empty segment".to_owned());
        }
        let mut behind = rest[segment..].chars();
        behind.next()?;
        let after = &rest[segment..];
        let long = ["://", "::"].iter().find_map(|separator| after.strip_prefix(separator));
        rest = long.unwrap_or(behind.as_str());
    }
}

#[cfg(test)]
mod tests {
    use super::fault;

    #[test]
    fn paths_of_many_languages_fit() {
        for module in [
            "sqlx::postgres",
            "github.com/jackc/pgx/v5",
            "git.sr.ht/~team/store",
            "@aws-sdk/client-s3",
            "node:fs",
            "#internal/store",
            "org.apache.kafka.clients.producer.KafkaProducer$Builder",
            "Doctrine\\DBAL\\Driver",
            "https://deno.land/x/postgres@v0.17.0/mod.ts",
            "größe",
        ] {
            assert_eq!(fault(module), None, "{module}");
        }
    }

    #[test]
    fn separators_stand_between_names() {
        for module in ["sqlx::", "::sqlx", "a:::b", "a//b", "/", "a:/b", "a:///b"] {
            assert_eq!(fault(module).as_deref(), Some("has an empty segment"), "{module}");
        }
        assert_eq!(fault("a (b)").as_deref(), Some("contains ` ` (U+0020)"));
    }
}

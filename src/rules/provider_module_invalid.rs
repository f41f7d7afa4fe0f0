//! Reports a `provider_module` that is not a module path.

use super::{Check, DriverView, Field, Level, Lint, Rule, RuleFindings, rule};

pub(super) const LINT: Lint = Lint { rule: &RULE, check: Check::Driver(check) };

static RULE: Rule =
    rule!("provider-module-invalid", Level::Error, "`provider_module` is not a module path");

/// The characters that names of modules, types, packages and targets can contain, in addition to
/// letters and digits.
const IN_NAMES: &str = "_.@-~$#+!%=?&<>[]`*";
const SEPARATORS: [char; 3] = [':', '/', '\\'];

fn check(view: &DriverView<'_>, findings: &mut RuleFindings) {
    let module = &view.contract.provider_module;
    if let Some(fault) = fault(module) {
        let finding = RULE
            .finding(view.at(Field::ProviderModule), format!("the module `{module}` {fault}"))
            .help("write the path of the module, such as `sqlx::postgres`");
        findings.push(finding);
    }
}

/// Returns the error in a module path, if there is one.
fn fault(module: &str) -> Option<String> {
    // .NET writes the assembly after the type: `Npgsql.NpgsqlDataSource, Npgsql`.
    let mut parts = module.split(',').enumerate();
    parts.find_map(|(number, part)| {
        let part = if number == 0 { part } else { part.strip_prefix(' ').unwrap_or(part) };
        fault_of_part(part)
    })
}

fn fault_of_part(part: &str) -> Option<String> {
    let fits = |character: char| {
        character.is_alphanumeric()
            || IN_NAMES.contains(character)
            || SEPARATORS.contains(&character)
    };
    if let Some(stray) = part.chars().find(|character| !fits(*character)) {
        return Some(format!("contains `{stray}` (U+{:04X})", u32::from(stray)));
    }
    let mut rest = from_root(part);
    loop {
        let segment = rest.find(SEPARATORS).unwrap_or(rest.len());
        if segment == 0 {
            return Some("has an empty segment".to_owned());
        }
        let mut behind = rest[segment..].chars();
        behind.next()?;
        let after = &rest[segment..];
        // Bazel writes two slashes after a repository: `@db//driver:postgres`.
        let of_repository = rest.starts_with('@').then_some("//");
        let mut long = ["://", "::"].into_iter().chain(of_repository);
        let long = long.find_map(|separator| after.strip_prefix(separator));
        rest = long.unwrap_or(behind.as_str());
    }
}

/// Returns the path without a prefix that only marks its start, such as `//` in Bazel and `::` in
/// Rust.
fn from_root(path: &str) -> &str {
    let starts = ["//", "::", "/", ":"];
    starts.iter().find_map(|start| path.strip_prefix(start)).unwrap_or(path)
}

#[cfg(test)]
mod tests {
    use super::fault;

    #[test]
    fn module_paths_of_many_languages_are_valid() {
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
            "Npgsql.NpgsqlDataSource, Npgsql",
            "Npgsql.NpgsqlDataSource, Npgsql, Version=8.0.0.0, Culture=neutral",
            "System.Collections.Generic.List`1[[Npgsql.NpgsqlConnection, Npgsql]]",
            "//db/driver:postgres",
            "@rules_db//driver:postgres",
            ":postgres",
            "::sqlx::postgres",
            "/srv/app/db.py",
            "../store/client.ts",
            "sqlx::Pool<sqlx::Postgres>",
            "pkg.store:Client",
            "https://esm.sh/pg@8?target=deno",
        ] {
            assert_eq!(fault(module), None, "{module}");
        }
    }

    #[test]
    fn empty_segment_between_separators_is_invalid() {
        for module in ["sqlx::", "a:::b", "a//b", "/", "//", "a:/b", "a:///b", "a,", "a, , b"] {
            assert_eq!(fault(module).as_deref(), Some("has an empty segment"), "{module}");
        }
        assert_eq!(fault("a (b)").as_deref(), Some("contains ` ` (U+0020)"));
        assert_eq!(fault("the pool, of sqlx").as_deref(), Some("contains ` ` (U+0020)"));
    }
}

//! Changes of a template, as formats for people show them.

use driverc::{
    configuration::Configuration,
    diff::{Difference, Severity},
    report::{
        Style,
        diff::{DiffFormat, DiffReport, how_to_accept, write},
    },
    workspace::Workspace,
};

use super::{TEMPLATE, fleet, named};

fn report<'c>(
    difference: &'c Difference,
    old: &'c Workspace,
    new: &'c Workspace,
) -> DiffReport<'c> {
    let (against, directory, fail_on) = ("main", "", Severity::Risky);
    DiffReport { difference, old, new, against, directory, fail_on }
}

fn between(old: &Workspace, new: &Workspace) -> Difference {
    Difference::between(old, new, &Configuration::default())
}

fn full(old: &Workspace, new: &Workspace) -> String {
    let mut out = Vec::new();
    let difference = between(old, new);
    let report = report(&difference, old, new);
    write(DiffFormat::Full, &report, &Style::default(), &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

#[test]
fn diff_shows_template_texts_with_placeholders() {
    let changed = TEMPLATE.replace("{driver}_client_timeouts", "{driver}x_client_timeouts");
    for names in [["a", "b"], ["client", "timeouts"]] {
        let [old, new] = [TEMPLATE, &changed].map(|template| fleet(template, &named(&names)));
        let text = full(&old, &new);
        let line = "changed from `{driver}_client_timeouts_total` to \
                    `{driver}x_client_timeouts_total`\n";
        assert!(text.contains(line), "{text}");
        for token in ["{driver}_client_timeouts_total", "{driver}x_client_timeouts_total"] {
            assert!(text.contains(&format!("  telemetry.timeout_metric={token}\n")), "{text}");
        }
        assert!(text.contains(&format!("applies to `{}`, `{}`\n", names[0], names[1])), "{text}");
    }
}

#[test]
fn diff_percent_encodes_template_text_in_signature_token() {
    let changed = TEMPLATE.replace("sqlx::{driver}", "sqlx {driver}");
    let [old, new] = [TEMPLATE, &changed].map(|template| fleet(template, &named(&["a", "b"])));
    let text = full(&old, &new);
    assert!(text.contains("from `sqlx::{driver}` to `sqlx {driver}`"), "{text}");
    assert!(text.contains("  provider_module=sqlx%20{driver}\n"), "{text}");
}

#[test]
fn suggested_accept_option_covers_all_drivers_of_template() {
    let changed = TEMPLATE.replace("max_attempts = 12", "max_attempts = 13");
    let hint = |names: &[&str]| {
        let [old, new] = [TEMPLATE, &changed].map(|template| fleet(template, &named(names)));
        let mut difference = between(&old, &new);
        let line = how_to_accept(&report(&difference, &old, &new)).unwrap();
        let argument = line.rsplit("--accept ").next().unwrap().trim_end_matches('`').to_owned();
        assert_eq!(difference.accept_by_arguments(&[argument.parse().unwrap()]), []);
        assert_eq!(difference.open().count(), 0);
        argument
    };
    assert_eq!(hint(&["a", "b"]), "risky:template.sqlx_pg.retry_policy.max_attempts");
    assert_eq!(hint(&["a"]), "risky:a.retry_policy.max_attempts");
}

#[test]
fn folded_change_names_consumers_of_all_its_drivers() {
    let changed = TEMPLATE.replace("max_attempts = 12", "max_attempts = 13");
    let requirement = |consumer: &str, driver: &str, attempts: u32| {
        format!(
            "[[requirement]]\nconsumer = \"{consumer}\"\ndriver = \"{driver}\"\nowner = \"o\"\n\
             reason = \"r\"\nmax_attempts = {attempts}\n"
        )
    };
    let requirements = requirement("billing", "a", 12)
        + &requirement("search", "b", 12)
        + &requirement("audit", "a", 20);
    let [old, new] =
        [TEMPLATE, &changed].map(|template| fleet(template, &(named(&["a", "b"]) + &requirements)));
    let text = full(&old, &new);
    assert!(text.contains("breaking[template.sqlx_pg.retry_policy.max_attempts]"), "{text}");
    assert!(text.contains("    breaks `billing` and `search`; not `audit`\n"), "{text}");
}

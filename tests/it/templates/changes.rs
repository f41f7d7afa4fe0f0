//! Changes of a template, as formats for people show them.

use driverc::{
    configuration::Configuration,
    diff::{Difference, Severity},
    report::{
        Style,
        diff::{DiffFormat, DiffReport, write},
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
fn diff_shows_the_texts_of_the_template() {
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
fn diff_encodes_the_token_of_a_template() {
    let changed = TEMPLATE.replace("sqlx::{driver}", "sqlx {driver}");
    let [old, new] = [TEMPLATE, &changed].map(|template| fleet(template, &named(&["a", "b"])));
    let text = full(&old, &new);
    assert!(text.contains("from `sqlx::{driver}` to `sqlx {driver}`"), "{text}");
    assert!(text.contains("  provider_module=sqlx%20{driver}\n"), "{text}");
}

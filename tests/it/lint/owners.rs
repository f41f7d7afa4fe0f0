//! Owners: the entry of `[owners]` that sets the owner of each finding.

use driverc::{lint::Findings, workspace::Configuration};

use super::{BASE, RULE, TODAY, check_on, configured, with_attempts, workspace};

/// The owner of each finding, with the name of its file.
fn owners(documents: &[(&str, &str)], configuration: &Configuration) -> Vec<String> {
    let workspace = workspace(documents);
    let Findings { open, accepted, .. } = check_on(&workspace, configuration, TODAY);
    let all = open.iter().chain(accepted.iter().map(|accepted| &accepted.finding));
    let text = all.map(|finding| {
        let owner = finding.owner.as_deref().unwrap_or("-");
        let file = workspace.sources().source(finding.place.source).name();
        format!("{file} {}: {owner}", finding.rule.name)
    });
    text.collect()
}

#[test]
fn driver_has_owner_of_its_tier() {
    let contract = with_attempts("max_attempts = 4");
    let documents = [("a.toml", &*contract)];
    for (owned, owner) in [("tier1", "data team"), ("tier2", "-")] {
        let configuration = configured(&format!("[owners]\n{owned} = \"data team\""));
        assert_eq!(owners(&documents, &configuration), [format!("a.toml {RULE}: {owner}")]);
    }
    assert_eq!(owners(&documents, &Configuration::default()), [format!("a.toml {RULE}: -")]);
}

#[test]
fn file_takes_precedence_over_tier() {
    let contract = with_attempts("max_attempts = 4");
    let configuration = configured("[owners]\ntier1 = \"tier\"\n\"a/**\" = \"files\"");
    let of = |file| owners(&[(file, &*contract)], &configuration);
    assert_eq!(of("a/b.toml"), [format!("a/b.toml {RULE}: files")]);
    assert_eq!(of("b.toml"), [format!("b.toml {RULE}: tier")]);
}

#[test]
fn reading_errors_and_waivers_have_owner_of_file_only() {
    let waiver = format!(
        "[[waiver]]\nrule = \"{RULE}\"\ndriver = \"example\"\nreason = \"a\"\nowner = \"b\"\n\
         expires = 2020-01-01\n"
    );
    let documents = [("a.toml", BASE), ("b.toml", &waiver), ("c.toml", "unknown = 1\n")];
    let tier = configured("[owners]\ntier1 = \"tier\"");
    let file = configured("[owners]\ntier1 = \"tier\"\n\"*.toml\" = \"files\"");
    for (configuration, owner) in [(tier, "-"), (file, "files")] {
        let found = owners(&documents, &configuration);
        let expected = ["b.toml waiver-expired", "c.toml unknown-key"];
        assert_eq!(found, expected.map(|finding| format!("{finding}: {owner}")));
    }
}

#[test]
fn finding_of_driver_with_read_error_has_owner_of_its_tier() {
    let contract = with_attempts("max_attempts = 4").replace("max_queue_depth", "max_queue");
    let configuration = configured("[owners]\ntier1 = \"tier\"");
    let found = owners(&[("a.toml", &contract)], &configuration);
    assert!(found.contains(&format!("a.toml {RULE}: tier")), "{found:?}");
}

#[test]
fn accepted_finding_has_owner() {
    let comment = format!("max_attempts = 4 # driverc: ignore[{RULE}] why");
    let contract = with_attempts(&comment);
    let configuration = configured("[owners]\ntier1 = \"tier\"");
    assert_eq!(owners(&[("a.toml", &contract)], &configuration), [format!("a.toml {RULE}: tier")]);
}

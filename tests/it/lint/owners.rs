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
fn read_errors_have_owner_of_file_and_waivers_have_their_own() {
    let waiver = format!(
        "[[waiver]]\nrule = \"{RULE}\"\ndriver = \"example\"\nreason = \"a\"\nowner = \"b\"\n\
         expires = 2020-01-01\n"
    );
    let documents = [("a.toml", BASE), ("b.toml", &waiver), ("c.toml", "unknown = 1\n")];
    let tier = configured("[owners]\ntier1 = \"tier\"");
    let file = configured("[owners]\ntier1 = \"tier\"\n\"*.toml\" = \"files\"");
    for (configuration, of_waiver, of_file) in [(tier, "b", "-"), (file, "files", "files")] {
        let found = owners(&documents, &configuration);
        let waiver = format!("b.toml waiver-expired: {of_waiver}");
        assert_eq!(found, [waiver, format!("c.toml unknown-key: {of_file}")]);
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

#[test]
fn waived_finding_has_owner_of_waiver_unless_configuration_names_one() {
    let waiver = format!(
        "[[waiver]]\nrule = \"{RULE}\"\nreason = \"a\"\nowner = \"b\"\nexpires = 2099-01-01\n"
    );
    let contract = with_attempts("max_attempts = 4") + "\n" + &waiver;
    for (owners_of, owner) in [("", "b"), ("[owners]\ntier1 = \"tier\"", "tier")] {
        let found = owners(&[("a.toml", &*contract)], &configured(owners_of));
        assert_eq!(found, [format!("a.toml {RULE}: {owner}")]);
    }
}

#[test]
fn owner_of_requirement_takes_precedence() {
    let requirement = "\n[[requirement]]\nconsumer = \"billing\"\ndriver = \"example\"\n\
                       owner = \"payments\"\nreason = \"a\"\nmax_attempts = 2\n";
    let contract = BASE.to_owned() + requirement;
    let of = |owners_of: &str| owners(&[("a.toml", &*contract)], &configured(owners_of));
    for owners_of in ["", "[owners]\ntier1 = \"tier\"\n\"*.toml\" = \"files\""] {
        assert_eq!(of(owners_of), ["a.toml requirement-unmet: payments"]);
    }
    let waiver = "\n[[waiver]]\nrule = \"requirement-unmet\"\ndriver = \"example\"\nreason = \"a\"\n\
                  owner = \"b\"\nexpires = 2099-01-01\n";
    let both = contract.clone() + waiver;
    let found = owners(&[("a.toml", &*both)], &configured(""));
    assert_eq!(found, ["a.toml requirement-unmet: payments"]);
}

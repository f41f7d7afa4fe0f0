//! The starter sets of the documentation, alone and in one project.

use std::{fs, path::Path};

use serde_json::Value;

use crate::cli::sandbox::Sandbox;

/// The starter sets of both pages: a heading, the text of `driverc.toml`, and a document with its
/// path.
pub(crate) fn starter_sets() -> Vec<(String, String, String, String)> {
    let page = concat!(
        include_str!("../../docs/starter-data.md"),
        include_str!("../../docs/starter-services.md"),
    );
    let sections = page.split("\n## ").skip(1);
    let set = |section: &str| {
        let (heading, body) = section.split_once('\n').unwrap();
        let blocks = body.split("```toml\n").skip(1).map(|rest| rest.split("```").next().unwrap());
        let blocks: Vec<_> = blocks.map(|block| block.split_once('\n').unwrap()).collect();
        let [("# driverc.toml", words), (path, document)] = blocks[..] else {
            panic!("{heading}: {blocks:?}")
        };
        let path = path.strip_prefix("# ").unwrap();
        (heading.to_owned(), words.to_owned(), path.to_owned(), document.to_owned())
    };
    sections.map(set).collect()
}

#[test]
fn starter_sets_have_no_findings_and_meet_their_budgets() {
    let sets = starter_sets();
    let headings: Vec<_> = sets.iter().map(|(heading, ..)| heading.as_str()).collect();
    assert_eq!(headings.len(), 6, "{headings:?}");
    for (heading, words, path, document) in &sets {
        let sandbox = Sandbox::repository(&[("driverc.toml", words), (path, document)]);
        sandbox.run(&["check", "--show", "info"]).assert_clean();
        assert!(sandbox.run(&["compile"]).stdout.starts_with("driver|v1|"), "{heading}");
        let run = sandbox.run(&["budget", "--simulate", "--output-format", "json"]);
        let report: Value = serde_json::from_str(&run.stdout).unwrap();
        assert_eq!(report["pairs"].as_array().unwrap().len(), 1, "{heading}");
        assert_eq!(report["pairs"][0]["verdict"], "pass", "{heading}: {}", run.stdout);
    }
}

#[test]
fn starter_sets_can_share_one_project() {
    let sets = starter_sets();
    let required = "[required_capabilities]\n";
    let (mut words, mut capabilities) = (String::new(), required.to_owned());
    let mut files = Vec::new();
    for (_, own, path, document) in &sets {
        let (vocabulary, class) = own.split_once(required).unwrap();
        words += vocabulary;
        capabilities += class;
        files.push((path.as_str(), document.as_str()));
    }
    let configuration = words + &capabilities;
    files.push(("driverc.toml", &configuration));
    Sandbox::repository(&files).run(&["check", "--show", "info"]).assert_clean();
}

#[test]
fn six_systems_have_no_findings_in_one_project() {
    let sets = starter_sets();
    let required = "[required_capabilities]\n";
    let (mut words, mut capabilities) = (String::new(), required.to_owned());
    let mut files = Vec::new();
    let is_wanted = |heading: &str| ["Redis", "gRPC"].iter().any(|it| heading.starts_with(it));
    for (_, own, path, document) in sets.iter().filter(|(heading, ..)| is_wanted(heading)) {
        let (vocabulary, class) = own.split_once(required).unwrap();
        words += vocabulary;
        capabilities += class;
        files.push((path.as_str(), document.as_str()));
    }
    assert_eq!(files.len(), 2);
    let configuration = words + &capabilities;
    files.push(("driverc.toml", &configuration));
    let built_in = ["postgres", "clickhouse", "kafka", "object_store", "budgets", "workloads"];
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let read = |path: String| (path.clone(), fs::read_to_string(root.join(path)).unwrap());
    let contracts = built_in.map(|name| read(format!("contracts/{name}.toml")));
    let guides = built_in[..4].iter().map(|name| read(format!("docs/tuning/{name}.md")));
    let others: Vec<_> = contracts.into_iter().chain(guides).collect();
    files.extend(others.iter().map(|(path, text)| (path.as_str(), text.as_str())));
    Sandbox::repository(&files).run(&["check", "--show", "info"]).assert_clean();
}

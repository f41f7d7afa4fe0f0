//! The page of a rule, and the documents of its examples.

use driverc::{
    configuration,
    document::{self, Document},
    finding::Finding,
    rules,
    source::{Source, Span},
    workspace::Workspace,
};
use toml::{Table, Value};

const BASE: &str = include_str!("../../rules/base.toml");

/// A page, split at its headings.
pub(crate) struct Page {
    /// The first heading.
    pub(crate) title: String,
    /// The second-level headings and their text.
    pub(crate) parts: Vec<(String, String)>,
}

impl Page {
    pub(crate) fn parse(text: &str) -> Self {
        let mut sections = text.split("\n## ");
        let head = sections.next().unwrap_or_default();
        let title = head.lines().next().unwrap_or_default().trim_start_matches("# ").to_owned();
        let cut = |section: &str| {
            let (heading, body) = section.split_once('\n').unwrap_or((section, ""));
            (heading.trim().to_owned(), body.to_owned())
        };
        Self { title, parts: sections.map(cut).collect() }
    }

    /// Returns the only TOML block of a section.
    pub(crate) fn example(&self, heading: &str) -> Example {
        let part = self.parts.iter().find(|part| part.0 == heading);
        let body = &part.unwrap_or_else(|| panic!("{} lacks {heading}", self.title)).1;
        let blocks = body.split("```toml").skip(1).map(|block| {
            let (info, code) = block.split_once('\n').unwrap();
            (info.trim(), code.split("```").next().unwrap())
        });
        let (configurations, documents): (Vec<_>, Vec<_>) =
            blocks.partition(|(info, _)| *info == "driverc.toml");
        assert!(
            documents.len() <= 1 && configurations.len() <= 1,
            "{} has too many blocks under {heading}",
            self.title
        );
        let baseline = body.split_once("```text driverc-baseline.txt\n");
        let baseline = baseline.map(|(_, block)| block.split("```").next().unwrap().to_owned());
        let configuration = configurations.first().map(|(_, code)| (*code).to_owned());
        assert!(!documents.is_empty() || configuration.is_some(), "{} lacks a block", self.title);
        let (info, text) = documents.first().copied().unwrap_or_default();
        Example { text: text.to_owned(), alone: info == "alone", configuration, baseline }
    }
}

/// An example of a page.
pub(crate) struct Example {
    text: String,
    /// Whether the example is marked as complete without the base.
    alone: bool,
    /// The `driverc.toml` of the example.
    pub(crate) configuration: Option<String>,
    /// The baseline of the example.
    pub(crate) baseline: Option<String>,
}

impl Example {
    pub(crate) fn new(text: &str) -> Self {
        Self { text: text.to_owned(), alone: false, configuration: None, baseline: None }
    }

    /// Returns a workspace with only the example.
    pub(crate) fn alone(&self) -> Workspace {
        workspace(&self.text)
    }

    /// Returns a workspace with the base and the example as two documents.
    pub(crate) fn with_base(&self) -> Workspace {
        if self.alone {
            return self.alone();
        }
        Workspace::new(vec![document("base.toml", BASE), document("example.toml", &self.text)])
    }

    /// Returns a workspace with the example merged into the base.
    pub(crate) fn merged_into_base(&self) -> Workspace {
        if self.alone {
            return self.alone();
        }
        let mut base: Table = BASE.parse().unwrap();
        let example: Table =
            self.text.parse().unwrap_or_else(|error| panic!("{error}\n{}", self.text));
        let drivers = base["driver"].as_table_mut().unwrap();
        let contract = drivers["example"].clone();
        if let Some(Value::Table(named)) = example.get("driver") {
            for name in named.keys().filter(|name| *name != "example") {
                drivers.insert(name.clone(), renamed(&contract, name));
            }
        }
        merge(&mut base, example);
        workspace(&base.to_string())
    }

    /// The example with its configuration, laid over the base, and the findings in the
    /// configuration.
    pub(crate) fn configured(&self) -> (Workspace, Vec<Finding<Span>>) {
        let known: Vec<_> = rules::all().collect();
        let text = self.configuration.clone().unwrap_or_default();
        let (text, configuration, findings) = configuration::read(text.into_bytes(), &known);
        let mut base: Table = BASE.parse().unwrap();
        merge(&mut base, self.text.parse().unwrap());
        let base = base.to_string();
        let document = document::read_with(&base, &configuration.vocabulary);
        let documents = vec![(Source::new("example.toml", base), document)];
        let mut workspace = Workspace::with_vocabulary(documents, configuration.vocabulary);
        workspace.add_configuration(Source::new("driverc.toml", text), findings.clone());
        if let Some(baseline) = &self.baseline {
            workspace.set_baseline(Source::new("driverc-baseline.txt", baseline));
        }
        (workspace, findings)
    }
}

/// Returns a copy of the contract with its own metrics and module, and the same guide.
fn renamed(contract: &Value, name: &str) -> Value {
    let guide = contract["tuning_guide"].as_str().unwrap();
    let text = toml::to_string(contract).unwrap().replace("example", name);
    let text = text.replace(&guide.replace("example", name), guide);
    Value::Table(text.replace("sqlx::postgres", &format!("sqlx::{name}")).parse().unwrap())
}

fn merge(base: &mut Table, over: Table) {
    for (key, value) in over {
        match (base.get_mut(&key), value) {
            (Some(Value::Table(below)), Value::Table(above)) => merge(below, above),
            (_, value) => _ = base.insert(key, value),
        }
    }
}

fn workspace(text: &str) -> Workspace {
    Workspace::new(vec![document("example.toml", text)])
}

fn document(name: &str, text: &str) -> (Source, Document) {
    let (text, document) = document::read_bytes(text.as_bytes().to_vec());
    (Source::new(name, text), document)
}

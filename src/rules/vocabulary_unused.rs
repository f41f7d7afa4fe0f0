//! Reports a word in `[vocabulary]` that no document uses.

use std::collections::BTreeSet;

use super::{Finding, Level, Rule, rule};
use crate::{
    configuration::place_of_word,
    model::{
        BenchmarkProfile, Capabilities, DriverCapability, DriverClass, OpenVocabulary,
        ProjectVocabulary, Scope, Word,
    },
    source::Location,
    workspace::Workspace,
};

pub(crate) static RULE: Rule =
    rule!("vocabulary-unused", Level::Info, "`[vocabulary]` declares a word that no document uses");

/// Returns the findings about unused words, located in the text of the configuration.
pub(crate) fn findings(workspace: &Workspace) -> Vec<Finding<Location>> {
    let Some(source) = workspace.configuration() else { return Vec::new() };
    let Ok(text) = workspace.sources().source(source).text() else { return Vec::new() };
    let report = |(vocabulary, word)| {
        let span = place_of_word(text, vocabulary, word)?;
        Some(unused_word(vocabulary, word, Location { source, span }))
    };
    unused(workspace).into_iter().filter_map(report).collect()
}

/// Returns the words that no document uses, with their vocabulary. Returns an empty list if a
/// document has errors or is missing, because this document might use the words.
fn unused(workspace: &Workspace) -> Vec<(OpenVocabulary, Word)> {
    let vocabulary: &ProjectVocabulary = workspace.vocabulary();
    if vocabulary.is_empty() || !workspace.shows_what_is_unused() {
        return Vec::new();
    }
    let used = Used::in_workspace(workspace);
    let is_unused = |kind, word: &Word| !used.words.contains(&(kind, *word));
    let words = |kind| vocabulary.words(kind).into_iter().map(move |word| (kind, word));
    let all = OpenVocabulary::ALL.into_iter().flat_map(words);
    all.filter(|(kind, word)| is_unused(*kind, word)).collect()
}

fn unused_word(vocabulary: OpenVocabulary, word: Word, place: Location) -> Finding<Location> {
    let noun = vocabulary.key();
    RULE.finding(place, format!("no document uses the {noun} `{word}`"))
        .help(format!("remove `[vocabulary.{noun}.{word}]`, or use the word"))
}

/// The words of the project that documents use.
#[derive(Default)]
struct Used {
    words: BTreeSet<(OpenVocabulary, Word)>,
}

impl Used {
    fn in_workspace(workspace: &Workspace) -> Self {
        let mut used = Self::default();
        let partial = workspace.partial_drivers().map(|partial| &partial.contract);
        for contract in workspace.drivers().chain(partial) {
            used.class(contract.class);
            contract.capabilities.iter().for_each(|capability| used.capability(capability));
        }
        for class in workspace.template_classes() {
            used.class(class);
        }
        for capability in workspace.template_capabilities() {
            used.capability(capability);
        }
        for budget in workspace.budgets() {
            used.scope(budget.profile, &budget.scope);
        }
        for workload in workspace.workloads() {
            used.scope(workload.profile, &workload.scope);
        }
        workspace.benchmarks().for_each(|benchmark| used.profile(benchmark.profile));
        for (_, requirement) in workspace.numbered_requirements() {
            requirement.profile.into_iter().for_each(|profile| used.profile(profile));
            let capabilities = requirement.capabilities.iter().flat_map(Capabilities::iter);
            capabilities.for_each(|capability| used.capability(capability));
        }
        used
    }

    fn class(&mut self, class: DriverClass) {
        if let DriverClass::Project(word) = class {
            self.words.insert((OpenVocabulary::Class, word));
        }
    }

    fn capability(&mut self, capability: DriverCapability) {
        if let DriverCapability::Project(word) = capability {
            self.words.insert((OpenVocabulary::Capability, word));
        }
    }

    fn profile(&mut self, profile: BenchmarkProfile) {
        if let BenchmarkProfile::Project(word) = profile {
            self.words.insert((OpenVocabulary::Profile, word));
        }
    }

    fn scope(&mut self, profile: BenchmarkProfile, scope: &Scope) {
        self.profile(profile);
        if let Scope::Class(class) = scope {
            self.class(*class);
        }
    }
}

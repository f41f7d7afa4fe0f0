//! Keeps documents loaded while their texts change, for example in an editor. This module must
//! never read the disk.

use std::{collections::BTreeMap, sync::Arc};

use crate::{
    document::{self, Document},
    lint::{self, CheckContext, Findings},
    model::ProjectVocabulary,
    source::Source,
    workspace::Workspace,
};

/// Documents by name. If one document is replaced, the other documents are not read again.
#[derive(Debug, Default)]
pub struct Session {
    documents: BTreeMap<String, Parsed>,
    baseline: Option<Source>,
    vocabulary: Arc<ProjectVocabulary>,
}

#[derive(Debug)]
struct Parsed {
    source: Source,
    document: Arc<Document>,
}

/// The state of a session at one moment, with its findings.
#[derive(Debug)]
pub struct Checked {
    /// The documents that the findings refer to.
    pub workspace: Workspace,
    /// The findings in the documents.
    pub findings: Findings,
}

impl Session {
    /// Creates a session for a project that declares words.
    pub fn with_vocabulary(vocabulary: Arc<ProjectVocabulary>) -> Self {
        Self { vocabulary, ..Self::default() }
    }

    /// Adds or replaces the document with this name.
    pub fn set_text(&mut self, name: impl Into<String>, text: impl Into<String>) {
        let (name, text) = (name.into(), text.into());
        let document = document::read_with(&text, &self.vocabulary);
        self.set(Source::new(name, text), document);
    }

    /// Sets the baseline, for example to the text of an open buffer. It takes precedence over the
    /// baseline of the project.
    pub fn set_baseline(&mut self, name: impl Into<String>, text: impl Into<String>) {
        self.baseline = Some(Source::new(name, text));
    }

    /// Removes the baseline. Returns true if it was set.
    pub fn remove_baseline(&mut self) -> bool {
        self.baseline.take().is_some()
    }

    /// Removes a document. Returns true if the document existed.
    pub fn remove(&mut self, name: &str) -> bool {
        self.documents.remove(name).is_some()
    }

    /// Returns the declarations of a document, and the findings that do not depend on other
    /// documents.
    pub fn document(&self, name: &str) -> Option<&Arc<Document>> {
        self.documents.get(name).map(|parsed| &parsed.document)
    }

    /// Returns the text of a document.
    pub fn source(&self, name: &str) -> Option<&Source> {
        self.documents.get(name).map(|parsed| &parsed.source)
    }

    /// Returns the names of the documents, sorted.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.documents.keys().map(String::as_str)
    }

    /// Joins all documents.
    pub fn workspace(&self) -> Workspace {
        let shared =
            |Parsed { source, document }: &Parsed| (source.clone(), Document::clone(document));
        let documents = self.documents.values().map(shared).collect();
        let mut workspace = Workspace::with_vocabulary(documents, Arc::clone(&self.vocabulary));
        if let Some(baseline) = &self.baseline {
            workspace.set_baseline(baseline.clone());
        }
        workspace
    }

    /// Checks all documents. The names of the documents are paths relative to the folder of the
    /// configuration.
    pub fn check(&self, context: &CheckContext<'_>) -> Checked {
        let workspace = self.workspace();
        let findings = lint::check(&workspace, context, str::to_owned);
        Checked { workspace, findings }
    }

    pub(super) fn set(&mut self, source: Source, document: Document) {
        let parsed = Parsed { document: Arc::new(document), source };
        self.documents.insert(parsed.source.name().to_owned(), parsed);
    }
}

/// Creates a session from documents that were already read. Their project declares no words.
impl FromIterator<(Source, Document)> for Session {
    fn from_iter<I: IntoIterator<Item = (Source, Document)>>(documents: I) -> Self {
        let mut session = Self::default();
        session.extend(documents);
        session
    }
}

/// Adds documents that were already read. Their project must declare the same words as the session.
impl Extend<(Source, Document)> for Session {
    fn extend<I: IntoIterator<Item = (Source, Document)>>(&mut self, documents: I) {
        for (source, document) in documents {
            self.set(source, document);
        }
    }
}

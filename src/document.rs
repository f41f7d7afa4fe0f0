//! Reads TOML documents into model values.
//!
//! Reading never fails. It returns the declarations that it could read, and findings. A document
//! without findings is parsed only once. Only this module maps contract paths to bytes, and it does
//! so on demand.

mod at;
mod calls;
mod declarations;
mod decode;
mod edits;
pub(crate) mod example;
mod fields;
mod layout;
mod locate;
mod misplaced;
mod nameless;
pub(crate) mod record;
mod requirement;
pub(crate) mod rules;
mod scalars;
mod scopes;
mod server;
mod stray;
mod tables;
mod template;
mod workload;

use self::rules::{FILE_TOO_LARGE, PATH_OUTSIDE_PROJECT};
pub use self::{
    at::At,
    calls::{CallDeclaration, CallerDeclaration},
    declarations::{Declarations, OtherDeclarations},
    fields::{ContractFields, TemplateDeclaration, TemplatedDriver},
    locate::{Declaration, Locator},
    requirement::RequirementDeclaration,
    server::ServerDeclaration,
};
pub(crate) use self::{edits::Insertion, scalars::similar_name, workload::vanishing};
pub use crate::toml::suppression::Suppression;
use crate::{
    boundary::Violation,
    finding::Finding,
    model::{
        Benchmark, DeclaredBudget, DeclaredWorkload, DriverClass, DriverContract, DriverName,
        Field, MaxFileBytes, ProjectVocabulary, Waiver,
    },
    source::Span,
    toml::{
        findings::DocumentFindings,
        suppression,
        syntax::{self, may_be_wide},
        tree::{Tree, TreeBuffers},
    },
};

/// A table whose keys are document fields.
type Table<'r, 't, 's> = crate::toml::table::Table<'r, 't, 's, Field>;

/// The declarations and findings of one document.
#[derive(Clone, Debug, Default)]
pub struct Document {
    /// The declarations that could be read.
    pub declarations: Declarations,
    /// The findings, in source order.
    pub findings: Vec<Finding<Span>>,
    /// The suppressions, in source order.
    pub suppressions: Vec<Suppression>,
}

/// A driver, read completely or with errors.
#[derive(Clone, Debug)]
#[expect(clippy::large_enum_variant, reason = "nearly every driver was read in full")]
pub enum DriverDeclaration {
    /// Every field was read.
    Complete(DriverContract),
    /// The table has an error.
    Invalid {
        /// The driver's name.
        name: DriverName,
        /// The driver's class, if it could be read.
        class: Option<DriverClass>,
        /// The other fields that could be read. `None` if the text is not valid TOML.
        partial: Option<Box<PartialContract>>,
    },
    /// The driver names a template. Only documents contain this variant: the workspace replaces it
    /// with the merged driver.
    Like(Box<TemplatedDriver>),
}

/// A contract with fields that could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PartialContract {
    /// The contract, with arbitrary values for the unread fields.
    pub contract: DriverContract,
    /// The fields that could not be read, or that were read from a key other than their own.
    pub unread: Vec<Field>,
}

/// A scope of a budget that sets at least one limit.
#[derive(Clone, Debug)]
pub struct BudgetDeclaration {
    /// The limits that could be read.
    pub budget: DeclaredBudget,
    /// Whether all limits in the table could be read.
    pub whole: bool,
    /// Whether the profile or class is misspelt, so another table could be the intended one.
    pub misspelt: bool,
}

/// A scope of a workload that sets at least one value.
#[derive(Clone, Debug)]
pub struct WorkloadDeclaration {
    /// The values that could be read.
    pub workload: DeclaredWorkload,
    /// Whether all values in the table could be read.
    pub whole: bool,
    /// Whether the profile or class is misspelt, so another table could be the intended one.
    pub misspelt: bool,
}

/// A benchmark, read completely or with errors.
#[derive(Clone, Debug)]
#[expect(clippy::large_enum_variant, reason = "nearly every benchmark was read in full")]
pub enum BenchmarkDeclaration {
    /// Every field was read.
    Complete(Benchmark),
    /// The table has an error.
    Invalid {
        /// The driver that the entry names, if the name could be read.
        driver: Option<DriverName>,
    },
}

/// A waiver, read completely or with errors.
#[derive(Clone, Debug)]
pub enum WaiverDeclaration {
    /// Every field was read.
    Complete(Waiver),
    /// The table has an error.
    Invalid {
        /// The driver that the entry names, if the name could be read.
        driver: Option<DriverName>,
    },
}

impl Document {
    /// Returns true if the document has no findings and no suppressions.
    pub const fn is_clean(&self) -> bool {
        self.findings.is_empty() && self.suppressions.is_empty()
    }
}

impl DriverDeclaration {
    /// Returns the driver's name.
    pub fn name(&self) -> &DriverName {
        match self {
            Self::Complete(contract) => &contract.name,
            Self::Invalid { name, .. } => name,
            Self::Like(driver) => &driver.name,
        }
    }

    /// Returns the contract, if every field was read.
    pub const fn contract(&self) -> Option<&DriverContract> {
        match self {
            Self::Complete(contract) => Some(contract),
            Self::Invalid { .. } | Self::Like(_) => None,
        }
    }

    /// Returns the partial contract, if some fields could not be read.
    pub fn partial(&self) -> Option<&PartialContract> {
        match self {
            Self::Complete(_) | Self::Like(_) => None,
            Self::Invalid { partial, .. } => partial.as_deref(),
        }
    }

    /// Returns the driver's class, if it could be read.
    pub const fn class(&self) -> Option<DriverClass> {
        match self {
            Self::Complete(contract) => Some(contract.class),
            Self::Invalid { class, .. } => *class,
            Self::Like(_) => None,
        }
    }
}

impl BenchmarkDeclaration {
    /// Returns the driver that the entry names, if the name could be read.
    pub const fn driver(&self) -> Option<&DriverName> {
        match self {
            Self::Complete(benchmark) => Some(&benchmark.driver),
            Self::Invalid { driver } => driver.as_ref(),
        }
    }
}

impl WaiverDeclaration {
    /// Returns the driver that the waiver names, if it names one and the name could be read.
    pub const fn driver(&self) -> Option<&DriverName> {
        match self {
            Self::Complete(waiver) => waiver.driver.as_ref(),
            Self::Invalid { driver } => driver.as_ref(),
        }
    }
}

/// Reads a document from bytes, and returns it with its text.
///
/// The text has a `?` for each byte that is not UTF-8, so offsets stay the same.
pub fn read_bytes(bytes: Vec<u8>) -> (String, Document) {
    read_bytes_with(bytes, ProjectVocabulary::empty())
}

/// Reads a document of a project that declares words, as [`read_bytes`] does.
pub fn read_bytes_with(bytes: Vec<u8>, vocabulary: &ProjectVocabulary) -> (String, Document) {
    let bytes = match wide(bytes) {
        Ok(read) => return read,
        Err(bytes) => bytes,
    };
    match String::from_utf8(bytes) {
        Ok(text) => {
            let document = read_with(&text, vocabulary);
            (text, document)
        }
        Err(error) => {
            let mut findings = DocumentFindings::default();
            let text = syntax::repair_utf8(error.as_bytes(), &mut findings);
            let document = read_with(&text, vocabulary);
            let mut findings = findings.in_order();
            findings.extend(syntax::without_consequences(document.findings, error.as_bytes()));
            findings.sort_by_key(|finding| finding.place);
            let declarations = names_only(&Tree::parse(&text));
            (text, Document { declarations, findings, suppressions: Vec::new() })
        }
    }
}

/// Reads a UTF-16 or UTF-32 file and returns only the names of its declarations. Returns the bytes
/// of any other file unchanged.
fn wide(bytes: Vec<u8>) -> Result<(String, Document), Vec<u8>> {
    if !may_be_wide(&bytes) {
        return Err(bytes);
    }
    let mut findings = DocumentFindings::default();
    let Some(text) = syntax::decode_wide(&bytes, &mut findings) else { return Err(bytes) };
    let declarations = names_only(&Tree::parse(&text));
    let findings = findings.in_order();
    Ok((text, Document { declarations, findings, suppressions: Vec::new() }))
}

/// Returns the document of a file above the size limit. Its declarations are unknown.
pub fn too_large(limit: MaxFileBytes) -> Document {
    let finding = FILE_TOO_LARGE
        .finding(Span::default(), format!("the file is larger than {}", size(limit.get())))
        .help("split it, or allow more with `max_file_bytes` or `--max-file-size`");
    Document { findings: vec![finding], ..Document::default() }
}

/// Returns the document of a file outside the project. Its declarations are unknown.
pub(crate) fn outside(violation: Violation) -> Document {
    let finding = PATH_OUTSIDE_PROJECT
        .finding(Span::default(), format!("the file {violation}"))
        .help(violation.help());
    Document { findings: vec![finding], ..Document::default() }
}

/// Returns a document with these findings and only the names that the text declares.
pub(crate) fn unread(text: &str, findings: Vec<Finding<Span>>) -> Document {
    let declarations = names_only(&Tree::parse(text));
    Document { declarations, findings, suppressions: Vec::new() }
}

/// Returns the document of a link whose target is missing from the revision.
pub(crate) fn lost_link() -> Document {
    let finding = PATH_OUTSIDE_PROJECT
        .finding(Span::default(), "the file is a link without a target in the repository")
        .help("replace the link with the file");
    Document { findings: vec![finding], ..Document::default() }
}

/// Formats a number of bytes in the largest unit that divides it.
pub(crate) fn size(bytes: u64) -> String {
    let units = [(30, "GiB"), (20, "MiB"), (10, "KiB")];
    let unit = units.into_iter().find(|(bits, _)| bytes.trailing_zeros() >= *bits);
    match unit {
        Some((bits, unit)) => format!("{} {unit}", bytes >> bits),
        None if bytes == 1 => "1 byte".to_owned(),
        None => format!("{bytes} bytes"),
    }
}

/// Reads a document.
///
/// If the text is not valid TOML, the findings are only about syntax and the declarations have only
/// names.
pub fn read(text: &str) -> Document {
    read_with(text, ProjectVocabulary::empty())
}

/// Reads a document of a project that declares words, as [`read`] does.
pub fn read_with(text: &str, vocabulary: &ProjectVocabulary) -> Document {
    Reader::default().read_with(text, vocabulary)
}

/// Reads documents one after another and reuses memory. A plain document without findings needs new
/// memory only for its declarations.
#[derive(Debug, Default)]
pub struct Reader {
    buffers: TreeBuffers,
}

impl Reader {
    /// Reads a document, as [`read`] does.
    pub fn read(&mut self, text: &str) -> Document {
        self.read_with(text, ProjectVocabulary::empty())
    }

    /// Reads a document of a project that declares words.
    pub fn read_with(&mut self, text: &str, vocabulary: &ProjectVocabulary) -> Document {
        let tree = Tree::parse_in(text, &mut self.buffers).with_vocabulary(vocabulary);
        let document = document(&tree, text);
        tree.recycle(&mut self.buffers);
        document
    }
}

fn document(tree: &Tree<'_>, text: &str) -> Document {
    let mut findings = DocumentFindings::default();
    if tree.is_broken {
        syntax::report_errors::<Field>(text, &mut findings);
        let declarations = names_only(tree);
        let findings = findings.in_order();
        return Document { declarations, findings, suppressions: Vec::new() };
    }
    let declarations = decode::decode(tree, &mut findings);
    if !tree.repeats.is_empty() {
        syntax::report_repeats::<Field>(tree, &mut findings);
    }
    let suppressions = suppression::read(tree, text);
    Document { declarations, findings: findings.in_order(), suppressions }
}

fn names_only(tree: &Tree<'_>) -> Declarations {
    Declarations::of_drivers(decode::driver_names(tree))
}

#[cfg(test)]
mod tests;

//! Reads TOML documents into model values.
//!
//! Reading never fails: it returns the declarations that it could read, and findings. A document
//! without findings takes one parse. Only this module knows the bytes of a contract path, and it
//! computes them on demand.

mod at;
mod decode;
mod example;
mod layout;
mod locate;
mod misplaced;
mod nameless;
mod record;
mod scalars;
mod scopes;
mod stray;
mod tables;
mod workload;

pub(crate) use self::workload::vanishing;
pub use self::{at::At, locate::Declaration};
pub use crate::toml::suppression::Suppression;
use crate::{
    boundary::Violation,
    finding::Finding,
    model::{
        Benchmark, DeclaredBudget, DeclaredWorkload, DriverClass, DriverContract, DriverName,
        Field, MaxFileBytes, Waiver,
    },
    source::Span,
    toml::{
        findings::DocumentFindings,
        rules, suppression,
        syntax::{self, may_be_wide},
        tree::{Tree, TreeBuffers},
    },
};

/// A table with keys of documents.
type Table<'r, 't, 's> = crate::toml::table::Table<'r, 't, 's, Field>;

/// The declarations and findings of one document.
#[derive(Clone, Debug, Default)]
pub struct Document {
    /// The declarations that could be read.
    pub declarations: Declarations,
    /// The findings, in the order of the text.
    pub findings: Vec<Finding<Span>>,
    /// The comments that accept findings, in the order of the text.
    pub suppressions: Vec<Suppression>,
}

/// The declarations of one document.
#[derive(Clone, Debug, Default)]
pub struct Declarations {
    /// The drivers, in the order of the text.
    pub drivers: Vec<DriverDeclaration>,
    /// Whether there is a driver whose name is not known.
    pub nameless_driver: bool,
    /// The budgets that set at least one limit, in the order of the text.
    pub budgets: Vec<BudgetDeclaration>,
    /// The workloads that set at least one value, in the order of the text.
    pub workloads: Vec<WorkloadDeclaration>,
    /// The benchmarks, in the order of the text.
    pub benchmarks: Vec<BenchmarkDeclaration>,
    /// The waivers, in the order of the text.
    pub waivers: Vec<WaiverDeclaration>,
}

/// A driver, read without an error or not.
#[derive(Clone, Debug)]
#[expect(clippy::large_enum_variant, reason = "nearly every driver was read in full")]
pub enum DriverDeclaration {
    /// Every field was read.
    Whole(DriverContract),
    /// Something in the table is wrong.
    Broken {
        /// The driver's name.
        name: DriverName,
        /// The driver's class, if that was read.
        class: Option<DriverClass>,
        /// The other fields that were read. `None` if the text is not valid TOML.
        partial: Option<Box<PartialContract>>,
    },
}

/// A contract of which some fields were not read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PartialContract {
    /// The contract; the fields that were not read have any value.
    pub contract: DriverContract,
    /// The fields that were not read, or only under a key that is not theirs.
    pub unread: Vec<Field>,
}

/// A scope of a budget that sets at least one limit.
#[derive(Clone, Debug)]
pub struct BudgetDeclaration {
    /// The limits that could be read.
    pub budget: DeclaredBudget,
    /// Whether every limit that is set was read.
    pub whole: bool,
    /// Whether its profile or class is misspelt, so that another table may be the right one.
    pub misspelt: bool,
}

/// A scope of a workload that sets at least one value.
#[derive(Clone, Debug)]
pub struct WorkloadDeclaration {
    /// The values that could be read.
    pub workload: DeclaredWorkload,
    /// Whether every value that is set was read.
    pub whole: bool,
    /// Whether its profile or class is misspelt, so that another table may be the right one.
    pub misspelt: bool,
}

/// A benchmark, read without an error or not.
#[derive(Clone, Debug)]
pub enum BenchmarkDeclaration {
    /// Every field was read.
    Whole(Benchmark),
    /// Something in the table is wrong.
    Broken {
        /// The driver that it names, if that was read.
        driver: Option<DriverName>,
    },
}

/// A waiver, read without an error or not.
#[derive(Clone, Debug)]
pub enum WaiverDeclaration {
    /// Every field was read.
    Whole(Waiver),
    /// Something in the table is wrong.
    Broken {
        /// The driver that it names, if that was read.
        driver: Option<DriverName>,
    },
}

impl Document {
    /// Whether nothing points into the text: no finding, and no comment that accepts one.
    pub const fn is_clean(&self) -> bool {
        self.findings.is_empty() && self.suppressions.is_empty()
    }
}

impl DriverDeclaration {
    /// The driver's name.
    pub const fn name(&self) -> &DriverName {
        match self {
            Self::Whole(contract) => &contract.name,
            Self::Broken { name, .. } => name,
        }
    }

    /// The contract, if every field was read.
    pub const fn contract(&self) -> Option<&DriverContract> {
        match self {
            Self::Whole(contract) => Some(contract),
            Self::Broken { .. } => None,
        }
    }

    /// The contract as far as it was read, if some fields of it were not.
    pub fn partial(&self) -> Option<&PartialContract> {
        match self {
            Self::Whole(_) => None,
            Self::Broken { partial, .. } => partial.as_deref(),
        }
    }

    /// The driver's class, if that was read.
    pub const fn class(&self) -> Option<DriverClass> {
        match self {
            Self::Whole(contract) => Some(contract.class),
            Self::Broken { class, .. } => *class,
        }
    }
}

impl BenchmarkDeclaration {
    /// The driver that it names, if that was read.
    pub const fn driver(&self) -> Option<&DriverName> {
        match self {
            Self::Whole(benchmark) => Some(&benchmark.driver),
            Self::Broken { driver } => driver.as_ref(),
        }
    }
}

impl WaiverDeclaration {
    /// The driver that it names, if it names one and that was read.
    pub const fn driver(&self) -> Option<&DriverName> {
        match self {
            Self::Whole(waiver) => waiver.driver.as_ref(),
            Self::Broken { driver } => driver.as_ref(),
        }
    }
}

/// Reads a document from bytes, and returns its text with it.
///
/// The text has a `?` for each byte that is not UTF-8, so offsets stay the same.
pub fn read_bytes(bytes: Vec<u8>) -> (String, Document) {
    let bytes = match wide(bytes) {
        Ok(read) => return read,
        Err(bytes) => bytes,
    };
    match String::from_utf8(bytes) {
        Ok(text) => {
            let document = read(&text);
            (text, document)
        }
        Err(error) => {
            let mut findings = DocumentFindings::default();
            let text = syntax::repair_utf8(error.as_bytes(), &mut findings);
            let document = read(&text);
            let mut findings = findings.in_order();
            findings.extend(syntax::without_consequences(document.findings, error.as_bytes()));
            findings.sort_by_key(|finding| finding.place);
            let declarations = names_only(&Tree::parse(&text));
            (text, Document { declarations, findings, suppressions: Vec::new() })
        }
    }
}

/// The text of a file in UTF-16 or UTF-32, which declares only names; the bytes of others.
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

/// Returns the document of a file above the size limit, with unknown declarations.
pub fn too_large(limit: MaxFileBytes) -> Document {
    let finding = rules::FILE_TOO_LARGE
        .finding(Span::default(), format!("the file is larger than {}", size(limit.get())))
        .help("split it, or allow more with `max_file_bytes` or `--max-file-size`");
    Document { findings: vec![finding], ..Document::default() }
}

/// Returns the document of a file outside the project, with unknown declarations.
pub(crate) fn outside(violation: Violation) -> Document {
    let finding = rules::PATH_OUTSIDE_PROJECT
        .finding(Span::default(), format!("the file {violation}"))
        .help(violation.help());
    Document { findings: vec![finding], ..Document::default() }
}

/// Returns a document with these findings that declares only the names in its text.
pub(crate) fn unread(text: &str, findings: Vec<Finding<Span>>) -> Document {
    let declarations = names_only(&Tree::parse(text));
    Document { declarations, findings, suppressions: Vec::new() }
}

/// Returns the document of a link without a target in the revision.
pub(crate) fn lost_link() -> Document {
    let finding = rules::PATH_OUTSIDE_PROJECT
        .finding(Span::default(), "the file is a link without a target in the repository")
        .help("replace the link with the file");
    Document { findings: vec![finding], ..Document::default() }
}

/// A number of bytes, in the largest unit of which it is a multiple.
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
/// Text that is not TOML has only findings about that, and declares only names.
pub fn read(text: &str) -> Document {
    Reader::default().read(text)
}

/// Reads one document after another: for a plain one without findings it needs no memory but that
/// of the declarations.
#[derive(Debug, Default)]
pub struct Reader {
    room: TreeBuffers,
}

impl Reader {
    /// Reads a document, as [`read`] does.
    pub fn read(&mut self, text: &str) -> Document {
        let tree = Tree::parse_in(text, &mut self.room);
        let document = document(&tree, text);
        tree.give_back(&mut self.room);
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
    Declarations { drivers: decode::driver_names(tree), ..Declarations::default() }
}

/// Finds the bytes of declarations and fields in the text of one document.
pub struct Locator<'s> {
    tree: Tree<'s>,
    index: locate::Index,
}

impl<'s> Locator<'s> {
    /// A locator for the text that the declarations were read from.
    pub fn new(text: &'s str) -> Self {
        let tree = Tree::parse(text);
        let index = locate::Index::new(&tree);
        Self { tree, index }
    }

    /// The bytes of a declaration's name in its header, or of the header where it has none.
    pub fn locate_name(&self, declaration: &Declaration) -> Span {
        self.index.locate_name(&self.tree, declaration)
    }

    /// The bytes of the value of a field, or of the innermost table around it that is written.
    pub fn locate(&self, declaration: &Declaration, field: Option<Field>) -> Span {
        self.index.locate(&self.tree, declaration, field)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The text and the messages of a file.
    fn read(bytes: Vec<u8>) -> (String, Vec<String>) {
        let (text, document) = read_bytes(bytes);
        (text, document.findings.into_iter().map(|finding| finding.message).collect())
    }

    #[test]
    fn wide_text_is_one_finding_about_readable_text() {
        let text = "[driver.example]\r\n";
        let wide = |unit: fn(u32) -> [u8; 4]| text.chars().flat_map(|it| unit(it.into())).collect();
        let encodings: [(&str, &[u8], Vec<u8>); 4] = [
            ("UTF-16", &[0xFF, 0xFE], text.encode_utf16().flat_map(u16::to_le_bytes).collect()),
            ("UTF-16", &[0xFE, 0xFF], text.encode_utf16().flat_map(u16::to_be_bytes).collect()),
            ("UTF-32", &[0xFF, 0xFE, 0, 0], wide(u32::to_le_bytes)),
            ("UTF-32", &[0, 0, 0xFE, 0xFF], wide(u32::to_be_bytes)),
        ];
        for (name, mark, bytes) in encodings {
            let expected = (text.to_owned(), vec![format!("the file is {name}")]);
            assert_eq!(read([mark, &bytes].concat()), expected);
            assert_eq!(read(bytes), expected);
        }
    }

    #[test]
    fn nul_bytes_alone_are_not_utf16() {
        for bytes in [&b"a\0"[..], b"\0a", b"a = \"\0\"", b"\0\0\0\0"] {
            let (text, messages) = read(bytes.to_vec());
            assert_eq!(text.as_bytes(), bytes);
            assert!(!messages.iter().any(|message| message.contains("UTF-")), "{messages:?}");
        }
    }
}

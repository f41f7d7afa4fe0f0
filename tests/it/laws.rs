//! Checks the laws of any input on the documents of this repository, and on damaged copies of them.
use crate::common::laws;

use std::{
    fs,
    path::{Path, PathBuf},
};

use driverc::{model::Vocabulary, report::Format};
use proptest::{collection, prelude::*, sample::Index};

/// Returns the inputs in the corpus of a fuzz target.
fn corpus(target: &str) -> Vec<Vec<u8>> {
    let folder = root().join("fuzz/corpus").join(target);
    let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    files.map(|file| fs::read(file).unwrap()).collect()
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_owned()
}

/// Returns the text of every file in a folder, sorted by name, without subfolders.
fn texts(folder: &str) -> Vec<Vec<u8>> {
    let files = fs::read_dir(root().join(folder)).unwrap().map(|entry| entry.unwrap().path());
    let mut files: Vec<_> = files.filter(|path| path.is_file()).collect();
    files.sort();
    files.into_iter().map(|path| fs::read(path).unwrap()).collect()
}

fn documents() -> Vec<Vec<u8>> {
    ["contracts", "tests/fixtures/invalid", "tests/fixtures/valid"]
        .into_iter()
        .flat_map(texts)
        .collect()
}

type Law = fn(&[u8]);

#[test]
fn every_corpus_input_obeys_law_of_its_target() {
    let laws: [(&str, Law); 8] = [
        ("document", |bytes| laws::document(bytes, Format::ALL)),
        ("signature", |bytes| laws::signature(&String::from_utf8_lossy(bytes))),
        ("configuration", |bytes| laws::configuration(bytes, Format::ALL)),
        ("fixes", |bytes| laws::fixes(&String::from_utf8_lossy(bytes))),
        ("workload", |bytes| laws::workload(&String::from_utf8_lossy(bytes))),
        ("readers", |bytes| laws::readers(&String::from_utf8_lossy(bytes))),
        ("targets", |bytes| laws::targets(&String::from_utf8_lossy(bytes))),
        ("import", |bytes| _ = laws::import(&String::from_utf8_lossy(bytes))),
    ];
    for (target, law) in laws {
        let corpus = corpus(target);
        assert!(!corpus.is_empty(), "{target}");
        for input in corpus {
            law(&input);
        }
    }
}

#[test]
fn corpus_contains_at_least_sixteen_successful_imports() {
    let imported = corpus("import").into_iter().filter(|bytes| {
        let text = String::from_utf8_lossy(bytes);
        laws::import(&text)
    });
    assert!(imported.count() >= 16);
}

#[test]
fn every_repository_document_obeys_laws() {
    let documents = documents();
    assert!(documents.len() > 150, "{}", documents.len());
    for bytes in documents {
        laws::document(&bytes, Format::ALL);
        laws::workload(&String::from_utf8_lossy(&bytes));
        laws::readers(&String::from_utf8_lossy(&bytes));
    }
    for bytes in texts("tests/fixtures/configuration") {
        laws::configuration(&bytes, Format::ALL);
    }
}

/// Damage to a document: a piece is removed, duplicated, moved or replaced.
#[derive(Clone, Debug)]
struct Damage {
    piece: (Index, usize),
    to: Index,
    what: u8,
    other: Vec<u8>,
}

/// Bytes with a meaning in TOML, in a terminal or in a format.
const ODD: &[&[u8]] = &[
    b"\xff",
    b"\0",
    b"\r",
    b"\n",
    b"\"",
    b"'''",
    b"\"\"\"",
    b"[",
    b"]]",
    b"{",
    b"#",
    b"=",
    b".",
    b"\xe2\x80\xae",
    b"\xef\xbb\xbf",
    b"\\ud800",
    b"]]>",
    b"::error::",
    b"9999999999999",
];

fn damage() -> impl Strategy<Value = Damage> {
    let odd = prop::sample::select(ODD);
    let other = prop_oneof![odd.prop_map(<[u8]>::to_vec), collection::vec(any::<u8>(), 0..4)];
    (any::<Index>(), 0..40_usize, any::<Index>(), 0..4_u8, other)
        .prop_map(|(at, length, to, what, other)| Damage { piece: (at, length), to, what, other })
}

fn damaged(mut bytes: Vec<u8>, damages: &[Damage]) -> Vec<u8> {
    for Damage { piece: (at, length), to, what, other } in damages {
        let start = at.index(bytes.len() + 1);
        let end = (start + length).min(bytes.len());
        let piece = bytes[start..end].to_vec();
        match what {
            0 => _ = bytes.splice(start..end, []).count(),
            1 => _ = bytes.splice(end..end, piece).count(),
            2 => {
                let to = to.index(bytes.len() + 1);
                _ = bytes.splice(to..to, piece).count();
            }
            _ => _ = bytes.splice(start..end, other.iter().copied()).count(),
        }
    }
    bytes
}

fn damages() -> impl Strategy<Value = Vec<Damage>> {
    collection::vec(damage(), 1..5)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    #[test]
    fn damaged_document_obeys_laws(which in any::<Index>(), damages in damages()) {
        let documents = documents();
        let bytes = damaged(which.get(&documents).clone(), &damages);
        laws::document(&bytes, laws::one_format(&bytes));
        let text = String::from_utf8_lossy(&bytes);
        laws::workload(&text);
        laws::fixes(&text);
        laws::readers(&text);
    }

    #[test]
    fn damaged_configuration_obeys_its_law(which in any::<Index>(), damages in damages()) {
        let documents = texts("tests/fixtures/configuration");
        laws::configuration(&damaged(which.get(&documents).clone(), &damages), Format::ALL);
    }

    #[test]
    fn damaged_signature_obeys_its_law(which in any::<Index>(), damages in damages()) {
        let workspace = laws::workspace(&texts("contracts").concat());
        let document = driverc::signature_document(workspace.drivers(), workspace.budgets());
        let lines: Vec<&str> = document.lines().collect();
        let bytes = damaged(which.get(&lines).as_bytes().to_vec(), &damages);
        laws::signature(&String::from_utf8_lossy(&bytes));
    }
}

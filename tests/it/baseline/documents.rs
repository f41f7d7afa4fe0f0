//! Declarations of fixtures, and documents with these declarations in any order and any file.

use std::{collections::BTreeSet, fs, path::Path};

use toml::{Table, Value};

/// A declaration: the path of its table, and its keys.
#[derive(Clone, Debug)]
pub(crate) struct Declaration {
    path: Vec<String>,
    /// Whether the table is an item of an array, such as `[[call]]`.
    is_item: bool,
    keys: Table,
}

/// The kinds of declarations with a name.
const TABLES: [&str; 6] = ["budget", "caller", "driver", "server", "template", "workload"];
/// The tables of a driver. A driver with such a name has probably lost its own name, and can then
/// be any other driver of its file.
const PARTS: [&str; 3] = ["retry_policy", "telemetry", "timeout_policy"];
/// The kinds of declarations without a name.
const ARRAYS: [&str; 3] = ["benchmark", "call", "waiver"];

/// A source of random choices.
pub(crate) struct Choices(u64);

impl Choices {
    pub(crate) const fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// Returns a number below `most`.
    pub(crate) fn below(&mut self, most: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        usize::try_from(self.0 >> 33).unwrap() % most
    }

    pub(crate) fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            items.swap(last, self.below(last + 1));
        }
    }
}

/// Returns the texts of all fixtures that are TOML, valid and invalid.
pub(crate) fn fixtures() -> Vec<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
    let folders = ["invalid", "valid"].map(|folder| root.join(folder));
    let files = folders.iter().flat_map(|folder| fs::read_dir(folder).unwrap());
    let mut paths: Vec<_> = files.map(|file| file.unwrap().path()).collect();
    paths.sort();
    let texts = paths.iter().filter_map(|path| fs::read_to_string(path).ok());
    texts.filter(|text| text.parse::<Table>().is_ok()).collect()
}

/// Returns the declarations of documents. Of several declarations with the same name, returns only
/// the first.
pub(crate) fn declarations<'t>(texts: impl IntoIterator<Item = &'t String>) -> Vec<Declaration> {
    let mut known = BTreeSet::new();
    let all = texts.into_iter().flat_map(|text| of_document(text));
    all.filter(|it| it.is_item || known.insert(it.path.clone())).collect()
}

fn of_document(text: &str) -> Vec<Declaration> {
    let mut found = Vec::new();
    for (kind, value) in text.parse::<Table>().unwrap() {
        match value {
            Value::Table(tables) if TABLES.contains(&&*kind) => {
                for (name, value) in tables {
                    let Value::Table(keys) = value else { continue };
                    if PARTS.contains(&&*name) {
                        continue;
                    }
                    found.extend(scopes(&kind, &name, keys));
                }
            }
            Value::Array(items) if ARRAYS.contains(&&*kind) => {
                let tables = items.into_iter().filter_map(|item| item.as_table().cloned());
                let path = || vec![kind.clone()];
                found.extend(tables.map(|keys| Declaration { path: path(), is_item: true, keys }));
            }
            Value::String(_)
            | Value::Integer(_)
            | Value::Float(_)
            | Value::Boolean(_)
            | Value::Datetime(_)
            | Value::Array(_)
            | Value::Table(_) => {}
        }
    }
    found
}

/// Splits a table of a budget or workload into its scopes.
fn scopes(kind: &str, name: &str, mut keys: Table) -> Vec<Declaration> {
    let path = vec![kind.to_owned(), name.to_owned()];
    let mut found = Vec::new();
    if kind == "budget" || kind == "workload" {
        for scope in ["class", "driver"] {
            let Some(Value::Table(tables)) = keys.remove(scope) else { continue };
            for (name, value) in tables {
                let Value::Table(keys) = value else { continue };
                let path = [&path[..], &[scope.to_owned(), name]].concat();
                found.push(Declaration { path, is_item: false, keys });
            }
        }
        if keys.is_empty() {
            return found;
        }
    }
    found.push(Declaration { path, is_item: false, keys });
    found
}

/// Returns documents with these declarations: in the same order in one document without choices,
/// otherwise in any order and in up to five documents, with the keys in any order.
pub(crate) fn documents(
    declarations: &[Declaration],
    choices: Option<&mut Choices>,
) -> Vec<(String, String)> {
    let Some(choices) = choices else {
        let text = declarations.iter().map(|it| it.text(None)).collect();
        return vec![("a.toml".to_owned(), text)];
    };
    let mut declarations = declarations.to_vec();
    choices.shuffle(&mut declarations);
    let mut documents: Vec<(String, String)> = Vec::new();
    for number in 0..=choices.below(5) {
        documents.push((format!("{}-{number}.toml", choices.below(1000)), String::new()));
    }
    for declaration in declarations {
        let index = choices.below(documents.len());
        documents[index].1 += &declaration.text(Some(choices));
    }
    documents
}

impl Declaration {
    fn text(&self, choices: Option<&mut Choices>) -> String {
        let path: Vec<_> = self.path.iter().map(|part| quoted(part)).collect();
        let path = path.join(".");
        let header = if self.is_item { format!("[[{path}]]") } else { format!("[{path}]") };
        let line =
            |(key, value): (&String, &Value)| format!("{} = {}\n", quoted(key), inline(value));
        let mut lines: Vec<_> = self.keys.iter().map(line).collect();
        if let Some(choices) = choices {
            choices.shuffle(&mut lines);
        }
        format!("{header}\n{}\n", lines.concat())
    }
}

fn quoted(key: &str) -> String {
    Value::String(key.to_owned()).to_string()
}

fn inline(value: &Value) -> String {
    match value {
        Value::Array(items) => {
            format!("[{}]", items.iter().map(inline).collect::<Vec<_>>().join(", "))
        }
        Value::Table(table) => {
            let entry =
                |(key, value): (&String, &Value)| format!("{} = {}", quoted(key), inline(value));
            format!("{{ {} }}", table.iter().map(entry).collect::<Vec<_>>().join(", "))
        }
        Value::String(_)
        | Value::Integer(_)
        | Value::Float(_)
        | Value::Boolean(_)
        | Value::Datetime(_) => value.to_string(),
    }
}

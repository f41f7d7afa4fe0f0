//! Reports the missing keys of a table in one finding, with lines to paste.

use super::{Table, quoted};
use crate::{
    finding::{Finding, Safety},
    source::Span,
    toml::{key::TableKey, paste, rules::MISSING_KEY},
};

impl<K: TableKey> Table<'_, '_, '_, K> {
    /// Records a missing key and its expected value.
    #[cold]
    pub(crate) fn miss(&mut self, field: K, expected: String) {
        if !self.repeated {
            self.missing.push((field, expected));
        }
    }

    /// Reports all missing keys in one finding.
    pub(crate) fn report_missing(&mut self) {
        if let Some(finding) = self.missing() {
            self.findings.push(finding);
        }
    }

    /// Returns the finding about the missing keys.
    pub(crate) fn missing(&mut self) -> Option<Finding<Span>> {
        if self.missing.is_empty() { None } else { Some(self.these_missing()) }
    }

    #[cold]
    fn these_missing(&mut self) -> Finding<Span> {
        let keys = std::mem::take(&mut self.missing);
        let missing = MissingKeys { path: self.tree.path(self.id), absent: self.absent, keys };
        let finding = missing.finding(self.tree.table_place(self.id));
        let absent = missing.absent.map(TableKey::key);
        let lines = missing.lines_of_fix();
        match lines.and_then(|lines| paste::edit(self.tree, self.id, absent, &lines)) {
            Some(edit) => finding.fix(Safety::Unsafe, vec![edit]),
            None => finding,
        }
    }
}

/// The missing keys of a table.
pub(crate) struct MissingKeys<K> {
    /// The path of the table. If the table is absent, the path of the table around it.
    pub(crate) path: String,
    /// The key of the table, if it is absent.
    pub(crate) absent: Option<K>,
    /// The missing keys, each with its expected value.
    pub(crate) keys: Vec<(K, String)>,
}

impl<K: TableKey> MissingKeys<K> {
    /// Reports the keys in one finding.
    pub(crate) fn finding<P>(&self, place: P) -> Finding<P> {
        let fields: Vec<K> = self.keys.iter().map(|(field, _)| *field).collect();
        let (lacking, is) = match (self.absent, &fields[..]) {
            (Some(absent), _) => (format!("`{}`", absent.key()), "is"),
            (None, [field]) => (format!("`{}`", field.key()), "is"),
            (None, _) => (listed(&fields), "are"),
        };
        let message = format!("{lacking} {is} missing from {}", title(&self.path));
        MISSING_KEY.finding(place, message).help(self.help(&fields))
    }

    /// Returns the lines that complete the table with examples, or `None` if examples cannot
    /// complete this table.
    pub(crate) fn lines_of_fix(&self) -> Option<String> {
        K::can_complete(&self.path).then(|| K::lines(&self.path, &self.keys))
    }

    fn help(&self, fields: &[K]) -> String {
        let Self { path, absent, keys } = self;
        let block = K::lines(path, keys);
        if let Some(absent) = absent {
            let header = format!("[{path}.{}]", absent.key());
            return format!("add `{header}` with {}, such as\n\n{header}\n{block}", listed(fields));
        }
        match &keys[..] {
            [(field, expected)] => format!("add `{}`, {expected}", field.key()),
            _ => format!("add {}, such as\n\n{block}", listed(fields)),
        }
    }
}

/// Returns the name of the table at a path, for a message.
pub(super) fn title(path: &str) -> String {
    if path.is_empty() { "the document".to_owned() } else { format!("`{path}`") }
}

/// Returns a list of keys in the form for a sentence.
fn listed<K: TableKey>(keys: &[K]) -> String {
    match keys {
        [before @ .., last] if !before.is_empty() => {
            format!("{} and `{}`", quoted(before), last.key())
        }
        _ => quoted(keys),
    }
}

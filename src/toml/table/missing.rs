//! Reports the missing keys of a table in one finding, with lines to paste.

use super::{Table, quoted};
use crate::{
    finding::Finding,
    source::Span,
    toml::{key::TableKey, rules::MISSING_KEY},
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
        let missing = std::mem::take(&mut self.missing);
        let fields: Vec<K> = missing.iter().map(|(field, _)| *field).collect();
        let (lacking, is) = match (self.absent, &fields[..]) {
            (Some(absent), _) => (format!("`{}`", absent.key()), "is"),
            (None, [field]) => (format!("`{}`", field.key()), "is"),
            (None, _) => (listed(&fields), "are"),
        };
        let message = format!("{lacking} {is} missing from {}", self.title());
        let help = self.help_for_missing(&missing, &fields);
        let place = self.tree.table_place(self.id);
        MISSING_KEY.finding(place, message).help(help)
    }

    fn help_for_missing(&self, missing: &[(K, String)], fields: &[K]) -> String {
        let path = self.tree.path(self.id);
        let block = K::lines(&path, missing);
        if let Some(absent) = self.absent {
            let header = format!("[{path}.{}]", absent.key());
            return format!("add `{header}` with {}, such as\n\n{header}\n{block}", listed(fields));
        }
        match missing {
            [(field, expected)] => format!("add `{}`, {expected}", field.key()),
            _ => format!("add {}, such as\n\n{block}", listed(fields)),
        }
    }
}

/// Returns a list of keys for a sentence.
fn listed<K: TableKey>(keys: &[K]) -> String {
    match keys {
        [before @ .., last] if !before.is_empty() => {
            format!("{} and `{}`", quoted(before), last.key())
        }
        _ => quoted(keys),
    }
}

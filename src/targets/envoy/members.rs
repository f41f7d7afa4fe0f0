//! Reads the members of mappings as settings.

use std::collections::BTreeMap;

use crate::{
    source::Span,
    targets::syntax::{
        Entry, Parsed, SyntaxFault,
        yaml::{Data, YamlNode},
    },
};

/// A program's spelling of keys.
#[derive(Clone, Copy)]
pub(super) enum Keys {
    /// Words with `_`. The program accepts `lowerCamelCase`, too.
    Snake,
    /// `lowerCamelCase`.
    Camel,
}

impl Keys {
    /// Returns the name of a key. Returns `None` for a key that the program leaves out.
    fn name(self, key: &YamlNode) -> Option<String> {
        let text = key.text()?;
        let mut name = String::with_capacity(text.len());
        match self {
            Self::Snake if key.tag.as_deref() == Some("ignore") => return None,
            // A type, not a field.
            Self::Snake if text.contains(['.', '@']) => text.clone_into(&mut name),
            Self::Snake => {
                for character in text.chars() {
                    if character.is_ascii_uppercase() {
                        name.push('_');
                    }
                    name.push(character.to_ascii_lowercase());
                }
            }
            Self::Camel => text.clone_into(&mut name),
        }
        Some(name)
    }

    /// Returns the value of a member: the last, if it occurs twice.
    pub(super) fn get<'n>(self, node: &'n YamlNode, name: &str) -> Option<&'n YamlNode> {
        let is_it = |key: &YamlNode| self.name(key).as_deref() == Some(name);
        node.pairs().iter().rev().find(|(key, _)| is_it(key)).map(|(_, value)| value.as_ref())
    }

    /// Returns the value at a path of members.
    pub(super) fn at<'n>(self, node: &'n YamlNode, path: &[&str]) -> Option<&'n YamlNode> {
        path.iter().try_fold(node, |node, name| self.get(node, name))
    }

    /// Returns the text of a member.
    pub(super) fn text<'n>(self, node: &'n YamlNode, name: &str) -> Option<&'n str> {
        self.get(node, name).and_then(YamlNode::text)
    }

    /// Adds the members of a mapping to a part, with this text before their names. `nested` lists
    /// the names of the mappings whose members are settings, too.
    pub(super) fn add(self, part: &mut Parsed, prefix: &str, node: &YamlNode, nested: &[&str]) {
        let names: Vec<_> = node.pairs().iter().map(|(key, _)| self.name(key)).collect();
        let last: BTreeMap<_, _> = names.iter().enumerate().map(|(at, name)| (name, at)).collect();
        for (at, ((key, value), name)) in node.pairs().iter().zip(&names).enumerate() {
            let Some(own) = name else { continue };
            if last[name] > at {
                let message = "the key has no effect: the same key follows below";
                part.dead.push((String::new(), SyntaxFault { message, span: key.span }));
                continue;
            }
            let name = format!("{prefix}{own}");
            let is_object = nested.contains(&name.as_str());
            match &value.data {
                Data::Null => {}
                Data::Mapping(members) if is_object && !members.is_empty() => {
                    self.add(part, &format!("{name}."), value, nested);
                }
                // A time that is not a text.
                Data::Mapping(_) if !is_object && self.is_time(value) => part.elsewhere.push(name),
                Data::Scalar(_) | Data::List(_) | Data::Mapping(_) => {
                    let text = value.text().unwrap_or_default().to_owned();
                    let (key_span, value_span) = (key.span, value.span);
                    let scope = String::new();
                    part.entries.push(Entry {
                        key: name,
                        value: text,
                        key_span,
                        value_span,
                        scope,
                    });
                }
            }
        }
    }

    fn is_time(self, node: &YamlNode) -> bool {
        let is_unit = |name: &str| matches!(name, "seconds" | "nanos");
        node.pairs().iter().all(|(key, _)| self.name(key).as_deref().is_some_and(is_unit))
    }
}

/// Returns the elements of a list, or the value itself, which Envoy reads as a list of one element.
pub(super) fn elements(node: &YamlNode) -> Vec<&YamlNode> {
    match &node.data {
        Data::List(items) => items.iter().map(AsRef::as_ref).collect(),
        Data::Null => Vec::new(),
        Data::Scalar(_) | Data::Mapping(_) => vec![node],
    }
}

/// The most settings of all parts of a text. Several parts can share a mapping.
const MAX_ENTRIES: usize = 100_000;

/// Returns the parts of a text. The first has these faults, and a fault with this message if there is
/// no part.
pub(super) fn limited(
    parts: impl Iterator<Item = Parsed>,
    mut faults: Vec<SyntaxFault>,
    empty: &'static str,
) -> Vec<Parsed> {
    let (mut kept, mut entries) = (Vec::new(), 0);
    for part in parts {
        entries += 1 + part.entries.len();
        if entries > MAX_ENTRIES {
            let message = "it contains too many routes to read";
            faults.push(SyntaxFault { message, span: part.start });
            break;
        }
        kept.push(part);
    }
    if kept.is_empty() {
        faults.push(SyntaxFault { message: empty, span: Span::default() });
        kept.push(Parsed::default());
    }
    faults.append(&mut kept[0].faults);
    kept[0].faults = faults;
    kept
}

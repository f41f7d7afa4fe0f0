//! Reads types of values that only contracts contain: names, capabilities, dates, digests and the
//! texts of templates.

mod name;
mod template_text;

use std::collections::BTreeMap;

use self::name::report_name;
pub(crate) use self::{name::similar_name, template_text::TemplateText};
use crate::{
    finding::{Edit, EditAction, Safety},
    model::{
        Capabilities, ContractDigest, Date, DriverCapability, DriverName, InvalidDigest,
        InvalidText, ServerName, TemplateName,
    },
    source::Span,
    toml::{
        findings::DocumentFindings,
        rules::{DUPLICATE_ITEM, WRONG_TYPE},
        tree::{NodeId, Tree, ValueKind},
        value::{Read, TomlValue},
    },
};

/// The nouns that messages use for names.
const DRIVER: &str = "driver";
const TEMPLATE: &str = "template";
const SERVER: &str = "server";
const CALLER: &str = "caller";

impl Read for DriverName {
    const TYPE: &'static str = "a string";

    fn expected() -> String {
        "the name of a driver".to_owned()
    }

    fn read(value: TomlValue<'_, '_>, findings: &mut DocumentFindings) -> Option<Self> {
        let name = value.string::<Self>(findings)?;
        let report = |_: &InvalidText| report_name(DRIVER, name, value.node().span, findings);
        Self::new(name).inspect_err(report).ok()
    }
}

/// Reads the key of a table as a driver name.
pub(crate) fn read_key_as_name(
    tree: &Tree<'_>,
    id: NodeId,
    findings: &mut DocumentFindings,
) -> Option<DriverName> {
    read_key(tree, id, DRIVER, |key| DriverName::new(key), findings)
}

impl Read for TemplateName {
    const TYPE: &'static str = "a string";

    fn expected() -> String {
        "the name of a template".to_owned()
    }

    fn read(value: TomlValue<'_, '_>, findings: &mut DocumentFindings) -> Option<Self> {
        let name = value.string::<Self>(findings)?;
        let report = |_: &InvalidText| report_name(TEMPLATE, name, value.node().span, findings);
        Self::new(name).inspect_err(report).ok()
    }
}

/// Reads the key of a table as the name of a template.
pub(crate) fn read_key_as_template(
    tree: &Tree<'_>,
    id: NodeId,
    findings: &mut DocumentFindings,
) -> Option<TemplateName> {
    read_key(tree, id, TEMPLATE, |key| TemplateName::new(key), findings)
}

/// Reads the key of a table as the name of a server.
pub(crate) fn read_key_as_server(
    tree: &Tree<'_>,
    id: NodeId,
    findings: &mut DocumentFindings,
) -> Option<ServerName> {
    read_key(tree, id, SERVER, |key| ServerName::new(key), findings)
}

/// Reads the key of a table as the name of a caller.
pub(crate) fn read_key_as_caller(
    tree: &Tree<'_>,
    id: NodeId,
    findings: &mut DocumentFindings,
) -> Option<DriverName> {
    read_key(tree, id, CALLER, |key| DriverName::new(key), findings)
}

/// Reads the key of a table as a name. `noun` is the kind of declaration.
fn read_key<T>(
    tree: &Tree<'_>,
    id: NodeId,
    noun: &str,
    new: impl FnOnce(&str) -> Result<T, InvalidText>,
    findings: &mut DocumentFindings,
) -> Option<T> {
    let node = tree.node(id);
    let report = |_: &InvalidText| report_name(noun, &node.key, node.key_span, findings);
    new(&node.key).inspect_err(report).ok()
}

impl Read for Capabilities {
    const TYPE: &'static str = "an array";

    fn expected() -> String {
        "an array of capabilities, such as `[\"batch_read\"]`".to_owned()
    }

    fn read(value: TomlValue<'_, '_>, findings: &mut DocumentFindings) -> Option<Self> {
        let ValueKind::Array(..) = value.node().kind else {
            value.wrong_type::<Self>(findings);
            return None;
        };
        let before = findings.reported();
        let mut set = Self::default();
        let mut firsts = None;
        for id in value.tree.children(value.id) {
            let item = TomlValue { tree: value.tree, id, name: value.name };
            let Some(capability) = read_item(item, findings) else { continue };
            if !set.insert(capability) {
                let firsts = firsts.get_or_insert_with(|| first_items(value));
                report_double(item, capability, firsts, findings);
            }
        }
        (findings.reported() == before).then_some(set)
    }
}

/// Reads an array item. Its messages name the array, because an item has no key.
fn read_item(item: TomlValue<'_, '_>, findings: &mut DocumentFindings) -> Option<DriverCapability> {
    let node = item.node();
    let ValueKind::String(_) = &node.kind else {
        let message =
            format!("an item of `{}` must be a string, not {}", item.name, node.kind.noun());
        let help = "write a capability, such as `\"batch_read\"`";
        findings.push(WRONG_TYPE.finding(node.span, message).help(help));
        return None;
    };
    DriverCapability::read(item, findings)
}

/// Returns the span of the first item of an array for each text.
#[cold]
fn first_items<'t>(array: TomlValue<'t, '_>) -> BTreeMap<&'t str, Span> {
    let mut firsts = BTreeMap::new();
    for node in array.tree.children(array.id).map(|id| array.tree.node(id)) {
        if let ValueKind::String(text) = &node.kind {
            firsts.entry(&**text).or_insert(node.span);
        }
    }
    firsts
}

#[cold]
fn report_double(
    item: TomlValue<'_, '_>,
    capability: DriverCapability,
    firsts: &BTreeMap<&str, Span>,
    findings: &mut DocumentFindings,
) {
    let label = capability.label();
    let mut finding = DUPLICATE_ITEM
        .finding(item.node().span, format!("`{label}` is listed twice"))
        .help("remove one of the two")
        .fix(Safety::Safe, vec![Edit { place: item.node().span, change: EditAction::RemoveItem }]);
    if let Some(first) = firsts.get(label) {
        finding = finding.also(*first, "first listed here");
    }
    findings.push(finding);
}

impl Read for Date {
    const TYPE: &'static str = "a date";

    fn expected() -> String {
        "a date without quotes, such as `2026-10-31`".to_owned()
    }

    fn is_quoted(text: &str) -> bool {
        text.parse::<Self>().is_ok()
    }

    fn read(value: TomlValue<'_, '_>, findings: &mut DocumentFindings) -> Option<Self> {
        let kind = &value.node().kind;
        let date = if let ValueKind::DateTime(text) = kind { text.parse().ok() } else { None };
        if date.is_none() {
            value.wrong_type::<Self>(findings);
        }
        date
    }
}

impl Read for ContractDigest {
    const TYPE: &'static str = "a string";

    fn expected() -> String {
        "`sha256:` and 64 lower-case hexadecimal digits".to_owned()
    }

    fn read(value: TomlValue<'_, '_>, findings: &mut DocumentFindings) -> Option<Self> {
        let text = value.string::<Self>(findings)?;
        let help = || format!("write {}", Self::expected());
        let report = |_: &InvalidDigest| value.invalid_text("is not a digest", help(), findings);
        text.parse().inspect_err(report).ok()
    }
}

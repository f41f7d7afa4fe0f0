//! The keys of `[[emit]]` and `[[verify]]`.

use super::{ConfigurationKey, EffectiveValue, ValueShape, WrittenValue, values::texts};
use crate::{
    configuration::TargetFiles,
    model::{Name, Prose},
};

type Key = ConfigurationKey<TargetFiles>;

const TARGET: Key = Key {
    name: "target",
    doc: "The target, such as `kafka`. `driverc target` lists all targets.",
    shape: ValueShape::Text("target"),
    absent: Some("required"),
    read: |entry, files| files.target = entry.optional().flatten(),
    effective: |files, _| name(files.target.as_ref()),
};

const DRIVER: Key = Key {
    name: "driver",
    doc: "The driver with the contract.",
    shape: ValueShape::Text("driver"),
    absent: Some("required"),
    read: |entry, files| files.driver = entry.optional().flatten(),
    effective: |files, _| text(files.driver.as_deref()),
};

const DIALECT: Key = Key {
    name: "dialect",
    doc: "The client or format that reads the configuration.",
    shape: ValueShape::Text("dialect"),
    absent: Some("the target's first dialect"),
    read: |entry, files| files.dialect = entry.optional().flatten(),
    effective: |files, _| name(files.dialect.as_ref()),
};

const ROLE: Key = Key {
    name: "role",
    doc: "The role of the client, such as `producer`.",
    shape: ValueShape::Text("role"),
    absent: Some("the target's first role"),
    read: |entry, files| files.role = entry.optional().flatten(),
    effective: |files, _| name(files.role.as_ref()),
};

const VERSION: Key = Key {
    name: "version",
    doc: "The version of the program that reads the configuration, such as `2.10`.",
    shape: ValueShape::Text("version"),
    absent: Some("the version of the target's table"),
    read: |entry, files| files.version = entry.optional().flatten(),
    effective: |files, _| name(files.version.as_ref()),
};

/// The keys of a table of `[[emit]]`.
pub(crate) static EMIT_KEYS: [Key; 6] = [
    TARGET,
    DRIVER,
    DIALECT,
    ROLE,
    VERSION,
    Key {
        name: "out",
        doc: "The file to write, relative to this file.",
        shape: ValueShape::Text("path"),
        absent: Some("required"),
        read: |entry, files| files.files = entry.optional().flatten().into_iter().collect(),
        effective: |files, _| text(files.files.first().map(Prose::as_str)),
    },
];

/// The keys of a table of `[[verify]]`.
pub(crate) static VERIFY_KEYS: [Key; 6] = [
    TARGET,
    DRIVER,
    DIALECT,
    ROLE,
    VERSION,
    Key {
        name: "files",
        doc: "The files to compare, relative to this file.",
        shape: ValueShape::Texts("paths"),
        absent: Some("required"),
        read: |entry, files| files.files = entry.optional().flatten().unwrap_or_default(),
        effective: |files, _| EffectiveValue::Set(texts(&files.files)),
    },
];

/// Returns the tables in the form that a file contains.
pub(super) fn tables(keys: &'static [Key], files: &[TargetFiles]) -> EffectiveValue {
    if files.is_empty() {
        return EffectiveValue::Nothing;
    }
    let entry = |files: &TargetFiles, key: &Key| match (key.effective)(files, &[]) {
        EffectiveValue::Set(value) => Some((key.name.to_owned(), value)),
        EffectiveValue::Implied(_) | EffectiveValue::Nothing => None,
    };
    let table =
        |files| WrittenValue::Table(keys.iter().filter_map(|key| entry(files, key)).collect());
    EffectiveValue::Set(WrittenValue::Tables(files.iter().map(table).collect()))
}

fn name(name: Option<&Name>) -> EffectiveValue {
    text(name.map(Name::as_str))
}

fn text(text: Option<&str>) -> EffectiveValue {
    text.map_or(EffectiveValue::Nothing, |text| {
        EffectiveValue::Set(WrittenValue::Text(text.to_owned()))
    })
}

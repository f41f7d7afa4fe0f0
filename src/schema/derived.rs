//! Converts the schemas of the model's types to the form that editors support best.
//!
//! An optional value cannot be null. The words of a vocabulary become an `enum` with one
//! description per word. Alternative forms with one key each become a single table with exactly one
//! key. A description ends with the range of its value.

use schemars::{JsonSchema, generate::SchemaSettings};
use serde_json::{Map, Value, json};

use crate::model::UNIT_KEYWORD;

/// The start of the sentence that gives the range of a value.
pub(super) const ALLOWED: &str = " Allowed: ";

/// The keyword that contains one description per word of an `enum`.
pub(super) const ENUM_DESCRIPTIONS: &str = "markdownEnumDescriptions";

/// The preferred order of a schema's keywords. Other keywords follow.
const KEYWORDS: [&str; 14] = [
    "title",
    "description",
    "type",
    "enum",
    "minimum",
    "maximum",
    "minLength",
    "maxLength",
    "pattern",
    "format",
    "required",
    "additionalProperties",
    "default",
    "examples",
];

/// Returns the schema of a type, with all references inlined.
pub(super) fn of<T: JsonSchema>() -> Value {
    let settings = SchemaSettings::draft07().with(|settings| {
        settings.inline_subschemas = true;
        settings.meta_schema = None;
    });
    let mut schema = settings.into_generator().into_root_schema_for::<T>().to_value();
    tidy(&mut schema);
    state_ranges(&mut schema);
    schema
}

fn tidy(schema: &mut Value) {
    if let Value::Array(schemas) = schema {
        schemas.iter_mut().for_each(tidy);
    }
    let Value::Object(map) = schema else { return };
    map.values_mut().for_each(tidy);
    unwrap_lines(map);
    drop_null(map);
    merge_words(map);
    merge_forms(map);
    sort(map);
}

/// Joins the lines of a description, because doc comments are wrapped.
fn unwrap_lines(map: &mut Map<String, Value>) {
    if let Some(Value::String(text)) = map.get_mut("description") {
        *text = text.replace('\n', " ");
    }
}

/// Removes `null`, because documents omit optional values instead.
fn drop_null(map: &mut Map<String, Value>) {
    if map.get("default").is_some_and(Value::is_null) {
        map.shift_remove("default");
    }
    if let Some(Value::Array(types)) = map.get_mut("type") {
        types.retain(|kind| kind != "null");
        if let [kind] = &types[..] {
            map["type"] = kind.clone();
        }
    }
    if let Some(Value::Array(words)) = map.get_mut("enum") {
        words.retain(|word| !word.is_null());
    }
    let Some(Value::Array(choices)) = map.get_mut("anyOf") else { return };
    choices.retain(|choice| choice["type"] != "null");
    if let [Value::Object(only)] = &choices[..] {
        let only = only.clone();
        map.shift_remove("anyOf");
        for (keyword, value) in only {
            map.entry(keyword).or_insert(value);
        }
    }
}

/// Returns the alternatives of a type, or `None` if `read` does not accept all of them.
fn choices<T>(map: &Map<String, Value>, read: impl Fn(&Value) -> Option<T>) -> Option<Vec<T>> {
    map.get("oneOf")?.as_array()?.iter().map(read).collect()
}

/// Replaces a choice between constants with an `enum`.
fn merge_words(map: &mut Map<String, Value>) {
    let word = |choice: &Value| Some((choice.get("const")?.clone(), meaning(choice)));
    let Some(words) = choices(map, word) else { return };
    let (words, meanings): (Vec<_>, Vec<_>) = words.into_iter().unzip();
    map.shift_remove("oneOf");
    map.insert("type".to_owned(), json!("string"));
    map.insert("enum".to_owned(), json!(words));
    map.insert(ENUM_DESCRIPTIONS.to_owned(), json!(meanings));
    map.insert("x-taplo".to_owned(), json!({ "docs": { "enumValues": meanings } }));
}

fn meaning(choice: &Value) -> String {
    choice["description"].as_str().unwrap_or_default().to_owned()
}

/// Replaces a choice between tables with one key each by a single table with exactly one key.
fn merge_forms(map: &mut Map<String, Value>) {
    let form = |choice: &Value| {
        let (key, value) = choice.get("properties")?.as_object()?.iter().next()?;
        let mut value = value.clone();
        value["description"] = json!(meaning(choice));
        sort(value.as_object_mut()?);
        Some((key.clone(), value))
    };
    let Some(forms) = choices(map, form) else { return };
    map.shift_remove("oneOf");
    map.insert("type".to_owned(), json!("object"));
    map.insert("additionalProperties".to_owned(), json!(false));
    map.insert("minProperties".to_owned(), json!(1));
    map.insert("maxProperties".to_owned(), json!(1));
    map.insert("properties".to_owned(), Value::Object(forms.into_iter().collect()));
}

/// Appends the range of the value to each description.
fn state_ranges(schema: &mut Value) {
    let range = range(schema);
    if let Value::Array(schemas) = schema {
        schemas.iter_mut().for_each(state_ranges);
    }
    let Value::Object(map) = schema else { return };
    map.values_mut().for_each(state_ranges);
    map.shift_remove(UNIT_KEYWORD);
    if let (Some(Value::String(text)), Some(range)) = (map.get_mut("description"), range) {
        text.extend([ALLOWED, &range, "."]);
    }
}

/// Returns the range of an integer, with its unit.
pub(super) fn range_of(schema: &Value, unit: &str) -> String {
    let [least, most] =
        ["minimum", "maximum"].map(|bound| schema[bound].as_u64().map(grouped).unwrap_or_default());
    format!("{least}–{most}{unit}")
}

/// Returns the range of a number, or the allowed length of a text or an array.
fn range(schema: &Value) -> Option<String> {
    let between = |least, most, unit| {
        let (least, most) = (schema[least].as_u64()?, schema[most].as_u64()?);
        Some(format!("{}–{}{unit}", grouped(least), grouped(most)))
    };
    between("minimum", "maximum", schema[UNIT_KEYWORD].as_str().unwrap_or_default())
        .or_else(|| between("minLength", "maxLength", " characters"))
        .or_else(|| {
            let length = between("minItems", "maxItems", " items")?;
            let each = range(&schema["items"]).map(|range| format!(", each {range}"));
            Some(length + &each.unwrap_or_default())
        })
}

/// Formats a number with thousands separators.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let thousands = digits.as_bytes().rchunks(3).rev().map(String::from_utf8_lossy);
    thousands.collect::<Vec<_>>().join(",")
}

/// Sorts the keywords.
fn sort(map: &mut Map<String, Value>) {
    for keyword in KEYWORDS.iter().rev() {
        if let Some(value) = map.shift_remove(*keyword) {
            map.shift_insert(0, (*keyword).to_owned(), value);
        }
    }
}

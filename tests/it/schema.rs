//! Checks that the committed schemas and the reference match the code.
//!
//! `UPDATE=1 cargo test --test it schema::` writes them.
use std::{collections::BTreeSet, env, fs, path::Path};

use driverc::{model::ProjectVocabulary, schema};
use serde_json::Value;

fn check_or_write(name: &str, text: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(name);
    if env::var_os("UPDATE").is_some() {
        fs::write(&path, text).unwrap();
    }
    let committed = fs::read_to_string(&path).unwrap();
    assert!(committed == text, "{name} is stale: run `UPDATE=1 cargo test --test it schema::`");
}

#[test]
fn schemas_and_reference_are_up_to_date() {
    for schema::SchemaFile { name, schema } in schema::FILES {
        check_or_write(
            &format!("schema/{name}"),
            &schema::text(&schema(ProjectVocabulary::empty())),
        );
    }
    check_or_write("docs/contract.md", &schema::reference());
    for page in ["servers.md", "calls.md", "requirements.md"] {
        let name = format!("docs/{page}");
        let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(&name)).unwrap();
        let tables = schema::tables_of(page).replace("\n## ", "\n### ");
        check_or_write(&name, &with_part(&text, "keys", tables.trim()));
    }
}

/// Returns the text with the part between two comments replaced.
fn with_part(text: &str, name: &str, part: &str) -> String {
    let (begin, end) = (format!("<!-- begin: {name} -->\n"), format!("<!-- end: {name} -->"));
    let (before, rest) = text.split_once(&begin).unwrap_or_else(|| panic!("no {begin}"));
    let (_, after) = rest.split_once(&end).unwrap_or_else(|| panic!("no {end}"));
    format!("{before}{begin}\n{part}\n\n{end}{after}")
}

/// Calls a function with every nested schema and its path.
fn each(schema: &Value, path: &str, check: &mut impl FnMut(&Value, &str)) {
    check(schema, path);
    for keyword in ["properties", "patternProperties", "definitions"] {
        for (key, inner) in schema[keyword].as_object().into_iter().flatten() {
            each(inner, &format!("{path}/{keyword}/{key}"), check);
        }
    }
    for keyword in ["items", "additionalProperties", "if", "then"] {
        let inner = &schema[keyword];
        let one = inner.is_object().then_some(inner);
        for inner in inner.as_array().into_iter().flatten().chain(one) {
            each(inner, &format!("{path}/{keyword}"), check);
        }
    }
}

fn each_in_all(mut check: impl FnMut(&Value, &str)) {
    for schema::SchemaFile { name, schema } in schema::FILES {
        each(&schema(ProjectVocabulary::empty()), name, &mut check);
    }
}

/// The path of the schema of a driver.
const DRIVER: &str =
    "contracts.schema.json/properties/driver/patternProperties/^[a-z][a-z0-9_]{0,62}$";

/// The path of the schema of a requirement.
const REQUIREMENT: &str = "contracts.schema.json/properties/requirement/items";

/// The path of the schema of a server.
const SERVER: &str =
    "contracts.schema.json/properties/server/patternProperties/^[a-z][a-z0-9_]{0,62}$";

#[test]
fn every_table_is_closed_and_every_number_has_bounds() {
    each_in_all(|schema, path| {
        let types = schema["type"].to_string();
        if types.contains("object") {
            assert!(!schema["additionalProperties"].is_null(), "{path}");
        }
        if types.contains("integer") {
            assert!(schema["minimum"].is_u64() && schema["maximum"].is_u64(), "{path}");
        }
        for keyword in ["oneOf", "anyOf"] {
            // A driver names a template, or has every key. A server has at least one fact. A
            // requirement with a profile has a limit.
            let has_choice = keyword == "anyOf" && [DRIVER, SERVER, REQUIREMENT].contains(&path);
            assert_eq!(schema[keyword].is_null(), !has_choice, "{path} {keyword}");
        }
        for choice in schema["allOf"].as_array().into_iter().flatten() {
            assert!(is_one_of_two_keys(choice), "{path} {choice}");
        }
        assert!(!types.contains("\"null\""), "{path}");
    });
}

/// Whether a table must have one of two keys, or not both. The keys have the same meaning in two
/// units, or are two percentages.
fn is_one_of_two_keys(choice: &Value) -> bool {
    let keys = |schema: &Value| {
        let keys = schema["required"].as_array().into_iter().flatten();
        keys.filter_map(|key| key.as_str().map(str::to_owned)).collect::<Vec<_>>()
    };
    let one = choice["oneOf"].as_array().into_iter().flatten().flat_map(keys);
    let pair: Vec<_> = one.chain(keys(&choice["not"])).collect();
    let [first, second] = &pair[..] else { return false };
    let are_percent = [first, second].iter().all(|key| key.ends_with("_percent"));
    let name = first.strip_suffix("_ms");
    are_percent || name.is_some_and(|name| second.strip_suffix("_us") == Some(name))
}

#[test]
fn every_key_has_description_and_link() {
    each_in_all(|schema, path| {
        for (key, property) in schema["properties"].as_object().into_iter().flatten() {
            if !property["$ref"].is_null() {
                continue;
            }
            let description = property["description"].as_str().unwrap_or_default();
            let (text, address) = description.split_once("\n\n").unwrap_or_default();
            assert!(text.ends_with('.') && !text.contains('\n'), "{path} {key}: {description}");
            assert!(address.starts_with("https://"), "{path} {key}: {description}");
            assert_eq!(property["x-taplo"]["links"]["key"], address, "{path} {key}");
        }
    });
}

#[test]
fn descriptions_state_only_ranges_of_their_types() {
    let dashes = |text: &str| {
        let letters: Vec<char> = text.chars().collect();
        let is_range = |part: &&[char]| part[1] == '–' && part[0].is_numeric();
        letters.windows(2).filter(is_range).count()
    };
    let mut stated = 0;
    each(&schema::contracts(ProjectVocabulary::empty()), "", &mut |schema, path| {
        let description = schema["description"].as_str().unwrap_or_default();
        let text = description.split("\n\n").next().unwrap_or_default();
        let bounds = [("minimum", "maximum"), ("minLength", "maxLength"), ("minItems", "maxItems")];
        let bounded = bounds.iter().find(|(_, most)| schema[most].is_u64());
        let Some((least, most)) = bounded.filter(|_| !text.is_empty()) else {
            assert_eq!(dashes(text), 0, "{path}: {text}");
            return;
        };
        let range = format!("{}–{}", schema[least], schema[most]);
        let (_, sentence) = text.rsplit_once(" Allowed: ").unwrap_or_default();
        assert!(sentence.replace(',', "").starts_with(&range), "{path}: {text}");
        assert_eq!(dashes(text), dashes(sentence), "{path}: {text}");
        stated += 1;
    });
    assert!(stated > 50, "{stated}");
}

/// Returns the anchors of a page: explicit ones and those of headings.
fn anchors(page: &str) -> BTreeSet<String> {
    let written = page.split("<a id=\"").skip(1).map(|rest| rest.split('"').next().unwrap());
    let headings = page.lines().filter_map(|line| Some(line.split_once("# ")?.1));
    let in_slug = |letter: &char| letter.is_alphanumeric() || "-_ ".contains(*letter);
    let slug = |heading: &str| heading.to_lowercase().chars().filter(in_slug).collect::<String>();
    let slugs = headings.map(|heading| slug(heading).replace(' ', "-"));
    written.map(str::to_owned).chain(slugs).collect()
}

#[test]
fn every_link_has_existing_target() {
    let pages = concat!(env!("CARGO_PKG_REPOSITORY"), "/blob/main/");
    each_in_all(|schema, path| {
        let Some(address) = schema["x-taplo"]["links"]["key"].as_str() else { return };
        let name = address.strip_prefix(pages).unwrap();
        let (name, anchor) = name.split_once('#').unwrap_or((name, ""));
        let page = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(name)).unwrap();
        assert!(anchor.is_empty() || anchors(&page).contains(anchor), "{path}: {address}");
    });
}

#[test]
fn examples_and_defaults_satisfy_schema() {
    let mut shown = 0;
    each_in_all(|schema, path| {
        let examples = schema["examples"].as_array().into_iter().flatten();
        for value in examples.chain(schema.get("default")) {
            shown += 1;
            let alone = jsonschema::draft7::options().should_validate_formats(true).build(schema);
            assert!(alone.unwrap().is_valid(value), "{path}: {value}");
        }
    });
    assert!(shown > 100, "{shown}");
}

#[test]
fn every_allowed_word_has_description() {
    let contracts = schema::contracts(ProjectVocabulary::empty());
    each(&contracts, "", &mut |schema, path| {
        let Some(words) = schema["enum"].as_array() else { return };
        let meanings = schema["markdownEnumDescriptions"].as_array().unwrap();
        assert_eq!(words.len(), meanings.len(), "{path}");
        assert!(meanings.iter().all(|meaning| meaning.as_str().unwrap().ends_with('.')), "{path}");
        assert_eq!(
            &schema["x-taplo"]["docs"]["enumValues"], &schema["markdownEnumDescriptions"],
            "{path}"
        );
    });
}

//! Adds the words of a project to schemas, and finds them in schemas.

use schemars::JsonSchema;
use serde_json::{Value, json};

use super::derived::{self, ENUM_DESCRIPTIONS};
use crate::model::{
    BenchmarkProfile, Capabilities, DriverCapability, DriverClass, OpenVocabulary, ProjectClass,
    ProjectProfile, ProjectVocabulary, Vocabulary, Word, WordDescription,
};

/// Returns the words of a vocabulary with their descriptions.
pub(super) fn words<V: Vocabulary + JsonSchema>(
    vocabulary: &ProjectVocabulary,
) -> Vec<(String, String)> {
    let schema = derived::of::<V>();
    let meanings = schema[ENUM_DESCRIPTIONS].as_array();
    let meanings = meanings.into_iter().flatten().filter_map(Value::as_str).map(str::to_owned);
    let built_in = V::ALL.iter().map(|word| word.word().to_owned()).zip(meanings);
    built_in.chain(V::OPEN.into_iter().flat_map(|open| described(open, vocabulary))).collect()
}

/// Returns the project's words of a vocabulary with their descriptions.
fn described(
    open: OpenVocabulary,
    vocabulary: &ProjectVocabulary,
) -> impl Iterator<Item = (String, String)> {
    vocabulary.words(open).into_iter().map(move |word| {
        let description = vocabulary.description(open, &word).unwrap_or_default();
        (word.to_string(), description.to_owned())
    })
}

/// Returns the project's words in a generated schema.
pub(super) fn words_in(schema: &Value) -> ProjectVocabulary {
    let mut vocabulary = ProjectVocabulary::default();
    collect_words(schema, &mut vocabulary);
    vocabulary
}

fn collect_words(schema: &Value, vocabulary: &mut ProjectVocabulary) {
    let Value::Object(map) = schema else {
        let items = schema.as_array().into_iter().flatten();
        return items.for_each(|item| collect_words(item, vocabulary));
    };
    map.values().for_each(|value| collect_words(value, vocabulary));
    let keys = map.get("properties").and_then(Value::as_object);
    let keys = keys.map(|keys| keys.keys().map(String::as_str).collect());
    let words = map.get("enum").and_then(Value::as_array);
    let words = words.map(|words| words.iter().filter_map(Value::as_str).collect::<Vec<_>>());
    let meanings = map.get(ENUM_DESCRIPTIONS).and_then(Value::as_array);
    let meaning = |index: usize| WordDescription::new(meanings?.get(index)?.as_str()?).ok();
    for words in words.into_iter().chain(keys) {
        for (word, index) in own_words::<DriverClass>(&words) {
            let class = ProjectClass { description: WordDescription::unread(), like: None };
            let class = vocabulary.classes.entry(word).or_insert(class);
            class.description = meaning(index).unwrap_or_else(|| class.description.clone());
        }
        for (word, index) in own_words::<DriverCapability>(&words) {
            let unknown = WordDescription::unread();
            let description = vocabulary.capabilities.entry(word).or_insert(unknown);
            *description = meaning(index).unwrap_or_else(|| description.clone());
        }
        for (word, index) in own_words::<BenchmarkProfile>(&words) {
            let (description, claimed_by) = (WordDescription::unread(), Capabilities::default());
            let profile = ProjectProfile { description, claimed_by };
            let profile = vocabulary.profiles.entry(word).or_insert(profile);
            profile.description = meaning(index).unwrap_or_else(|| profile.description.clone());
        }
    }
}

/// Returns the words that follow the built-in words of a vocabulary, with their indices.
fn own_words<V: Vocabulary>(words: &[&str]) -> Vec<(Word, usize)> {
    let is_vocabulary = words.len() > V::ALL.len()
        && V::ALL.iter().zip(words).all(|(built_in, word)| built_in.word() == *word);
    let own = words.iter().enumerate().skip(V::ALL.len()).filter(|_| is_vocabulary);
    own.filter_map(|(index, word)| Some((Word::new(word).ok()?, index))).collect()
}

/// Adds the project's words to each `enum` with the built-in words.
pub(super) fn add_words(schema: &mut Value, vocabulary: &ProjectVocabulary) {
    add_words_of::<DriverClass>(schema, vocabulary);
    add_words_of::<DriverCapability>(schema, vocabulary);
    add_words_of::<BenchmarkProfile>(schema, vocabulary);
}

fn add_words_of<V: Vocabulary + JsonSchema>(schema: &mut Value, vocabulary: &ProjectVocabulary) {
    let built_in = json!(V::ALL.iter().map(Vocabulary::word).collect::<Vec<_>>());
    let (words, meanings): (Vec<_>, Vec<_>) = words::<V>(vocabulary).into_iter().unzip();
    replace_words(schema, &built_in, &json!(words), &json!(meanings));
}

fn replace_words(schema: &mut Value, built_in: &Value, words: &Value, meanings: &Value) {
    match schema {
        Value::Array(schemas) => {
            for schema in schemas {
                replace_words(schema, built_in, words, meanings);
            }
        }
        Value::Object(map) => {
            for schema in map.values_mut() {
                replace_words(schema, built_in, words, meanings);
            }
            if map.get("enum") != Some(built_in) {
                return;
            }
            map.insert("enum".to_owned(), words.clone());
            if map.contains_key(ENUM_DESCRIPTIONS) {
                map.insert(ENUM_DESCRIPTIONS.to_owned(), meanings.clone());
                map["x-taplo"]["docs"]["enumValues"] = meanings.clone();
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

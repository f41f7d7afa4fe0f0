//! Reads the texts of templates, in which `{driver}` stands for the driver's name.

use crate::{
    model::{DRIVER_PLACEHOLDER, Text},
    toml::{
        findings::DocumentFindings,
        spelling::truncated,
        value::{Read, TomlValue},
    },
};

/// A text of a template. The workspace checks its length after it replaces `{driver}`.
pub(crate) struct TemplateText<const MIN: usize, const MAX: usize>(pub(crate) Box<str>);

impl<const MIN: usize, const MAX: usize> Read for TemplateText<MIN, MAX> {
    const TYPE: &'static str = "a string";

    fn expected() -> String {
        Text::<MIN, MAX>::expected()
    }

    fn read(value: TomlValue<'_, '_>, findings: &mut DocumentFindings) -> Option<Self> {
        let text = value.string::<Self>(findings)?;
        if !text.contains(['{', '}']) {
            return Text::<MIN, MAX>::read(value, findings).map(|text| Self(text.as_str().into()));
        }
        if let Some(fault) = stray_brace(text) {
            let help = "write `{driver}` for the driver's name; if a text contains other braces, set it in the driver";
            value.invalid_text(fault, help.to_owned(), findings);
            return None;
        }
        // Without a limit of the length, only a control character is a fault.
        if let Err(reason) = Text::<0, { usize::MAX }>::new(text) {
            value.invalid_text(
                reason,
                "write the text on one line, without this character".to_owned(),
                findings,
            );
            return None;
        }
        Some(Self(text.into()))
    }
}

/// Describes the first brace that does not belong to `{driver}`.
fn stray_brace(text: &str) -> Option<String> {
    let plain: Vec<&str> = text.split(DRIVER_PLACEHOLDER).collect();
    let part = plain.iter().find(|part| part.contains(['{', '}']))?;
    let start = part.find(['{', '}'])?;
    let brace = &part[start..=start];
    let word = part[start..].find('}').map(|end| &part[start..=start + end]);
    match word.filter(|word| word.len() > 2) {
        Some(word) => Some(format!("contains `{}`, which is not a placeholder", truncated(word))),
        None => Some(format!("contains `{brace}`, which is not part of a placeholder")),
    }
}

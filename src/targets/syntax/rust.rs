//! Constants of Rust, read with byte spans and written.
//!
//! The reader reads the constants that `emit` writes, with any value. Any other item is an entry
//! without a value.

mod items;
mod literal;

pub use self::{
    items::read,
    literal::{grouped, integer, texts},
};
use super::Written;

/// The maximum width of a line, and of a list in a line, as rustfmt formats them.
const LINE: usize = 100;
const LIST: usize = 60;
/// The maximum width of an element of a list with several elements per line.
const SHORT: usize = 10;

/// Returns the text of a module.
pub fn module(comments: &[String], lines: &[(&str, Written, &str)]) -> String {
    let comments = comments.iter().map(|line| format!("//! {line}\n"));
    let attribute =
        "\n#![allow(dead_code, reason = \"a program can use only some constants\")]\n".to_owned();
    let lines = lines
        .iter()
        .map(|(name, value, meaning)| format!("\n/// {meaning}\n{}\n", constant(name, value)));
    comments.chain([attribute]).chain(lines).collect()
}

/// Returns the text of a constant, in one line if it fits.
pub fn constant(name: &str, value: &Written) -> String {
    let (kind, value) = match value {
        Written::Number(number) if name.ends_with("_MS") => ("u64", number.clone()),
        Written::Number(number) => ("u32", number.clone()),
        Written::Text(text) => ("&str", quoted(text)),
        Written::Literal(list) => ("&[&str]", list.clone()),
    };
    let line = format!("pub const {name}: {kind} = {value};");
    let broken = format!("    {value};");
    // rustfmt does not change a text that is too long for a line.
    if line.len() <= LINE || value.contains('\n') || broken.len() > LINE {
        return line;
    }
    format!("pub const {name}: {kind} =\n{broken}")
}

/// Returns the text of a list, as rustfmt formats it.
pub fn list(texts: &[String]) -> String {
    let items: Vec<_> = texts.iter().map(|text| quoted(text)).collect();
    let line = items.join(", ");
    if line.len() <= LIST - 2 {
        return format!("&[{line}]");
    }
    let are_short = items.iter().all(|item| item.len() <= SHORT);
    let lines = if are_short { filled(&items) } else { items };
    format!("&[\n    {},\n]", lines.join(",\n    "))
}

/// Returns lines with as many items as fit.
fn filled(items: &[String]) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for item in items {
        match lines.last_mut() {
            Some(line) if line.len() + item.len() + "    , ,".len() <= LINE => {
                *line += ", ";
                *line += item;
            }
            _ => lines.push(item.clone()),
        }
    }
    lines
}

/// Returns a literal. It is ASCII, so it has no invisible characters.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.escape_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_cannot_end_its_literal() {
        let hostile = "\"; fn main() {} /* \\ */\n\r\u{202e}é'";
        let constant = constant("A", &Written::Text(hostile.to_owned()));
        let expected = r#"pub const A: &str = "\"; fn main() {} /* \\ */\n\r\u{202e}\u{e9}\'";"#;
        assert_eq!(constant, expected);
        let parsed = read(&constant);
        assert_eq!(parsed.entries.len(), 1);
        assert_eq!(texts(&parsed.entries[0].value), Some(vec![hostile.to_owned()]));
    }

    #[test]
    fn time_is_u64_and_other_number_is_u32() {
        let constant = |name| super::constant(name, &Written::Number("5_000".to_owned()));
        assert_eq!(constant("IDLE_MS"), "pub const IDLE_MS: u64 = 5_000;");
        assert_eq!(constant("MAX_IN_FLIGHT"), "pub const MAX_IN_FLIGHT: u32 = 5_000;");
    }

    #[test]
    fn long_list_is_broken_as_rustfmt_breaks_it() {
        let words = |word: &str, count| vec![word.to_owned(); count];
        assert_eq!(list(&words("a", 2)), "&[\"a\", \"a\"]");
        assert_eq!(list(&[]), "&[]");
        let long = list(&words("batch_read", 6));
        assert_eq!(long.lines().count(), 8, "{long}");
        let short = list(&words("read", 20));
        assert_eq!(short.lines().count(), 4, "{short}");
    }
}

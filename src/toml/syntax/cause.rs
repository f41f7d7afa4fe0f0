//! Explains errors that come from the syntax of other languages, and suggests the line to write.

mod comment;

use std::ops::Range;

pub(super) use self::comment::are_all as are_comments;
use super::wording::Wording;
use crate::toml::{key::Hints, quantity};

/// Typographic quotes and their TOML equivalents.
const QUOTES: [(char, char); 13] = [
    ('“', '"'),
    ('”', '"'),
    ('„', '"'),
    ('‟', '"'),
    ('«', '"'),
    ('»', '"'),
    ('″', '"'),
    ('＂', '"'),
    ('‘', '\''),
    ('’', '\''),
    ('‚', '\''),
    ('‛', '\''),
    ('`', '"'),
];

/// The separators of keys and values in other languages, longest first.
const SEPARATORS: [&str; 4] = [":=", "=>", "==", ":"];

/// The words for a missing value in other languages.
const NOTHING: [&str; 6] = ["null", "nil", "none", "undefined", "~", "nan"];

/// The maximum number of bytes to search before and after an error on its line.
const LONGEST: usize = 500;

/// The maximum number of bytes of a corrected line in a message.
const SHOWN: usize = 100;

/// The part of a line around an error that contains one key and its value.
struct Entry<'t> {
    /// The offset of the part in the text.
    start: usize,
    text: &'t str,
    hints: Hints,
}

/// Returns the wording for a line that uses syntax from another language.
pub(super) fn cause(text: &str, error: usize, hints: Hints) -> Option<Wording> {
    let error = text.floor_char_boundary(error.min(text.len()));
    // A longer line cannot be part of a contract, and can have an error in each byte.
    let first = text.floor_char_boundary(error.saturating_sub(LONGEST));
    let last = text.ceil_char_boundary((error + LONGEST).min(text.len()));
    let start = text[first..error].rfind('\n').map(|end| first + end + 1);
    let start = start.or((first == 0).then_some(0))?;
    let end = text[error..last].find(['\r', '\n']).map(|end| error + end);
    let end = end.or((last == text.len()).then_some(last))?;
    let line = Entry { start, text: &text[start..end], hints };
    let comment = || line.comment_of_value(error);
    line.comment(error)
        .or_else(|| line.quotes())
        .or_else(|| line.around(error).cause())
        .or_else(comment)
}

impl Entry<'_> {
    /// Returns the range of a part of this text.
    fn place(&self, part: &str) -> Range<usize> {
        let start = self.start + (part.as_ptr().addr() - self.text.as_ptr().addr());
        start..start + part.len()
    }

    /// Returns the wording for typographic quotes.
    fn quotes(&self) -> Option<Wording> {
        let is_quote = |letter: char| QUOTES.iter().any(|(quote, _)| *quote == letter);
        let first = self.text.find(is_quote)?;
        let quote = self.text[first..].chars().next()?;
        if self.text[..first].contains(['#', '"', '\'']) {
            return None;
        }
        let line = self.text.trim();
        let repaired: String = line
            .chars()
            .map(|letter| QUOTES.iter().find(|(it, _)| *it == letter).map_or(letter, |(_, it)| *it))
            .collect();
        let place = self.start + first..self.start + first + quote.len_utf8();
        let message = format!("`{quote}` is not a quote in TOML");
        let message =
            if quote == '`' { "a backtick is not a quote in TOML".into() } else { message };
        Some(Wording::new(place, message, format!("write `{}`", shown(&repaired)?)))
    }

    /// Returns the part of a line around an error. In an inline table, the part is delimited by
    /// commas.
    fn around(&self, error: usize) -> Self {
        let offset = error - self.start;
        let value = self.text.split_once('=').map_or("", |(_, value)| value.trim());
        let is_inline = value.starts_with('{') && !value.starts_with("{{");
        if !is_inline {
            return Self { start: self.start, text: self.text, hints: self.hints };
        }
        let is_mark = |(at, mark): &(usize, char)| match mark {
            '{' | '}' => true,
            _ => *mark == ',' && !is_in_number(self.text, *at),
        };
        let mut marks = self.text.char_indices().filter(is_mark);
        let before = marks.by_ref().take_while(|(at, _)| *at < offset).last();
        let start = before.map_or(0, |(at, _)| at + 1);
        let mut marks = self.text[start..].char_indices().map(|(at, mark)| (start + at, mark));
        let end = marks.find(|mark| mark.0 >= offset && mark.1 != '{' && is_mark(mark));
        let end = end.map_or(self.text.len(), |(at, _)| at);
        Self { start: self.start + start, text: &self.text[start..end], hints: self.hints }
    }

    /// Returns the wording for an error between a key and its value, or in the value.
    fn cause(&self) -> Option<Wording> {
        let line = self.text.trim();
        let is_key = |letter: char| letter.is_ascii_alphanumeric() || "_-.\"".contains(letter);
        let key = &line[..line.find(|letter| !is_key(letter))?];
        let rest = line[key.len()..].trim_start();
        if key.is_empty() {
            return None;
        }
        let wrong = SEPARATORS.iter().find(|mark| rest.starts_with(**mark));
        let mark = wrong.copied().or_else(|| rest.starts_with('=').then_some("="))?;
        let value = comment::without(&rest[mark.len()..]);
        let habit = Habit::of(key, value, self.hints);
        if wrong.is_some() {
            return self.separator((key, &rest[..mark.len()], value), habit);
        }
        let habit = habit?;
        Some(Wording::new(self.place(value), habit.message, habit.help))
    }

    /// Returns the wording for a key with another separator, such as the colon of YAML.
    fn separator(
        &self,
        (key, mark, value): (&str, &str, &str),
        habit: Option<Habit>,
    ) -> Option<Wording> {
        let bare = key.trim_matches('"');
        let help = match habit {
            Some(habit) => habit.help,
            None if value.is_empty() => {
                format!("write a table, such as `[{}]`", (self.hints.header)(bare))
            }
            None => {
                let is_value = value.starts_with(['"', '\'', '[', '{'])
                    || value.bytes().all(|byte| byte.is_ascii_digit())
                    || ["true", "false"].contains(&value);
                let quote = if is_value { "" } else { "\"" };
                format!("write `{}`", shown(&format!("{bare} = {quote}{value}{quote}"))?)
            }
        };
        let message = format!("a key is followed by `=`, not by `{mark}`");
        Some(Wording::new(self.place(mark), message, help))
    }
}

/// A value in the syntax of another language.
struct Habit {
    message: String,
    help: String,
}

impl Habit {
    fn of(key: &str, value: &str, hints: Hints) -> Option<Self> {
        let key = key.trim_matches('"');
        let name = key.rsplit('.').next().unwrap_or(key);
        let with_value =
            |value: &str| Some(format!("write `{}`", shown(&format!("{key} = {value}"))?));
        let lower = value.to_lowercase();
        if value.is_empty() {
            return None;
        }
        if let Some(plain) = value.strip_suffix([',', ';']).filter(|it| is_simple(it)) {
            let mark = &value[plain.len()..];
            let help = with_value(plain)?;
            return Some(Self {
                message: format!("unexpected `{mark}` at the end of the line"),
                help,
            });
        }
        if let Some(digits) = grouped(value) {
            let help = with_value(&digits)?;
            return Some(Self { message: "only `_` can separate groups of digits".into(), help });
        }
        if NOTHING.contains(&lower.as_str()) {
            let help =
                such_as(name, key, hints).unwrap_or("write a value, or remove the line".into());
            return Some(Self { message: format!("`{value}` is not a value in TOML"), help });
        }
        if is_variable(value) {
            let help = such_as(name, key, hints).unwrap_or("write the value itself".into());
            return Some(Self { message: "driverc does not expand variables".into(), help });
        }
        if value.starts_with(|first: char| first.is_ascii_digit()) {
            return Self::measured(name, value, &with_value);
        }
        Self::bare_word((name, key), value, hints, &with_value)
    }

    /// Returns the wording for a number with a unit.
    fn measured(
        name: &str,
        value: &str,
        with_value: &dyn Fn(&str) -> Option<String>,
    ) -> Option<Self> {
        let unit = quantity::unit_of(name)?;
        let number = unit.measured(value)?;
        let help = if let Some(number) = number.whole() {
            with_value(&number.to_string())?
        } else {
            format!("write a whole number of {}, not {}", unit.noun, number.decimal()?)
        };
        Some(Self {
            message: format!("a number cannot have a unit; `{name}` is in {}", unit.noun),
            help,
        })
    }

    /// Returns the wording for a word without quotes.
    fn bare_word(
        (name, key): (&str, &str),
        value: &str,
        hints: Hints,
        with_value: &dyn Fn(&str) -> Option<String>,
    ) -> Option<Self> {
        let lower = value.to_lowercase();
        let is_word =
            value.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-:./".contains(&byte));
        if !is_word || !value.starts_with(|first: char| first.is_ascii_alphabetic()) {
            return None;
        }
        if ["yes", "no", "on", "off", "true", "false"].contains(&lower.as_str()) && value != lower
            || ["yes", "no", "on", "off"].contains(&value)
        {
            let help = match ((hints.example)(name), lower.as_str()) {
                (Some(_), _) => such_as(name, key, hints)?,
                (None, "off") => with_value("\"off\"")?,
                // Rule names are the only keys without an example that contain a hyphen.
                (None, _) if key.contains('-') => {
                    format!("write a level, such as `{}`", shown(&format!("{key} = \"warn\""))?)
                }
                (None, "yes" | "on" | "true") => with_value("true")?,
                (None, _) => with_value("false")?,
            };
            return Some(Self { message: format!("`{value}` is not a value in TOML"), help });
        }
        let is_text = (hints.example)(name).is_none_or(|example| example.starts_with('"'));
        let help =
            if is_text { with_value(&format!("\"{value}\""))? } else { such_as(name, key, hints)? };
        let message = if is_text {
            "a string has no quotes".to_owned()
        } else {
            format!("`{}` is not a value of `{name}`", crate::toml::spelling::truncated(value))
        };
        Some(Self { message, help })
    }
}

/// Returns an example value for a contract key.
fn such_as(name: &str, key: &str, hints: Hints) -> Option<String> {
    let example = (hints.example)(name)?;
    Some(format!("write a value, such as `{}`", shown(&format!("{key} = {example}"))?))
}

/// Returns true if a value is a number, or a string that contains no quotes.
fn is_simple(value: &str) -> bool {
    let number = value.bytes().all(|byte| byte.is_ascii_digit() || byte == b'_');
    let inner = value.strip_prefix('"').and_then(|value| value.strip_suffix('"'));
    !value.is_empty() && (number || inner.is_some_and(|inner| !inner.contains('"')))
}

/// Returns true if a comma is between digits and three digits follow it.
fn is_in_number(text: &str, comma: usize) -> bool {
    let digits = text[comma + 1..].bytes().take_while(u8::is_ascii_digit).count();
    digits == 3 && text[..comma].ends_with(|before: char| before.is_ascii_digit())
}

/// Returns the digits of a number that has a separator between groups of three digits.
fn grouped(value: &str) -> Option<String> {
    let mark = value.chars().find(|letter| !letter.is_ascii_digit())?;
    if !",'’ \u{a0}\u{202f}".contains(mark) {
        return None;
    }
    let mut groups = value.split(mark);
    let first = groups.next()?;
    let is_group = |group: &str| group.len() == 3 && group.bytes().all(|it| it.is_ascii_digit());
    let fits = (1..=3).contains(&first.len()) && groups.all(is_group);
    fits.then(|| value.chars().filter(char::is_ascii_digit).collect())
}

/// Returns true if a value is a variable of a shell or a template.
fn is_variable(value: &str) -> bool {
    let value = value.trim_matches('"');
    let is_name = |name: &str| {
        name.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')
            && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
    };
    let functions = ["env(", "getenv(", "os.getenv(", "os.environ[", "process.env."];
    value.starts_with("${")
        || functions.iter().any(|function| value.starts_with(function))
        || value.starts_with("{{")
        || value.starts_with("$(")
        || value.starts_with("<%")
        || value.strip_prefix('$').is_some_and(is_name)
        || value.strip_prefix('%').and_then(|it| it.strip_suffix('%')).is_some_and(is_name)
}

/// Returns text for a message, unless it is too long or contains a backtick.
fn shown(text: &str) -> Option<&str> {
    (text.len() <= SHOWN && !text.contains('`')).then_some(text)
}

/// Returns the language of a text that is not TOML, if driverc recognises it.
pub(super) fn language(text: &str) -> Option<&'static str> {
    let text = text.trim_start_matches('\u{feff}').trim_start();
    let first = text.chars().next()?;
    let second = text[first.len_utf8()..].trim_start();
    if first == '{' || (first == '[' && second.starts_with(['{', ']'])) {
        return Some("JSON");
    }
    let lines = || text.lines().map(str::trim_end).filter(|line| !line.trim().is_empty());
    let is_yaml = |line: &str| {
        let key = line.trim_start().trim_start_matches("- ");
        let bare = key.split(':').next().unwrap_or(key);
        let is_key = |letter: char| letter.is_ascii_alphanumeric() || "_-\"".contains(letter);
        bare.len() < key.len() && !bare.is_empty() && bare.chars().all(is_key)
    };
    let is_toml = |line: &str| {
        let line = line.trim_start();
        line.starts_with('[') || line.split('#').next().is_some_and(|code| code.contains('='))
    };
    if lines().any(is_toml) {
        return None;
    }
    let starts = text.starts_with("---") || text.starts_with("%YAML");
    let keys = lines().filter(|line| is_yaml(line)).take(2).count();
    (keys >= 2 || (starts && keys >= 1)).then_some("YAML")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn grouped_digits_are_joined() {
        assert_eq!(grouped("5,000").as_deref(), Some("5000"));
        assert_eq!(grouped("1'000'000").as_deref(), Some("1000000"));
        assert_eq!(grouped("1 000").as_deref(), Some("1000"));
        for text in ["5000", "5,00", "5,0000", "1,000'000", ",000", "5000,000"] {
            assert_eq!(grouped(text), None, "{text}");
        }
    }

    #[test]
    fn template_variables_are_recognised() {
        for text in
            ["${POOL}", "$POOL", "{{ pool }}", "%POOL%", "$(pool)", "<%= pool %>", "env(\"POOL\")"]
        {
            assert!(is_variable(text), "{text}");
        }
        for text in ["$5", "100%", "pool", "$"] {
            assert!(!is_variable(text), "{text}");
        }
    }

    #[test]
    fn languages_are_recognised_by_first_lines() {
        assert_eq!(language("{\n  \"driver\": {}\n}"), Some("JSON"));
        assert_eq!(language("[{\"a\": 1}]"), Some("JSON"));
        assert_eq!(language("driver:\n  example:\n    max: 5\n"), Some("YAML"));
        assert_eq!(language("---\ndriver: x\n"), Some("YAML"));
        assert_eq!(language("a: 5\n"), None, "one line is a slip");
        assert_eq!(language("a: 5\nb: 6\n[c]\n"), None, "some lines are TOML");
        assert_eq!(language("[driver.x]\na: 5\nb: 6\n"), None);
        assert_eq!(language(""), None);
    }
}

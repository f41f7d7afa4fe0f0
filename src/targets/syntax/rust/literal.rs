//! Literals of Rust: integers, texts and lists of texts.

use std::num::IntErrorKind;

const SUFFIXES: [&str; 12] =
    ["u8", "u16", "u32", "u64", "u128", "usize", "i8", "i16", "i32", "i64", "i128", "isize"];

/// Returns the integer of a literal, or `None` for anything else. A number that is too large for the
/// result is the largest result.
pub fn integer(text: &str) -> Option<i128> {
    let number = SUFFIXES.iter().find_map(|suffix| text.strip_suffix(suffix)).unwrap_or(text);
    let (digits, radix) = match number.get(..2) {
        Some("0x") => (&number[2..], 16),
        Some("0o") => (&number[2..], 8),
        Some("0b") => (&number[2..], 2),
        _ if !number.starts_with(|first: char| first.is_ascii_digit()) => return None,
        _ => (number, 10),
    };
    let digits = digits.replace('_', "");
    if !digits.chars().all(|digit| digit.is_digit(radix)) {
        return None;
    }
    match i128::from_str_radix(&digits, radix) {
        Err(error) if *error.kind() == IntErrorKind::PosOverflow => Some(i128::MAX),
        number => number.ok(),
    }
}

/// Returns a literal with its digits in groups of three.
pub fn grouped(value: u64) -> String {
    let digits = value.to_string();
    let mut grouped = String::new();
    for (index, digit) in digits.char_indices() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            grouped.push('_');
        }
        grouped.push(digit);
    }
    grouped
}

/// Returns the text of a string literal, or the texts of a list such as `&["a", "b"]`. Returns `None`
/// for anything else, such as a list with a comment.
pub fn texts(value: &str) -> Option<Vec<String>> {
    let Some(list) = value.strip_prefix('&') else {
        return text(value).filter(|(_, rest)| rest.is_empty()).map(|(text, _)| vec![text]);
    };
    let mut rest = list.trim_start().strip_prefix('[')?.strip_suffix(']')?.trim();
    let mut texts = Vec::new();
    while !rest.is_empty() {
        let (text, after) = text(rest)?;
        texts.push(text);
        let after = after.trim_start();
        rest = match after.strip_prefix(',') {
            Some(next) => next.trim_start(),
            None if after.is_empty() => after,
            None => return None,
        };
    }
    Some(texts)
}

/// Reads a string literal at the start of a text. Returns its content and the rest of the text.
fn text(text: &str) -> Option<(String, &str)> {
    let mut content = String::new();
    let mut rest = text.strip_prefix('"')?;
    loop {
        let first = rest.chars().next()?;
        rest = &rest[first.len_utf8()..];
        match first {
            '"' => return Some((content, rest)),
            '\\' => {
                let (character, after) = escape(rest)?;
                content.push(character);
                rest = after;
            }
            _ => content.push(first),
        }
    }
}

/// Reads an escape behind its backslash.
fn escape(text: &str) -> Option<(char, &str)> {
    let (kind, rest) = text.split_at_checked(1)?;
    let character = match kind {
        "n" => '\n',
        "r" => '\r',
        "t" => '\t',
        "0" => '\0',
        "\\" | "'" | "\"" => kind.chars().next()?,
        "x" => {
            let (digits, rest) = rest.split_at_checked(2)?;
            return Some((code(digits).filter(char::is_ascii)?, rest));
        }
        "u" => {
            let (digits, rest) = rest.strip_prefix('{')?.split_once('}')?;
            return Some((code(&digits.replace('_', ""))?, rest));
        }
        _ => return None,
    };
    Some((character, rest))
}

fn code(digits: &str) -> Option<char> {
    let is_plain = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    u32::from_str_radix(digits, 16).ok().filter(|_| is_plain).and_then(char::from_u32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integer_is_read_as_rust_reads_it() {
        for (text, value) in [
            ("5000", Some(5_000)),
            ("5_000_u64", Some(5_000)),
            ("5_000u32", Some(5_000)),
            ("0x1388", Some(5_000)),
            ("0b101_usize", Some(5)),
            ("0o17", Some(15)),
            ("007", Some(7)),
            ("340282366920938463463374607431768211455", Some(i128::MAX)),
            ("5.0", None),
            ("-5", None),
            ("_5", None),
            ("u64", None),
            ("0x", None),
            ("5 * 1000", None),
            ("FIVE", None),
            ("é", None),
            ("", None),
        ] {
            assert_eq!(integer(text), value, "{text}");
        }
    }

    #[test]
    fn digits_are_in_groups_of_three() {
        for (value, text) in
            [(0, "0"), (999, "999"), (5_000, "5_000"), (2_592_000_000, "2_592_000_000")]
        {
            assert_eq!(grouped(value), text);
            assert_eq!(integer(text), Some(i128::from(value)));
        }
    }

    #[test]
    fn texts_are_read_with_their_escapes() {
        let read = |text| texts(text).map(|texts| texts.join("|"));
        for (text, value) in [
            (r#""a\"\\\n\x41\u{e9}é""#, Some("a\"\\\nAéé")),
            (r#"&["a", "b,]"]"#, Some("a|b,]")),
            ("&[\n    \"a\",\n    \"b\",\n]", Some("a|b")),
            ("&[]", Some("")),
            (r#""""#, Some("")),
            (r#""a" "b""#, None),
            (r#"&["a" "b"]"#, None),
            (r#"&["a", B]"#, None),
            (r#"concat!("a", "b")"#, None),
            (r#""\q""#, None),
            (r#""\xff""#, None),
            (r#""\u{110000}""#, None),
            (r#""a"#, None),
            (r#""\"#, None),
            (r#"r"a""#, None),
        ] {
            assert_eq!(read(text).as_deref(), value, "{text}");
        }
    }
}

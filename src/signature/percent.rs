//! Percent-encodes and decodes text, strictly in both directions.

use std::fmt;

#[cfg(feature = "render")]
use crate::model::DRIVER_PLACEHOLDER;
use crate::signature::SignatureError;

const DIGITS: &[u8; 16] = b"0123456789ABCDEF";

/// Appends a text and percent-encodes every byte that needs it.
pub(super) fn encode(text: &str, line: &mut String) {
    // Most texts need no encoding.
    if text.bytes().all(stands_for_itself) {
        line.push_str(text);
        return;
    }
    for byte in text.bytes() {
        if stands_for_itself(byte) {
            line.push(char::from(byte));
        } else {
            line.extend(escape(byte));
        }
    }
}

/// Returns the percent-encoded text of a template, with the placeholder for the driver's name
/// unchanged.
#[cfg(feature = "render")]
pub(crate) fn encoded_template_text(text: &str) -> String {
    let encoded = |part: &str| {
        let mut line = String::with_capacity(part.len());
        encode(part, &mut line);
        line
    };
    text.split(DRIVER_PLACEHOLDER).map(encoded).collect::<Vec<_>>().join(DRIVER_PLACEHOLDER)
}

/// Decodes a text that [`encode`] wrote, and rejects any other form.
pub(super) fn decode(raw: &str) -> Result<String, SignatureError> {
    let mut text = Vec::with_capacity(raw.len());
    let mut offset = 0;
    while let Some(byte) = raw.as_bytes().get(offset).copied() {
        if byte == b'%' {
            text.push(unescape(raw, offset)?);
            offset += 3;
            continue;
        }
        if !stands_for_itself(byte) {
            let escaped = String::from_iter(escape(byte));
            return Err(is_written(char::from(byte), &escaped, offset));
        }
        text.push(byte);
        offset += 1;
    }
    String::from_utf8(text)
        .map_err(|error| SignatureError::new(0, format!("the value is not UTF-8: {error}")))
}

/// Checks that [`decode`] accepts a text.
pub(super) fn check(raw: &str) -> Result<(), SignatureError> {
    // Most texts need no encoding.
    if raw.bytes().all(stands_for_itself) { Ok(()) } else { decode(raw).map(|_| ()) }
}

const fn stands_for_itself(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~' | b'/' | b':')
}

fn escape(byte: u8) -> [char; 3] {
    let digit = |nibble: u8| char::from(DIGITS[usize::from(nibble)]);
    ['%', digit(byte >> 4), digit(byte & 0xF)]
}

/// Decodes the escape at `offset`.
fn unescape(raw: &str, offset: usize) -> Result<u8, SignatureError> {
    let digits = raw.as_bytes().get(offset + 1..offset + 3);
    let Some([Some(high), Some(low)]) = digits.map(|pair| [nibble(pair[0]), nibble(pair[1])])
    else {
        let message = "`%` must be followed by two upper-case hexadecimal digits";
        return Err(SignatureError::new(offset, message));
    };
    let byte = high << 4 | low;
    if stands_for_itself(byte) {
        return Err(is_written(&raw[offset..offset + 3], char::from(byte), offset));
    }
    Ok(byte)
}

const fn nibble(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'A'..=b'F' => Some(digit - b'A' + 10),
        _ => None,
    }
}

fn is_written(
    found: impl fmt::Display,
    canonical: impl fmt::Display,
    offset: usize,
) -> SignatureError {
    SignatureError::new(offset, format!("`{found}` must be written as `{canonical}`"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn encoded(text: &str) -> String {
        let mut line = String::new();
        encode(text, &mut line);
        line
    }

    fn refused(raw: &str) -> String {
        decode(raw).unwrap_err().to_string()
    }

    #[test]
    fn only_reserved_characters_are_escaped() {
        for (text, raw) in [
            ("", ""),
            ("azAZ09-._~/:", "azAZ09-._~/:"),
            ("a|b=c,d%", "a%7Cb%3Dc%2Cd%25"),
            ("pgbench 16.2, -R 450", "pgbench%2016.2%2C%20-R%20450"),
            ("Müller €", "M%C3%BCller%20%E2%82%AC"),
            ("\0\n\u{7F}\"*`", "%00%0A%7F%22%2A%60"),
        ] {
            assert_eq!(encoded(text), raw);
            assert_eq!(decode(raw).as_deref(), Ok(text));
        }
    }

    #[test]
    fn noncanonical_escapes_are_refused() {
        for raw in ["a%2c", "a%2", "a%", "a%%2C", "a%+F"] {
            assert_eq!(
                refused(raw),
                "byte 1: `%` must be followed by two upper-case hexadecimal digits"
            );
        }
        assert_eq!(refused("ab%41"), "byte 2: `%41` must be written as `A`");
        assert_eq!(refused("a,b"), "byte 1: `,` must be written as `%2C`");
        assert!(refused("a%FF").starts_with("byte 0: the value is not UTF-8"));
        assert!(refused("%C0%80").starts_with("byte 0: the value is not UTF-8"));
    }
}

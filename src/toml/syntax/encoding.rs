//! Decodes text in UTF-16 and UTF-32, with and without a byte order mark.

use super::{INVALID_UTF8, span};
use crate::toml::findings::DocumentFindings;

/// The encoding of a text.
#[derive(Clone, Copy)]
enum Encoding {
    Utf16 { is_big: bool },
    Utf32 { is_big: bool },
}

/// Returns true if a text might be UTF-16 or UTF-32. UTF-8 text does not start with such bytes.
pub(crate) const fn may_be_wide(bytes: &[u8]) -> bool {
    matches!(bytes, [0xFE | 0xFF | 0, ..] | [_, 0, ..])
}

/// Decodes a UTF-16 or UTF-32 file and reports its encoding. Returns `None` for other files.
#[cold]
pub(crate) fn decode_wide(bytes: &[u8], findings: &mut DocumentFindings) -> Option<String> {
    let encoding = Encoding::of(bytes)?;
    let text = encoding.decode(bytes);
    let text = text.trim_start_matches('\u{feff}').to_owned();
    // A file of another kind can start with the same bytes.
    if text.contains('\0') {
        return None;
    }
    let first = text.chars().next().map_or(0, char::len_utf8);
    let message = format!("the file is {}", encoding.name());
    let finding = INVALID_UTF8.finding(span(0..first), message);
    findings.push(finding.help("save the file as UTF-8"));
    Some(text)
}

impl Encoding {
    /// Detects the encoding from the byte order mark, or else from the first two characters.
    const fn of(bytes: &[u8]) -> Option<Self> {
        Some(match bytes {
            [0, 0, 0xFE, 0xFF, ..] => Self::Utf32 { is_big: true },
            [0xFF, 0xFE, 0, 0, ..] => Self::Utf32 { is_big: false },
            [0xFE, 0xFF, ..] => Self::Utf16 { is_big: true },
            [0xFF, 0xFE, ..] => Self::Utf16 { is_big: false },
            [0, 0, 0, fourth, 0, 0, 0, eighth, ..] if *fourth > 0 && *eighth > 0 => {
                Self::Utf32 { is_big: true }
            }
            [first, 0, 0, 0, fifth, 0, 0, 0, ..] if *first > 0 && *fifth > 0 => {
                Self::Utf32 { is_big: false }
            }
            [0, second, 0, fourth, ..] if *second > 0 && *fourth > 0 => {
                Self::Utf16 { is_big: true }
            }
            [first, 0, third, 0, ..] if *first > 0 && *third > 0 => Self::Utf16 { is_big: false },
            _ => return None,
        })
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Utf16 { .. } => "UTF-16",
            Self::Utf32 { .. } => "UTF-32",
        }
    }

    /// Decodes a text. Replaces invalid characters with `?`.
    fn decode(self, bytes: &[u8]) -> String {
        match self {
            Self::Utf16 { is_big } => {
                let unit = if is_big { u16::from_be_bytes } else { u16::from_le_bytes };
                let units = bytes.chunks_exact(2).map(|pair| unit([pair[0], pair[1]]));
                char::decode_utf16(units).map(|it| it.unwrap_or('?')).collect()
            }
            Self::Utf32 { is_big } => {
                let unit = if is_big { u32::from_be_bytes } else { u32::from_le_bytes };
                let units =
                    bytes.chunks_exact(4).map(|four| unit([four[0], four[1], four[2], four[3]]));
                units.map(|it| char::from_u32(it).unwrap_or('?')).collect()
            }
        }
    }
}

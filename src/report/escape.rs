//! Text of contracts made safe to show: nothing invisible, nothing that steers a terminal.

use std::{borrow::Cow, ops::RangeInclusive};

/// The characters outside ASCII that are not seen, or that change how others are seen.
///
/// These are the C1 controls, the separators of lines and paragraphs, the interlinear
/// annotations, and all of `Default_Ignorable_Code_Point` (Unicode 16.0,
/// `DerivedCoreProperties.txt`): the bidirectional controls, what has no width, variation
/// selectors, tags. In order, for a binary search.
const UNSEEN: [RangeInclusive<char>; 18] = [
    '\u{80}'..='\u{9f}',
    '\u{ad}'..='\u{ad}',
    '\u{34f}'..='\u{34f}',
    '\u{61c}'..='\u{61c}',
    '\u{115f}'..='\u{1160}',
    '\u{17b4}'..='\u{17b5}',
    '\u{180b}'..='\u{180f}',
    '\u{200b}'..='\u{200f}',
    '\u{2028}'..='\u{202e}',
    '\u{2060}'..='\u{206f}',
    '\u{3164}'..='\u{3164}',
    '\u{fe00}'..='\u{fe0f}',
    '\u{feff}'..='\u{feff}',
    '\u{ffa0}'..='\u{ffa0}',
    '\u{fff0}'..='\u{fffb}',
    '\u{1bca0}'..='\u{1bca3}',
    '\u{1d173}'..='\u{1d17a}',
    '\u{e0000}'..='\u{e0fff}',
];

/// The text with every control and every invisible character as a visible escape.
///
/// Line ends and tabs are `\n`, `\r`, `\t`, all others are like `\u{202e}`; what is returned is
/// one line. Borrows where nothing had to be escaped.
pub fn escaped(text: &str) -> Cow<'_, str> {
    if !text.chars().any(is_unseen) {
        return Cow::Borrowed(text);
    }
    let mut visible = String::with_capacity(text.len() + 16);
    text.chars().for_each(|character| push_visible(&mut visible, character));
    Cow::Owned(visible)
}

/// Appends a character, or its escape where it would not be seen as itself.
pub(super) fn push_visible(text: &mut String, character: char) {
    match character {
        '\t' | '\n' | '\r' => text.extend(character.escape_default()),
        _ if is_unseen(character) => text.extend(character.escape_unicode()),
        _ => text.push(character),
    }
}

/// Whether a character is not seen as itself.
pub(super) fn is_unseen(character: char) -> bool {
    if character.is_ascii() {
        return character.is_ascii_control();
    }
    let after = UNSEEN.partition_point(|range| *range.end() < character);
    UNSEEN.get(after).is_some_and(|range| range.contains(&character))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_text_is_borrowed() {
        for text in ["", "max_in_flight = 20", "Größe 数 🦀", "a\u{301}", "\u{a0}\u{3000}"] {
            assert!(matches!(escaped(text), Cow::Borrowed(same) if same == text), "{text}");
        }
    }

    #[test]
    fn what_steers_a_terminal_is_escaped() {
        assert_eq!(escaped("a\tb\r\nc\0"), r"a\tb\r\nc\u{0}");
        assert_eq!(escaped("\u{1b}[31mred\u{7f}\u{9b}0m"), r"\u{1b}[31mred\u{7f}\u{9b}0m");
        assert_eq!(escaped("\u{202e}txt\u{2069}\u{61c}"), r"\u{202e}txt\u{2069}\u{61c}");
    }

    #[test]
    fn what_is_not_seen_is_escaped() {
        assert_eq!(escaped("a\u{200b}\u{2060}\u{feff}b"), r"a\u{200b}\u{2060}\u{feff}b");
        assert_eq!(escaped("\u{2028}\u{2029}\u{ad}"), r"\u{2028}\u{2029}\u{ad}");
        assert_eq!(escaped("x\u{e0041}\u{e0100}\u{fe0f}"), r"x\u{e0041}\u{e0100}\u{fe0f}");
    }

    #[test]
    fn every_control_and_format_of_direction_is_unseen() {
        let all = (0..=0x0010_ffff_u32).filter_map(char::from_u32);
        for control in all.filter(|character| character.is_control()) {
            assert!(is_unseen(control), "{control:?}");
        }
        let direction = ('\u{200e}'..='\u{200f}').chain('\u{202a}'..='\u{202e}');
        for character in direction.chain('\u{2066}'..='\u{2069}') {
            assert!(is_unseen(character), "{character:?}");
        }
    }

    #[test]
    fn the_ranges_are_in_order() {
        assert!(UNSEEN.iter().all(|range| !range.is_empty()));
        assert!(UNSEEN.windows(2).all(|pair| pair[0].end() < pair[1].start()));
    }
}

//! Detects control characters and invisible characters.

use std::ops::RangeInclusive;

/// The characters outside ASCII that are invisible or that change how other characters are
/// displayed.
///
/// These are the C1 controls, the line and paragraph separators, the interlinear annotations, and
/// `Default_Ignorable_Code_Point` (Unicode 16.0, `DerivedCoreProperties.txt`): bidirectional
/// controls, characters without width, variation selectors and tags. The ranges are sorted for a
/// binary search.
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

/// Returns true if a character is a control character or invisible.
pub(crate) fn is_unseen(character: char) -> bool {
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
    fn control_and_bidirectional_characters_are_detected() {
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
    fn invisible_character_ranges_are_sorted() {
        assert!(UNSEEN.iter().all(|range| !range.is_empty()));
        assert!(UNSEEN.windows(2).all(|pair| pair[0].end() < pair[1].start()));
    }
}

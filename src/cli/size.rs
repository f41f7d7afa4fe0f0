//! Parses file sizes on the command line: `500000`, `64KiB`, `16MiB`, `1GiB`.

use crate::model::MaxFileBytes;

/// The units and their size in bytes. A number without a unit is in bytes.
const UNITS: [(&str, u64); 3] = [("KiB", 1 << 10), ("MiB", 1 << 20), ("GiB", 1 << 30)];

/// Parses a size in bytes, or returns the reason why it is not valid.
pub(super) fn parse(text: &str) -> Result<MaxFileBytes, String> {
    let (number, bytes) = UNITS
        .iter()
        .find_map(|(unit, bytes)| Some((text.strip_suffix(unit)?, *bytes)))
        .unwrap_or((text, 1));
    let number = number.trim_end();
    if number.is_empty() || !number.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(
            "write a number of bytes, or a number with the unit `KiB`, `MiB` or `GiB`".to_owned()
        );
    }
    // Parsing fails only if the number exceeds 64 bits.
    let size = number.parse::<u64>().ok().and_then(|number| number.checked_mul(bytes));
    let size = size.and_then(|size| MaxFileBytes::new(size).ok());
    size.ok_or_else(|| format!("write {} to {} bytes", MaxFileBytes::MIN, MaxFileBytes::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_parsed_with_and_without_units() {
        let bytes = |text: &str| parse(text).map(MaxFileBytes::get).ok();
        assert_eq!(bytes("1"), Some(1));
        assert_eq!(bytes("64KiB"), Some(65_536));
        assert_eq!(bytes("16 MiB"), Some(16_777_216));
        assert_eq!(bytes("3GiB"), Some(3_221_225_472));
        assert_eq!(bytes("4294967295"), Some(4_294_967_295));
        for text in ["", "MiB", "0", "4GiB", "-1", "+1", "1.5MiB", "1MB", "1mib", "1 KiB MiB"] {
            assert_eq!(bytes(text), None, "{text}");
        }
        for number in [u64::MAX.to_string(), format!("{}0", u64::MAX)] {
            assert_eq!(bytes(&number), None);
            assert_eq!(bytes(&format!("{number}KiB")), None);
        }
    }
}

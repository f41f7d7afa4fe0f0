//! Reads the producer metrics that `--print-metrics` prints.

use rust_decimal::prelude::ToPrimitive;

use crate::import::{
    error::ImportRefusal,
    number::decimal,
    text::{lines, words},
};

/// Returns the sum of a counter over all producers, if it is printed.
pub(super) fn metric(text: &str, name: &str) -> Result<Option<u64>, ImportRefusal> {
    let mut sum = None;
    for (number, line) in lines(text).filter(|(_, line)| line.trim_start().starts_with(name)) {
        let Some(value) = words(number, line, None).last() else { continue };
        // A metric has three decimals, so a value without decimals was cut off.
        let is_whole = value.text.contains(['.', ',']);
        let count = decimal(&value.text.replace(',', ".")).filter(|_| is_whole);
        let count = count.and_then(|count| count.ceil().to_u64());
        let count = count.ok_or_else(|| value.refused("this is not a number of records"))?;
        sum = Some(count.saturating_add(sum.unwrap_or(0)));
    }
    Ok(sum)
}

//! The findings that a client's comment declares.
//!
//! ```text
//! # expect error capability-required-missing at capabilities for `batch_read`, wrong: a producer
//! #   reads nothing.
//! ```
//!
//! An expectation names the level, the rule and the key. `for` narrows it to findings whose message
//! has a word. `defended` means that the client's default is at fault, `wrong` that the rule is.

use crate::clients::Raised;

/// Whether the client or the rule is at fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// The finding is right: the client's default has the fault that the rule reports.
    Defended,
    /// The finding is wrong: the rule should not report the default.
    Wrong,
}

/// A finding that a client is expected to have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Expectation {
    /// The level, as its label.
    pub(crate) level: String,
    /// The name of the rule.
    pub(crate) rule: String,
    /// The key of the line at which the finding points.
    pub(crate) key: String,
    /// A word of the message in backticks, or `None` for any message.
    pub(crate) word: Option<String>,
    pub(crate) verdict: Verdict,
    /// Why the verdict is right, without a full stop at the end.
    pub(crate) reason: String,
}

/// The start of an expectation.
const START: &str = "# expect ";
/// The start of each further line of an expectation.
const CONTINUED: &str = "#   ";

/// The expectations of a document, in its order.
pub(crate) fn expectations(text: &str) -> Vec<Expectation> {
    blocks(text).into_iter().filter_map(|block| block.strip_prefix(START).map(parse)).collect()
}

/// The lines of a document; the lines of an expectation are joined.
fn blocks(text: &str) -> Vec<String> {
    let mut blocks: Vec<String> = Vec::new();
    for line in text.lines() {
        match (blocks.last_mut(), line.strip_prefix(CONTINUED)) {
            (Some(last), Some(rest)) if last.starts_with(START) => {
                last.push(' ');
                last.push_str(rest);
            }
            _ => blocks.push(line.to_owned()),
        }
    }
    blocks
}

fn parse(block: &str) -> Expectation {
    let parsed = (|| {
        let (head, reason) = block.split_once(": ")?;
        let (head, verdict) = head.rsplit_once(", ")?;
        let verdict = match verdict {
            "defended" => Verdict::Defended,
            "wrong" => Verdict::Wrong,
            _ => return None,
        };
        let (finding, place) = head.split_once(" at ")?;
        let (level, rule) = finding.split_once(' ')?;
        let (key, word) = match place.split_once(" for ") {
            Some((key, word)) => (key, Some(word.to_owned())),
            None => (place, None),
        };
        let [level, rule, key] = [level, rule, key].map(str::to_owned);
        let reason = reason.trim_end_matches('.').to_owned();
        Some(Expectation { level, rule, key, word, verdict, reason })
    })();
    parsed.unwrap_or_else(|| panic!("not an expectation: {block}"))
}

impl Expectation {
    pub(crate) fn matches(&self, raised: &Raised) -> bool {
        raised.rule == self.rule
            && raised.level.to_string() == self.level
            && raised.key == self.key
            && self.word.as_ref().is_none_or(|word| raised.message.contains(word))
    }

    /// The expectation without its reason.
    pub(crate) fn line(&self) -> String {
        let word = self.word.as_ref().map(|word| format!(" for {word}")).unwrap_or_default();
        format!("{} {} at {}{word}", self.level, self.rule, self.key)
    }
}

/// The document without expectations of wrong findings that are not raised.
pub(crate) fn without_stale(text: &str, raised: &[Raised]) -> String {
    let mut result = String::new();
    let mut skipping = false;
    let mut lines = text.lines().peekable();
    while let Some(line) = lines.next() {
        if line.starts_with(START) {
            let rest = lines.clone().take_while(|next| next.starts_with(CONTINUED));
            let block: Vec<_> = std::iter::once(line).chain(rest).collect();
            let [one] = &expectations(&block.join("\n"))[..] else { panic!("{line}") };
            skipping =
                one.verdict == Verdict::Wrong && !raised.iter().any(|raised| one.matches(raised));
        } else if !line.starts_with(CONTINUED) {
            skipping = false;
        }
        if !skipping {
            result.push_str(line);
            result.push('\n');
        }
    }
    result
}

//! Writes and parses the identity of a finding: `finding|v1|rule=…`.
//!
//! An identity names a rule, its declarations, a field and a value. It never contains a file,
//! a line number or a message, so it stays the same if declarations move.

use std::borrow::Cow;

use crate::{
    model::record::Literal,
    signature::{
        SignatureError, fields,
        line::{self, SignatureLine, VERSION},
        percent, signature_digest,
    },
};

const KIND: &str = "finding";
const RULE: &str = "rule";
const FIELD: &str = "field";
const VALUE: &str = "value";
const AT_MOST: &str = "at_most";
const DRIVER: &str = "driver";
/// The start of a digest.
const DIGEST: &str = "sha256:";
/// The maximum length of a value, in bytes. The digest stands for a longer value.
const MAX_VALUE: usize = 64;

/// The keys of each kind of declaration, in order.
const DECLARATIONS: [&[&str]; 9] = [
    &["benchmark"],
    &["budget", "scope"],
    &["call"],
    &["caller"],
    &[DRIVER],
    &["requirement"],
    &["server"],
    &["template"],
    &["workload", "scope"],
];
/// The declarations without a name. Their value is a digest.
const NAMELESS: [&str; 3] = ["benchmark", "call", "requirement"];

/// The keys and values that name a declaration. The order of declarations is that of their keys and
/// values.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct NamedDeclaration<'a>(Vec<(&'a str, Cow<'a, str>)>);

impl<'a> NamedDeclaration<'a> {
    /// Names a declaration by one key.
    pub(crate) fn new(key: &'a str, value: impl Into<Cow<'a, str>>) -> Self {
        Self(vec![(key, value.into())])
    }

    /// Names a scope of a table.
    pub(crate) fn scoped(key: &'a str, profile: &'a str, scope: String) -> Self {
        Self(vec![(key, profile.into()), ("scope", scope.into())])
    }
}

/// Returns the identity of a finding. The declarations must be in order.
pub(crate) fn finding_signature(
    rule: &str,
    declarations: &[NamedDeclaration<'_>],
    field: Option<&str>,
    value: Option<Literal<'_>>,
    at_most: Option<u64>,
) -> String {
    let mut line = SignatureLine::new(KIND);
    line.entry(RULE, Literal::Word(rule));
    for (key, value) in declarations.iter().flat_map(|declaration| &declaration.0) {
        line.entry(key, Literal::Word(value));
    }
    if let Some(field) = field {
        line.entry(FIELD, Literal::Word(field));
    }
    if let Some(literal) = value {
        let mut value = String::new();
        line::push(literal, &mut value);
        if value.len() > MAX_VALUE {
            value = signature_digest(&value).to_string();
        }
        line.entry(VALUE, Literal::Word(&value));
    }
    if let Some(figure) = at_most {
        line.entry(AT_MOST, Literal::Number(figure, ""));
    }
    line.finish()
}

/// Splits an identity with a figure into the line before the figure, and the figure.
pub(crate) fn split_figure(line: &str) -> Option<(&str, u64)> {
    let (before, figure) = line.rsplit_once('=')?;
    let is_figure = before.rsplit('|').next() == Some(AT_MOST);
    is_figure.then(|| figure.parse().ok()).flatten().map(|figure| (before, figure))
}

/// The parts of an identity that decide where its rule is enabled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FindingSignature<'l> {
    /// The name of the rule.
    pub rule: &'l str,
    /// The first driver that the identity names, if it names one.
    pub driver: Option<&'l str>,
}

/// Parses the identity of a finding. Accepts only the canonical form, but any rule, name and field.
pub fn parse_finding_signature(line: &str) -> Result<FindingSignature<'_>, SignatureError> {
    fields::only_visible_ascii(line)?;
    let mut parts = Parts { line, offset: 0 };
    for word in [KIND, VERSION] {
        match parts.next() {
            Some((_, key, None)) if key == word => {}
            found => return Err(expected(line, found, &format!("`{word}`"))),
        }
    }
    let rule = parts.value(RULE)?;
    let mut declarations = vec![parts.declaration()?];
    while parts.starts_declaration() {
        let start = parts.offset;
        declarations.push(parts.declaration()?);
        let [.., previous, last] = &declarations[..] else { continue };
        if previous >= last {
            let message = "declarations must be different and in ascending order";
            return Err(SignatureError::new(start, message));
        }
    }
    if parts.peek_key() == Some(FIELD) {
        parts.value(FIELD)?;
        if parts.peek_key() == Some(VALUE) {
            parts.value(VALUE)?;
        }
    }
    if parts.peek_key() == Some(AT_MOST) {
        parts.figure()?;
    }
    match parts.next() {
        None => {
            let named = declarations.iter().flatten();
            let driver = named.into_iter().find(|(key, _)| *key == DRIVER).map(|(_, name)| *name);
            Ok(FindingSignature { rule, driver })
        }
        found => Err(expected(line, found, "the end of the line")),
    }
}

/// The parts of a line between `|`.
struct Parts<'l> {
    line: &'l str,
    /// The start of the next part. One past the length of the line if no part is left.
    offset: usize,
}

/// The offset, the key and the value of a part. A part without `=` has no value.
type Part<'l> = (usize, &'l str, Option<&'l str>);

impl<'l> Parts<'l> {
    fn next(&mut self) -> Option<Part<'l>> {
        let part = self.peek()?;
        let start = self.offset;
        self.offset += part.len() + 1;
        Some(match part.split_once('=') {
            Some((key, value)) => (start, key, Some(value)),
            None => (start, part, None),
        })
    }

    fn peek(&self) -> Option<&'l str> {
        let rest = self.line.get(self.offset..)?;
        Some(rest.split_once('|').map_or(rest, |(part, _)| part))
    }

    fn peek_key(&self) -> Option<&'l str> {
        self.peek()?.split_once('=').map(|(key, _)| key)
    }

    fn starts_declaration(&self) -> bool {
        self.peek_key().is_some_and(|key| DECLARATIONS.iter().any(|keys| keys[0] == key))
    }

    /// Reads the value of a key, which must come next.
    fn value(&mut self, key: &str) -> Result<&'l str, SignatureError> {
        match self.next() {
            Some((start, found, Some(value))) if found == key => {
                let start = start + key.len() + 1;
                check_value(value).map_err(|error| error.within(key, start))?;
                if NAMELESS.contains(&key) && !is_digest(value) {
                    let message = format!("expected `{DIGEST}` with 64 hexadecimal digits");
                    return Err(SignatureError::new(0, message).within(key, start));
                }
                Ok(value)
            }
            found => Err(expected(self.line, found, &format!("`{key}=`"))),
        }
    }

    /// Reads the figure, which must come next.
    fn figure(&mut self) -> Result<(), SignatureError> {
        let start = self.offset + AT_MOST.len() + 1;
        let text = self.value(AT_MOST)?;
        if text.parse::<u64>().is_ok_and(|figure| figure.to_string() == text) {
            return Ok(());
        }
        let message = "expected a number without leading zeros";
        Err(SignatureError::new(0, message).within(AT_MOST, start))
    }

    /// Reads the keys and values of a declaration, which must come next.
    fn declaration(&mut self) -> Result<Vec<(&'static str, &'l str)>, SignatureError> {
        let first = self.peek_key();
        let Some(keys) = DECLARATIONS.into_iter().find(|keys| first == Some(keys[0])) else {
            let found = self.next();
            return Err(expected(self.line, found, "a declaration such as `driver=`"));
        };
        keys.iter().map(|key| Ok((*key, self.value(key)?))).collect()
    }
}

fn is_digest(value: &str) -> bool {
    value.strip_prefix(DIGEST).is_some_and(super::document::is_hex_digest)
}

/// Checks the form of a value: percent-encoded texts, separated by commas.
fn check_value(value: &str) -> Result<(), SignatureError> {
    if value.is_empty() {
        return Ok(());
    }
    let mut offset = 0;
    for text in value.split(',') {
        percent::check(text).map_err(|error| error.shifted(offset))?;
        offset += text.len() + 1;
    }
    Ok(())
}

fn expected(line: &str, found: Option<Part<'_>>, expected: &str) -> SignatureError {
    let (offset, found) = match found {
        None => (line.len(), "the line ends here".to_owned()),
        Some((offset, "", None)) => (offset, "found nothing".to_owned()),
        Some((offset, key, _)) => (offset, format!("found `{key}`")),
    };
    SignatureError::new(offset, format!("expected {expected}, {found}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_canonical_lines_are_parsed() {
        let digest = "0".repeat(64);
        for line in [
            "finding|v1|rule=a|driver=b",
            "finding|v1|rule=a|driver=b|field=c|value=7",
            "finding|v1|rule=a|driver=b|field=c",
            "finding|v1|rule=a|driver=b|field=c|value=",
            "finding|v1|rule=a|driver=b|driver=b_2|field=c|value=x%20y,z",
            "finding|v1|rule=a|budget=p|scope=all|budget=p_2|scope=all",
            "finding|v1|rule=a|driver=b|at_most=0",
            "finding|v1|rule=a|driver=b|field=c|value=7|at_most=18446744073709551615",
            &format!("finding|v1|rule=a|benchmark=sha256:{digest}|field=c"),
        ] {
            let parsed = parse_finding_signature(line).unwrap();
            assert_eq!(parsed.rule, "a", "{line}");
        }
        for (line, message) in [
            ("", "byte 0: expected `finding`, found nothing"),
            ("<<<<<<< ours", "byte 7: a signature must be visible ASCII, but contains U+0020"),
            ("driver|v1|name=a", "byte 0: expected `finding`, found `driver`"),
            ("finding|v2|rule=a", "byte 8: expected `v1`, found `v2`"),
            ("finding|v1|driver=a", "byte 11: expected `rule=`, found `driver`"),
            (
                "finding|v1|rule=a",
                "byte 17: expected a declaration such as `driver=`, the line ends here",
            ),
            ("finding|v1|rule=a|budget=b", "byte 26: expected `scope=`, the line ends here"),
            (
                "finding|v1|rule=a|driver=b|value=c",
                "byte 27: expected the end of the line, found `value`",
            ),
            (
                "finding|v1|rule=a|driver=b|driver=a",
                "byte 27: declarations must be different and in ascending order",
            ),
            ("finding|v1|rule=a|driver=b|", "byte 27: expected the end of the line, found nothing"),
            ("finding|v1|rule=a|driver=%41", "byte 25, `driver`: `%41` must be written as `A`"),
            (
                "finding|v1|rule=a|driver=b|at_most=07",
                "byte 35, `at_most`: expected a number without leading zeros",
            ),
            (
                "finding|v1|rule=a|driver=b|at_most=7|field=c",
                "byte 37: expected the end of the line, found `field`",
            ),
            (
                "finding|v1|rule=a|call=b",
                "byte 23, `call`: expected `sha256:` with 64 hexadecimal digits",
            ),
        ] {
            let error = parse_finding_signature(line).unwrap_err();
            assert_eq!(error.to_string(), message, "{line}");
        }
    }
}

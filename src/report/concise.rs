//! Writes one line per finding: `path:line:column: level[rule]: message (help: …)`.

use std::io::{self, Write};

use super::{details::one_line, escape::escaped, index::IndexedSources};
use crate::{finding::Finding, source::Location};

/// Writes one line per finding, without related locations.
pub(super) fn write(
    findings: &[Finding<Location>],
    sources: &IndexedSources<'_>,
    out: &mut dyn Write,
) -> io::Result<()> {
    findings.iter().try_for_each(|finding| write_line(finding, sources, out))
}

fn write_line(
    finding: &Finding<Location>,
    sources: &IndexedSources<'_>,
    out: &mut dyn Write,
) -> io::Result<()> {
    let (start, message) = (sources.start(finding.place), escaped(&finding.message));
    write!(out, "{start}: {}[{}]: {message}", finding.level, finding.rule.name)?;
    if let Some(help) = &finding.help {
        write!(out, " (help: {})", escaped(one_line(help)))?;
    }
    writeln!(out)
}

#[cfg(test)]
mod tests {
    use crate::report::{
        Format,
        samples::{ExampleReport, RETRY_ATTEMPTS_HIGH, UNKNOWN_KEY},
    };

    #[test]
    fn concise_writes_one_line_per_finding() {
        let mut sample = ExampleReport::new();
        let id = sample.file("contracts/a.toml", "\u{feff}x = 1\r\nname = \"数数\" # y\n");
        let findings = [
            UNKNOWN_KEY
                .finding(sample.find(id, "x"), "unknown key `x`")
                .also(sample.find(id, "name"), "not shown")
                .help("remove it"),
            RETRY_ATTEMPTS_HIGH.finding(sample.find(id, "# y"), "11 attempts"),
        ];
        assert_eq!(
            sample.written(Format::Concise, &findings),
            "contracts/a.toml:1:1: error[unknown-key]: unknown key `x` (help: remove it)\n\
             contracts/a.toml:2:13: warn[retry-attempts-high]: 11 attempts\n"
        );
    }

    #[test]
    fn line_breaks_and_control_characters_are_escaped() {
        let mut sample = ExampleReport::new();
        let id = sample.file("a\u{1b}[2J.toml", "x");
        let findings = [UNKNOWN_KEY.finding(sample.find(id, "x"), "a\nb\u{202e}").help("c\r\nd")];
        assert_eq!(
            sample.written(Format::Concise, &findings),
            "a\\u{1b}[2J.toml:1:1: error[unknown-key]: a\\nb\\u{202e} (help: c\\r\\nd)\n"
        );
    }
}

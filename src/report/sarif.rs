//! Writes findings as a SARIF 2.1.0 log, with the rules that they refer to.

mod place;
mod shape;

use std::{
    collections::BTreeMap,
    io::{self, Write},
};

use self::{
    place::{artifact, location, region_of},
    shape::{
        ArtifactChange, Configuration, Driver, Fix, FixProperties, Help, Level, Log, Replacement,
        ResultObject, ResultProperties, Rule, Safety, Suppression, SuppressionKind, Text, Tool,
        UriBase, UriBases,
    },
};
use super::{
    FindingsReport, Style, details::with_block, escape::escaped, fingerprint::FindingFingerprints,
    index::IndexedSources, json_text, page::render,
};
use crate::{
    finding::{self, Finding},
    fix,
    lint::{Accepted, AcceptedBy},
    source::Location,
};

const SCHEMA: &str =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/// Writes one indented document with a final newline. Accepted findings follow the open findings.
pub(super) fn write(
    run: &FindingsReport<'_>,
    sources: &IndexedSources<'_>,
    out: &mut dyn Write,
) -> io::Result<()> {
    let rules: BTreeMap<_, _> =
        run.all().map(|finding| (finding.rule.name, finding.rule)).collect();
    let names: Vec<_> = rules.keys().copied().collect();
    let driver = Driver {
        name: "driverc",
        version: env!("CARGO_PKG_VERSION"),
        semantic_version: env!("CARGO_PKG_VERSION"),
        information_uri: env!("CARGO_PKG_REPOSITORY"),
        rules: rules.into_values().map(rule).collect(),
    };
    let root = UriBase { description: text("the root of the repository") };
    let run = shape::Run {
        tool: Tool { driver },
        original_uri_base_ids: UriBases { root },
        column_kind: "unicodeCodePoints",
        results: results(run, &names, sources),
    };
    let log = Log { schema: SCHEMA, version: "2.1.0", runs: [run] };
    writeln!(out, "{}", json_text::pretty(&log)?)
}

fn rule(rule: &finding::Rule) -> Rule {
    Rule {
        id: rule.name,
        short_description: text(rule.summary),
        full_description: Text { text: opening(rule) },
        help: Help { text: render(rule.docs, &Style::default()), markdown: rule.docs },
        help_uri: rule.url(),
        default_configuration: Configuration { enabled: rule.on, level: Level::from(rule.level) },
    }
}

/// Returns the first paragraph of a rule page, on one line.
fn opening(rule: &finding::Rule) -> String {
    let mut paragraphs = rule.docs.split("\n\n").map(str::trim);
    let opening = paragraphs.find(|text| !text.is_empty() && !text.starts_with('#'));
    opening.unwrap_or(rule.summary).replace('\n', " ")
}

fn results(
    run: &FindingsReport<'_>,
    rules: &[&str],
    sources: &IndexedSources<'_>,
) -> Vec<ResultObject> {
    let fingerprints = FindingFingerprints::of(run, sources);
    // If one result has `suppressions`, all results must have them.
    let says = !run.accepted.is_empty();
    let open = run.findings.iter().zip(fingerprints.open).map(|(finding, fingerprint)| {
        let suppressions = says.then(Vec::new);
        ResultObject { suppressions, ..result(finding, fingerprint, rules, sources) }
    });
    let accepted = run.accepted.iter().zip(fingerprints.accepted).map(|(accepted, fingerprint)| {
        let suppressions = Some(vec![suppression(accepted)]);
        ResultObject { suppressions, ..result(&accepted.finding, fingerprint, rules, sources) }
    });
    open.chain(accepted).collect()
}

fn result(
    finding: &Finding<Location>,
    fingerprint: String,
    rules: &[&str],
    sources: &IndexedSources<'_>,
) -> ResultObject {
    let label = finding.label.as_deref().map(shown);
    let related = finding.related.iter().zip(1..);
    let related = related.map(|(related, id)| shape::Location {
        id: Some(id),
        ..location(related.place, Some(shown(&related.label)), sources)
    });
    ResultObject {
        rule_id: finding.rule.name,
        rule_index: rules.partition_point(|name| *name < finding.rule.name),
        level: Level::from(finding.level),
        message: message(finding),
        locations: [location(finding.place, label, sources)],
        related_locations: related.collect(),
        partial_fingerprints: shape::Fingerprints { first: fingerprint },
        suppressions: None,
        properties: finding
            .owner
            .as_ref()
            .map(|owner| ResultProperties { owner: owner.to_string() }),
        fixes: finding.fix.iter().filter_map(|fix| fix_of(finding, fix, sources)).collect(),
    }
}

fn message(finding: &Finding<Location>) -> Text {
    let message = shown(&finding.message).text;
    match &finding.help {
        Some(help) => {
            Text { text: format!("{message}\nhelp: {}", with_block(help).replace("](", "\\](")) }
        }
        None => Text { text: message },
    }
}

fn suppression(accepted: &Accepted) -> Suppression {
    let kind = match accepted.by {
        AcceptedBy::Comment => SuppressionKind::InSource,
        AcceptedBy::Waiver | AcceptedBy::Baseline => SuppressionKind::External,
    };
    let reason = match accepted.by {
        AcceptedBy::Baseline => "accepted by the baseline",
        AcceptedBy::Comment | AcceptedBy::Waiver => &accepted.reason,
    };
    Suppression { kind, status: "accepted", justification: escaped(reason).into_owned() }
}

/// Converts a fix, or returns `None` if its sources have changed.
fn fix_of(
    finding: &Finding<Location>,
    fix: &finding::Fix<Location>,
    sources: &IndexedSources<'_>,
) -> Option<Fix> {
    let mut changes: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for (source, replacement) in fix::replacements(sources.sources(), fix)? {
        let place = Location { source, span: replacement.span };
        let replacement = Replacement {
            deleted_region: region_of(place, sources),
            inserted_content: (!replacement.text.is_empty()).then(|| text(&replacement.text)),
        };
        changes.entry(source).or_default().push(replacement);
    }
    let changes = changes.into_iter().map(|(source, replacements)| ArtifactChange {
        artifact_location: artifact(&sources.path(source)),
        replacements,
    });
    let safety = Safety::from(fix.safety);
    Some(Fix {
        description: shown(finding.help.as_deref().unwrap_or(&finding.message)),
        artifact_changes: changes.collect(),
        properties: FixProperties { safety },
    })
}

/// Escapes text for display. Brackets and parentheses in the text do not form a link.
fn shown(line: &str) -> Text {
    Text { text: escaped(line).replace("](", "\\](") }
}

fn text(text: &str) -> Text {
    Text { text: text.to_owned() }
}

impl From<finding::Level> for Level {
    fn from(level: finding::Level) -> Self {
        match level {
            finding::Level::Error => Self::Error,
            finding::Level::Warn => Self::Warning,
            finding::Level::Info => Self::Note,
        }
    }
}

impl From<finding::Safety> for Safety {
    fn from(safety: finding::Safety) -> Self {
        match safety {
            finding::Safety::Safe => Self::Safe,
            finding::Safety::Unsafe => Self::Unsafe,
        }
    }
}

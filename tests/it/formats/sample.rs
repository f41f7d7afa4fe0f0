//! One set of findings for all formats, some of them with text that could break the output.

use driverc::{
    finding::{Edit, EditAction, Finding, Level, Rule, Safety},
    lint::{Accepted, AcceptedBy},
    model::Name,
    report::{
        FindingsReport, Format, Style,
        review::{ChangedFile, Hunk, Review},
        write, write_step_summary,
    },
    source::{Location, Source, SourceId, Sources, Span},
};

static UNKNOWN_KEY: Rule = Rule::new(
    "unknown-key",
    Level::Error,
    "a key is none of those that are read",
)
.docs(
    "# unknown-key\n\nA key is none of those that are read.\n\n## What it does\n\nReads `keys`.\n",
);
static RETRY_ATTEMPTS_HIGH: Rule =
    Rule::new("retry-attempts-high", Level::Warn, "an operation is tried more often than helps")
        .docs("# retry-attempts-high\n\nAn operation is tried more often than helps.\n");
static SUPPORT_TIER_UNUSUAL: Rule =
    Rule::new("support-tier-unusual", Level::Info, "a tier is named by one driver only").off();

/// Text with a special meaning for a terminal, HTML, XML, Markdown, GitHub or a URI.
const HOSTILE: &str = "\u{1b}[31m \u{202e}\u{200b}\u{0}\r\n::error::x%0A `|` </details> ]]> <b> \
                       </script> [x](y) \\ \"&amp;' \u{ffff}";

const PLAIN_TEXT: &str = "\
[driver.postgres_async]
class = \"relational_adapter\"
max_inflight = 20
capabilities = [\"batch_read\", \"batch_read\"]

[driver.postgres_async.retry_policy]
max_attempts = 12

[driver.other.retry_policy]
max_attempts = 12
max_attempts = 12
";

/// Returns an owner without the control characters of this text.
fn owner(text: &str) -> Option<Name> {
    let text: String = text.chars().filter(|character| !character.is_control()).collect();
    Name::new(text).ok()
}

/// The findings of a run, with their sources.
pub(crate) struct Sample {
    pub(crate) sources: Sources,
    pub(crate) findings: Vec<Finding<Location>>,
    pub(crate) accepted: Vec<Accepted>,
}

impl Sample {
    /// Returns findings of every level, with and without fixes, in files with unusual names.
    pub(crate) fn all() -> Self {
        let mut sources = Sources::default();
        let plain = sources.add(Source::new("contracts/postgres.toml", PLAIN_TEXT));
        let odd = sources
            .add(Source::new("./a b#1%/\u{6570}.toml", "\u{feff}\u{e9} = '\u{6570}'\r\nb = 1\n"));
        let hostile = sources.add(Source::new(HOSTILE, HOSTILE));
        sources.add(Source::new("contracts/clean.toml", ""));
        let mut sample = Self { sources, findings: Vec::new(), accepted: Vec::new() };
        sample.add_plain(plain, odd);
        sample.add_odd(odd);
        sample.add_hostile(hostile);
        sample
    }

    fn add_plain(&mut self, plain: SourceId, odd: SourceId) {
        let attempts = |number| self.nth(plain, "12", number);
        let (first, second, third) = (attempts(0), attempts(1), attempts(2));
        let key = self.nth(plain, "max_inflight", 0);
        let item = self.nth(plain, "\"batch_read\"", 1);
        let high = |place| {
            RETRY_ATTEMPTS_HIGH
                .finding(place, "12 attempts multiply the load of an outage")
                .help("set `max_attempts` to 5 or less")
                .suggest(place, EditAction::Integer(5))
        };
        let rename = Edit { place: key, change: EditAction::RenameKey("max_in_flight".to_owned()) };
        let remove = Edit { place: item, change: EditAction::RemoveItem };
        let mut owned = high(first);
        owned.owner = owner("platform team");
        self.findings.extend([
            owned,
            high(second),
            UNKNOWN_KEY
                .finding(key, "unknown key `max_inflight`")
                .label("here")
                .also(self.nth(plain, "[driver.postgres_async]", 0), "in this table")
                .also(self.nth(odd, "b", 0), "as in this file")
                .help("write `max_in_flight`")
                .fix(Safety::Safe, vec![remove, rename]),
        ]);
        let accepted =
            |finding, by, reason: &str| Accepted { finding, by, reason: reason.to_owned() };
        self.accepted.push(accepted(high(third), AcceptedBy::Waiver, "the election takes 1.5 s"));
        let tier = SUPPORT_TIER_UNUSUAL.finding(first, "nobody else is on this tier");
        self.accepted.push(accepted(tier, AcceptedBy::Comment, ""));
    }

    fn add_odd(&mut self, odd: SourceId) {
        let value = self.nth(odd, "'\u{6570}'", 0);
        let text = EditAction::Text("\u{e9}\n\"".to_owned());
        self.findings.extend([
            UNKNOWN_KEY.finding(value, "an odd value").suggest(value, text),
            SUPPORT_TIER_UNUSUAL.finding(self.whole(odd), "the whole file"),
            SUPPORT_TIER_UNUSUAL.finding(at(odd, 3, 3), "no width"),
        ]);
    }

    fn add_hostile(&mut self, hostile: SourceId) {
        let place = self.whole(hostile);
        let edit = Edit { place, change: EditAction::RenameKey(HOSTILE.to_owned()) };
        let mut finding = RETRY_ATTEMPTS_HIGH
            .finding(place, HOSTILE)
            .label(HOSTILE)
            .also(place, HOSTILE)
            .help(HOSTILE)
            .fix(Safety::Unsafe, vec![edit]);
        finding.owner = owner(HOSTILE);
        let reason = HOSTILE.to_owned();
        self.accepted.push(Accepted { finding: finding.clone(), by: AcceptedBy::Waiver, reason });
        self.findings.push(finding);
    }

    /// Returns one finding in a file with any name and text.
    pub(crate) fn of(path: &str, text: &str, message: &str) -> Self {
        let mut sources = Sources::default();
        let source = sources.add(Source::new(path, text));
        let mut sample = Self { sources, findings: Vec::new(), accepted: Vec::new() };
        let place = sample.whole(source);
        let edit = Edit { place, change: EditAction::RenameKey(message.to_owned()) };
        let mut finding = RETRY_ATTEMPTS_HIGH
            .finding(place, message)
            .label(message)
            .also(at(source, place.span.end, place.span.end), message)
            .help(message)
            .fix(Safety::Unsafe, vec![edit]);
        finding.owner = owner(message);
        let by = AcceptedBy::Comment;
        sample.accepted.push(Accepted { finding: finding.clone(), by, reason: message.to_owned() });
        sample.findings.push(finding);
        sample
    }

    /// Returns a finding at each occurrence of a text.
    pub(crate) fn at_each(searched: &str, text: &str) -> Self {
        let mut sources = Sources::default();
        let source = sources.add(Source::new("a.toml", text));
        let offset = |offset: usize| u32::try_from(offset).unwrap();
        let findings = text.match_indices(searched).map(|(start, found)| {
            UNKNOWN_KEY.finding(at(source, offset(start), offset(start + found.len())), "unknown")
        });
        Self { findings: findings.collect(), sources, accepted: Vec::new() }
    }

    pub(crate) fn step_summary(&self) -> String {
        let mut out = Vec::new();
        write_step_summary(&self.run(), &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    fn run(&self) -> FindingsReport<'_> {
        let Self { sources, findings, accepted } = self;
        FindingsReport { accepted, ..FindingsReport::of(findings, sources) }
    }

    /// Returns a pull request that changes lines 1 to 3 of every file, and removes lines before the
    /// last one.
    fn review(&self) -> Review {
        let changed = Hunk { old: 1..3, new: 1..4 };
        let removed = Hunk { old: 10..12, new: 11..11 };
        let file = ChangedFile { hunks: vec![changed, removed], since_head: Vec::new() };
        let names = self.sources.iter().map(|(_, source)| source.name().to_owned());
        Review {
            base: "1a".to_owned(),
            head: "2b".to_owned(),
            files: names.map(|name| (name, file.clone())).collect(),
            max_comments: 4,
            is_complete: true,
            ..Review::default()
        }
    }

    pub(crate) fn written(&self, format: Format) -> String {
        let mut out = Vec::new();
        let review = self.review();
        let run = FindingsReport { review: Some(&review), ..self.run() };
        write(format, &run, &Style::default(), &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    /// Returns the location of one occurrence of a text, numbered from 0.
    fn nth(&self, source: SourceId, text: &str, number: usize) -> Location {
        let mut places = self.sources.source(source).text().unwrap().match_indices(text);
        let start = u32::try_from(places.nth(number).unwrap().0).unwrap();
        at(source, start, start + u32::try_from(text.len()).unwrap())
    }

    fn whole(&self, source: SourceId) -> Location {
        let length = self.sources.source(source).text().unwrap().len();
        at(source, 0, u32::try_from(length).unwrap())
    }
}

fn at(source: SourceId, start: u32, end: u32) -> Location {
    Location { source, span: Span::new(start, end) }
}

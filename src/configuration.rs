//! The configuration of a project: files, rule levels and thresholds.

mod decode;
pub(crate) mod keys;
mod levels;
mod owners;
pub(crate) mod retired;
mod targets;

use std::{collections::BTreeMap, fmt, sync::Arc};

pub(crate) use self::decode::{
    CLAIMED_BY, DESCRIPTION, LEVEL, LIKE, Like, VOCABULARY, VOCABULARY_SHADOWED, place_of_word,
    span_of,
};
pub use self::{
    decode::read,
    levels::{CommandLineLevel, EffectiveLevel, LevelOrigin},
    owners::Owners,
    targets::TargetFiles,
};
use globset::{ErrorKind, GlobBuilder, GlobMatcher};

use crate::{
    finding::{Level, Parameter, Rule},
    model::{
        AgeDays, BenchmarkProfile, Capabilities, DriverCapability, DriverClass, MaxFileBytes, Name,
        ProjectVocabulary, Prose, Vocabulary,
    },
};

/// The file name of a configuration.
pub const FILE_NAME: &str = "driverc.toml";
/// The default maximum size of a document: 16 MiB, enough for about 10,000 contracts.
const DEFAULT_MAX_FILE_BYTES: MaxFileBytes = match MaxFileBytes::new(16 << 20) {
    Ok(limit) => limit,
    Err(_) => MaxFileBytes::LEAST,
};

/// The configuration of a project. The default applies to a project without `driverc.toml`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Configuration {
    /// The folders, files and globs that form the workspace, relative to the configuration. `None`
    /// means `contracts`.
    pub include: Option<Vec<Prose<1>>>,
    /// The files to skip, relative to the configuration.
    pub exclude: Vec<Glob>,
    /// The preset, which gives a level to the rules that are not in `rules`.
    pub preset: Preset,
    /// The rules with their own levels or thresholds, by name.
    pub rules: BTreeMap<String, RuleSetting>,
    /// The levels for some files only. If several entries match a file, the last one wins.
    pub per_file_rules: Vec<PerFileRules>,
    /// The levels from the command line, by rule name.
    pub command_line: BTreeMap<&'static str, CommandLineLevel>,
    /// The support tiers of the project, the top tier first.
    pub support_tiers: Vec<Name>,
    /// The maximum size of a document.
    pub max_file_bytes: MaxFileBytes,
    /// The file with the findings that the project accepts, relative to the configuration.
    pub baseline: Option<Prose<1>>,
    /// The capabilities that each driver of a class must have.
    pub required_capabilities: BTreeMap<DriverClass, Capabilities>,
    /// The words that the project declares.
    pub vocabulary: Arc<ProjectVocabulary>,
    /// The benchmarks that drivers must have, by support tier. Drivers of other tiers need no
    /// benchmarks.
    pub evidence: BTreeMap<Name, EvidenceTerms>,
    /// The owners of findings.
    pub owners: Owners,
    /// The configurations of clients and proxies to write.
    pub emit: Vec<TargetFiles>,
    /// The configurations of clients and proxies to compare.
    pub verify: Vec<TargetFiles>,
}

/// The benchmarks that each driver of a support tier must have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EvidenceTerms {
    /// The profiles that need a benchmark if the driver has a budget for them.
    pub profiles: Vec<BenchmarkProfile>,
    /// The maximum age of the newest benchmark of each profile. `None` means any age.
    pub max_age_days: Option<AgeDays>,
}

/// Requires a benchmark of any age for every profile.
impl Default for EvidenceTerms {
    fn default() -> Self {
        Self { profiles: BenchmarkProfile::ALL.to_vec(), max_age_days: None }
    }
}

/// The levels of the rules that a project does not configure.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Preset {
    /// Leaves every rule at its own level.
    #[default]
    Recommended,
    /// Raises `info` to `warn`, and `warn` to `error`.
    Strict,
}

impl Vocabulary for Preset {
    const NOUN: &'static str = "preset";
    const ALL: &'static [Self] = &[Self::Recommended, Self::Strict];

    fn word(&self) -> &str {
        match self {
            Self::Recommended => "recommended",
            Self::Strict => "strict",
        }
    }
}

/// The level and thresholds that a project sets for a rule.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RuleSetting {
    /// The level, if the project sets it.
    pub level: Option<RuleLevel>,
    /// The thresholds that the project sets, by name.
    pub parameters: BTreeMap<String, u64>,
}

/// The levels of rules in the files that a glob matches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PerFileRules {
    /// The files, relative to the configuration.
    pub files: Glob,
    /// The levels, by rule name.
    pub rules: BTreeMap<String, RuleLevel>,
}

/// The characters that are special in a [`Glob`].
const SPECIAL: [char; 5] = ['*', '?', '[', '{', '\\'];

/// A pattern for paths with `/`. `*` stops at `/`, and `**` does not. `?`, `[a-z]` and `{a,b}` work
/// too, and `\\` escapes the next character.
///
/// A glob that matches a folder also matches everything in it.
#[derive(Clone, Debug)]
pub struct Glob {
    text: String,
    matcher: GlobMatcher,
}

impl Glob {
    /// Parses a pattern.
    pub fn new(text: &str) -> Result<Self, InvalidGlob> {
        // Paths do not start with `./`. The escape character is the same on every system.
        let pattern = text.strip_prefix("./").unwrap_or(text);
        let pattern = pattern.strip_suffix('/').unwrap_or(pattern);
        let mut builder = GlobBuilder::new(pattern);
        match builder.literal_separator(true).backslash_escape(true).build() {
            Ok(glob) => Ok(Self { text: text.to_owned(), matcher: glob.compile_matcher() }),
            Err(error) => Err(InvalidGlob(fault(error.kind()))),
        }
    }

    /// Returns true if the pattern matches a path or a folder above it.
    pub fn matches(&self, path: &str) -> bool {
        let folders = path.match_indices('/').map(|(end, _)| &path[..end]);
        std::iter::once(path).chain(folders).any(|path| self.matcher.is_match(path))
    }

    /// Returns the leading folders of a pattern that contain no special characters, with `/`. Empty
    /// if the first folder contains one.
    pub(crate) fn literal_folder(text: &str) -> &str {
        let text = text.strip_prefix("./").unwrap_or(text);
        let special = text.find(SPECIAL).unwrap_or(text.len());
        text[..special].rsplit_once('/').map_or("", |(folder, _)| folder)
    }

    /// Returns true if a text contains characters that are special in patterns.
    pub(crate) fn is_special(text: &str) -> bool {
        text.contains(SPECIAL)
    }

    /// Returns the pattern, as written.
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

#[expect(clippy::wildcard_enum_match_arm, reason = "the list is not exhaustive")]
fn fault(kind: &ErrorKind) -> String {
    let fault = match kind {
        ErrorKind::UnclosedClass => "`[` is not closed",
        ErrorKind::UnclosedAlternates => "`{` is not closed",
        ErrorKind::UnopenedAlternates => "`}` has no matching `{`",
        ErrorKind::DanglingEscape => "no character follows `\\`",
        ErrorKind::InvalidRange(from, to) => return format!("the range `{from}-{to}` is empty"),
        other => return other.to_string(),
    };
    fault.to_owned()
}

/// Patterns are equal if their texts are equal.
impl PartialEq for Glob {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Eq for Glob {}

/// The reason why a text is not a valid glob.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidGlob(String);

impl fmt::Display for InvalidGlob {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "is not a valid glob: {}", self.0)
    }
}

impl std::error::Error for InvalidGlob {}

/// The level of a rule, or `Off`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum RuleLevel {
    /// The rule is not checked.
    Off,
    /// The rule's findings have this level.
    On(Level),
}

impl Vocabulary for RuleLevel {
    const NOUN: &'static str = "level";
    const ALL: &'static [Self] =
        &[Self::Off, Self::On(Level::Info), Self::On(Level::Warn), Self::On(Level::Error)];

    fn word(&self) -> &str {
        match self {
            Self::Off => "off",
            Self::On(level) => level.label(),
        }
    }
}

impl Default for Configuration {
    fn default() -> Self {
        let required = |class: &DriverClass| (*class, default_capabilities());
        Self {
            include: None,
            exclude: Vec::new(),
            preset: Preset::default(),
            rules: BTreeMap::new(),
            per_file_rules: Vec::new(),
            command_line: BTreeMap::new(),
            support_tiers: Vec::new(),
            max_file_bytes: DEFAULT_MAX_FILE_BYTES,
            baseline: None,
            required_capabilities: DriverClass::ALL.iter().map(required).collect(),
            vocabulary: Arc::default(),
            evidence: BTreeMap::new(),
            owners: Owners::default(),
            emit: Vec::new(),
            verify: Vec::new(),
        }
    }
}

impl Configuration {
    /// Returns true if `exclude` matches a file. The path is relative to the configuration and uses
    /// `/`.
    pub fn excludes(&self, path: &str) -> bool {
        self.exclude.iter().any(|pattern| pattern.matches(path))
    }

    /// Returns the effective value of a threshold.
    pub fn parameter(&self, rule: &Rule, parameter: &Parameter) -> u64 {
        self.declared_parameter(rule, parameter).unwrap_or(parameter.default)
    }

    /// Returns the value that the project sets for a threshold, or `None` if the default applies.
    pub(crate) fn declared_parameter(&self, rule: &Rule, parameter: &Parameter) -> Option<u64> {
        self.rules.get(rule.name)?.parameters.get(parameter.name).copied()
    }

    /// Returns the top tier: the first of `support_tiers`, or `tier1` if the list is empty.
    pub fn top_tier(&self) -> &str {
        self.support_tiers.first().map_or("tier1", Name::as_str)
    }

    /// Returns the requirements for benchmarks of a tier and profile, if there are any.
    pub fn evidence(&self, tier: &Name, profile: BenchmarkProfile) -> Option<&EvidenceTerms> {
        self.evidence.get(tier).filter(|terms| terms.profiles.contains(&profile))
    }

    /// Returns the capabilities that a driver of this class must have. If a project declares a
    /// class and sets no capabilities for it, the capabilities of the class in its `like` apply.
    pub fn required_capabilities(&self, class: DriverClass) -> Capabilities {
        let own = self.required_capabilities.get(&class);
        let like = || self.required_capabilities.get(&self.vocabulary.like(class));
        own.or_else(like).cloned().unwrap_or_default()
    }
}

/// Returns the capabilities that every driver can have, whether it reads, writes or does both.
///
/// Excludes capabilities that only some drivers can have. For example, a producer has no offsets to
/// resume from, and a read-only driver cannot write batches.
fn default_capabilities() -> Capabilities {
    use DriverCapability as Has;
    let common = [
        Has::NonBlockingExecute,
        Has::BoundedConcurrency,
        Has::TimeoutTelemetry,
        Has::RetryTelemetry,
    ];
    common.into_iter().collect()
}

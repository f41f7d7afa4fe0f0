//! What a project has decided: which rules hold, with which thresholds, over which files.

mod decode;
pub(crate) mod keys;
mod levels;
pub(crate) mod retired;

use std::{collections::BTreeMap, fmt};

pub(crate) use self::decode::LEVEL;
pub use self::{
    decode::read,
    levels::{CommandLineLevel, EffectiveLevel, LevelOrigin},
};
use globset::{ErrorKind, GlobBuilder, GlobMatcher};

use crate::{
    finding::{Level, Parameter, Rule},
    model::{
        AgeDays, BenchmarkProfile, Capabilities, DriverCapability, DriverClass, MaxFileBytes, Name,
        Prose, Vocabulary,
    },
};

/// 16 MiB: some ten thousand contracts, and far more than a person writes.
const DEFAULT_MAX_FILE_BYTES: MaxFileBytes = match MaxFileBytes::new(16 << 20) {
    Ok(limit) => limit,
    Err(_) => MaxFileBytes::LEAST,
};

/// A project's decisions; the default is that of a project without a configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Configuration {
    /// The folders and files that form the workspace, relative to the configuration; none is
    /// the default, `contracts`.
    pub include: Option<Vec<Prose<1>>>,
    /// What is left out of them, relative to the configuration.
    pub exclude: Vec<Glob>,
    /// How strict the rules are that are not named.
    pub preset: Preset,
    /// The rules that differ from the preset, by name.
    pub rules: BTreeMap<String, RuleSetting>,
    /// Levels for some files only; the later one wins.
    pub per_file_rules: Vec<PerFileRules>,
    /// The levels from the command line, by the rule's name; a configuration file has none.
    pub command_line: BTreeMap<&'static str, CommandLineLevel>,
    /// The support tiers that the project has named, the best supported one first.
    pub support_tiers: Vec<Name>,
    /// The largest document that is read.
    pub max_file_bytes: MaxFileBytes,
    /// What every driver of a class must be able to do.
    pub required_capabilities: BTreeMap<DriverClass, Capabilities>,
    /// The samples that drivers must have, by their support tier; of other tiers none are asked
    /// for.
    pub evidence: BTreeMap<Name, EvidenceTerms>,
}

/// The samples that every driver of a support tier must have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EvidenceTerms {
    /// The kinds of load, of those for which the driver has a budget.
    pub profiles: Vec<BenchmarkProfile>,
    /// How old the newest sample of each may be; none is any age.
    pub max_age_days: Option<AgeDays>,
}

/// Every profile, at any age.
impl Default for EvidenceTerms {
    fn default() -> Self {
        Self { profiles: BenchmarkProfile::ALL.to_vec(), max_age_days: None }
    }
}

/// How strict the rules are that a project does not name.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Preset {
    /// Every rule at its own level.
    #[default]
    Recommended,
    /// Every rule at least warns, and what would warn is an error.
    Strict,
}

impl Vocabulary for Preset {
    const NOUN: &'static str = "preset";
    const ALL: &'static [Self] = &[Self::Recommended, Self::Strict];

    fn word(self) -> &'static str {
        match self {
            Self::Recommended => "recommended",
            Self::Strict => "strict",
        }
    }
}

/// How a project treats one rule.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RuleSetting {
    /// The level, where the project names one.
    pub level: Option<RuleLevel>,
    /// The thresholds that differ from their default, by name.
    pub parameters: BTreeMap<String, u64>,
}

/// Levels of rules in the files that a glob matches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PerFileRules {
    /// The files, relative to the configuration.
    pub files: Glob,
    /// The levels, by the rule's name.
    pub rules: BTreeMap<String, RuleLevel>,
}

/// A pattern of paths with `/`: `*` stops at `/`, `**` does not; `?`, `[a-z]` and `{a,b}` are
/// known, and `\\` takes the meaning of the next character away.
///
/// It also matches what is below a folder that it matches.
#[derive(Clone, Debug)]
pub struct Glob {
    text: String,
    matcher: GlobMatcher,
}

impl Glob {
    /// The pattern, or why it is none.
    pub fn new(text: &str) -> Result<Self, InvalidGlob> {
        // Paths have no `./` in front; the escape is the same on every system.
        let pattern = text.strip_prefix("./").unwrap_or(text);
        let pattern = pattern.strip_suffix('/').unwrap_or(pattern);
        let mut builder = GlobBuilder::new(pattern);
        match builder.literal_separator(true).backslash_escape(true).build() {
            Ok(glob) => Ok(Self { text: text.to_owned(), matcher: glob.compile_matcher() }),
            Err(error) => Err(InvalidGlob(fault(error.kind()))),
        }
    }

    /// Whether a path matches, or a folder that it is in.
    pub fn matches(&self, path: &str) -> bool {
        let folders = path.match_indices('/').map(|(end, _)| &path[..end]);
        std::iter::once(path).chain(folders).any(|path| self.matcher.is_match(path))
    }

    /// The pattern as it is written.
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

#[expect(clippy::wildcard_enum_match_arm, reason = "the list is not exhaustive")]
fn fault(kind: &ErrorKind) -> String {
    let fault = match kind {
        ErrorKind::UnclosedClass => "`[` is not closed",
        ErrorKind::UnclosedAlternates => "`{` is not closed",
        ErrorKind::UnopenedAlternates => "`}` is not opened",
        ErrorKind::DanglingEscape => "nothing follows `\\`",
        ErrorKind::InvalidRange(from, to) => return format!("nothing is in `{from}-{to}`"),
        other => return other.to_string(),
    };
    fault.to_owned()
}

/// Patterns are equal when they are written alike.
impl PartialEq for Glob {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Eq for Glob {}

/// Why a text is not a pattern of paths.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidGlob(String);

impl fmt::Display for InvalidGlob {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "is not a glob: {}", self.0)
    }
}

impl std::error::Error for InvalidGlob {}

/// A level, or that a rule does not hold.
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

    fn word(self) -> &'static str {
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
            required_capabilities: DriverClass::ALL.iter().map(required).collect(),
            evidence: BTreeMap::new(),
        }
    }
}

impl Configuration {
    /// Whether a file is left out of the folders. Its path is relative to the configuration, with
    /// `/`.
    pub fn excludes(&self, path: &str) -> bool {
        self.exclude.iter().any(|pattern| pattern.matches(path))
    }

    /// A threshold of a rule.
    pub fn parameter(&self, rule: &Rule, parameter: &Parameter) -> u64 {
        self.declared_parameter(rule, parameter).unwrap_or(parameter.default)
    }

    /// A threshold that the project declares; none if the rule's default applies.
    pub(crate) fn declared_parameter(&self, rule: &Rule, parameter: &Parameter) -> Option<u64> {
        self.rules.get(rule.name)?.parameters.get(parameter.name).copied()
    }

    /// The best supported tier: the first that the project names, else `tier1`.
    pub fn top_tier(&self) -> &str {
        self.support_tiers.first().map_or("tier1", Name::as_str)
    }

    /// What is asked of the samples of a driver of this tier under a profile, if any are.
    pub fn evidence(&self, tier: &Name, profile: BenchmarkProfile) -> Option<&EvidenceTerms> {
        self.evidence.get(tier).filter(|terms| terms.profiles.contains(&profile))
    }

    /// What a driver of this class must be able to do.
    pub fn required_capabilities(&self, class: DriverClass) -> Capabilities {
        self.required_capabilities.get(&class).copied().unwrap_or_default()
    }
}

/// What every driver can have, whether it reads, writes or does both: a producer has no offsets to
/// resume from, and a read-only driver writes no batches.
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

//! The words of contracts: classes, capabilities, profiles, loops and verdicts.

use std::{fmt, str::FromStr};

#[cfg(feature = "schema")]
use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::Word;

/// A set of words. The label of a word never changes.
pub trait Vocabulary: Copy + Ord + fmt::Debug + 'static {
    /// The name of one word in messages, such as `class`.
    const NOUN: &'static str;
    /// The built-in words, in canonical order.
    const ALL: &'static [Self];
    /// The vocabulary, if a project can add words to it.
    const OPEN: Option<OpenVocabulary> = None;

    /// Returns the label.
    fn word(&self) -> &str;

    /// Returns the built-in word with this label, if there is one.
    fn from_word(label: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|word| word.word() == label)
    }

    /// Returns a word that a project declares, or `None` if projects cannot add words.
    fn from_project(_word: Word) -> Option<Self> {
        None
    }

    /// Returns the built-in word with this label, or any other well-formed word if projects can add
    /// words.
    fn from_any(label: &str) -> Option<Self> {
        Self::from_word(label).or_else(|| Self::from_project(Word::new(label).ok()?))
    }
}

/// A vocabulary to which a project can add words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum OpenVocabulary {
    /// The classes.
    Class,
    /// The capabilities.
    Capability,
    /// The profiles.
    Profile,
}

impl OpenVocabulary {
    /// All open vocabularies.
    pub const ALL: [Self; 3] = [Self::Class, Self::Capability, Self::Profile];

    /// Returns the key of the vocabulary in `[vocabulary]`.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Class => "class",
            Self::Capability => "capability",
            Self::Profile => "profile",
        }
    }
}

/// A label that is not in its vocabulary.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownLabel {
    /// The vocabulary, in the form of [`Vocabulary::NOUN`].
    pub noun: &'static str,
    /// The unknown label.
    pub label: String,
}

impl fmt::Display for UnknownLabel {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "`{}` is not a {}", self.label, self.noun)
    }
}

impl std::error::Error for UnknownLabel {}

/// Implements the conversions of a vocabulary to which a project can add words.
macro_rules! open_vocabulary {
    ($($type:ident),*) => {$(
        impl $type {
            /// Returns the built-in word with this label, if there is one.
            pub fn from_label(label: &str) -> Option<Self> {
                Self::from_word(label)
            }
        }

        /// Accepts the built-in words and every other well-formed word.
        impl FromStr for $type {
            type Err = UnknownLabel;

            fn from_str(label: &str) -> Result<Self, UnknownLabel> {
                let unknown = || UnknownLabel { noun: Self::NOUN, label: label.to_owned() };
                Self::from_any(label).ok_or_else(unknown)
            }
        }

        impl Serialize for $type {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.label())
            }
        }

        /// Accepts the built-in words and every other well-formed word.
        impl<'de> Deserialize<'de> for $type {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let label = String::deserialize(deserializer)?;
                label.parse().map_err(de::Error::custom)
            }
        }
    )*};
}
open_vocabulary!(DriverClass, DriverCapability, BenchmarkProfile);

/// The kind of system that a driver talks to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "schema", derive(JsonSchema), schemars(rename_all = "snake_case"))]
pub enum DriverClass {
    /// A relational database, such as Postgres.
    RelationalAdapter,
    /// A columnar database, such as `ClickHouse`.
    ColumnarAdapter,
    /// A log or message broker, such as Kafka.
    StreamAdapter,
    /// An object store, such as S3.
    ObjectStoreAdapter,
    /// A class that the project declares.
    #[cfg_attr(feature = "schema", schemars(skip))]
    Project(Word),
}

impl DriverClass {
    /// Returns the label, in the form that contracts use.
    pub fn label(&self) -> &str {
        match self {
            Self::Project(word) => word.as_str(),
            Self::RelationalAdapter => "relational_adapter",
            Self::ColumnarAdapter => "columnar_adapter",
            Self::StreamAdapter => "stream_adapter",
            Self::ObjectStoreAdapter => "object_store_adapter",
        }
    }
}

impl Vocabulary for DriverClass {
    const NOUN: &'static str = "class";
    const ALL: &'static [Self] = &[
        Self::RelationalAdapter,
        Self::ColumnarAdapter,
        Self::StreamAdapter,
        Self::ObjectStoreAdapter,
    ];

    const OPEN: Option<OpenVocabulary> = Some(OpenVocabulary::Class);

    fn word(&self) -> &str {
        self.label()
    }

    fn from_project(word: Word) -> Option<Self> {
        Some(Self::Project(word))
    }
}

/// A capability of a driver.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "schema", derive(JsonSchema), schemars(rename_all = "snake_case"))]
pub enum DriverCapability {
    /// An operation never blocks the thread that starts it.
    NonBlockingExecute,
    /// At most `max_in_flight` operations run at once.
    BoundedConcurrency,
    /// `timeout_metric` counts timeouts.
    TimeoutTelemetry,
    /// `retry_metric` counts retries.
    RetryTelemetry,
    /// One operation can read many items.
    BatchRead,
    /// One operation can write many items.
    BatchWrite,
    /// After an interruption, the driver resumes from a saved position.
    CheckpointResume,
    /// Writing the same item twice has the same effect as writing it once.
    IdempotentWrite,
    /// Slow and fast operations can share the driver.
    MixedLatencyTolerance,
    /// A capability that the project declares.
    #[cfg_attr(feature = "schema", schemars(skip))]
    Project(Word),
}

impl DriverCapability {
    /// Returns the label, in the form that contracts use.
    pub fn label(&self) -> &str {
        match self {
            Self::Project(word) => word.as_str(),
            Self::NonBlockingExecute => "non_blocking_execute",
            Self::BoundedConcurrency => "bounded_concurrency",
            Self::TimeoutTelemetry => "timeout_telemetry",
            Self::RetryTelemetry => "retry_telemetry",
            Self::BatchRead => "batch_read",
            Self::BatchWrite => "batch_write",
            Self::CheckpointResume => "checkpoint_resume",
            Self::IdempotentWrite => "idempotent_write",
            Self::MixedLatencyTolerance => "mixed_latency_tolerance",
        }
    }
}

impl Vocabulary for DriverCapability {
    const NOUN: &'static str = "capability";
    const ALL: &'static [Self] = &[
        Self::NonBlockingExecute,
        Self::BoundedConcurrency,
        Self::TimeoutTelemetry,
        Self::RetryTelemetry,
        Self::BatchRead,
        Self::BatchWrite,
        Self::CheckpointResume,
        Self::IdempotentWrite,
        Self::MixedLatencyTolerance,
    ];

    const OPEN: Option<OpenVocabulary> = Some(OpenVocabulary::Capability);

    fn word(&self) -> &str {
        self.label()
    }

    fn from_project(word: Word) -> Option<Self> {
        Some(Self::Project(word))
    }
}

/// A profile: a kind of load.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "schema", derive(JsonSchema), schemars(rename_all = "snake_case"))]
pub enum BenchmarkProfile {
    /// Large operations: bulk reads and writes.
    HeavyData,
    /// Many fast operations and a few slow ones.
    MixedLatency,
    /// A profile that the project declares.
    #[cfg_attr(feature = "schema", schemars(skip))]
    Project(Word),
}

impl BenchmarkProfile {
    /// Returns the label, in the form that contracts use.
    pub fn label(&self) -> &str {
        match self {
            Self::Project(word) => word.as_str(),
            Self::HeavyData => "heavy_data",
            Self::MixedLatency => "mixed_latency",
        }
    }

    /// Returns the capabilities through which a driver claims a built-in profile. One of them is
    /// enough.
    pub(crate) const fn claimed_by_default(self) -> &'static [DriverCapability] {
        match self {
            Self::Project(_) => &[],
            Self::HeavyData => &[DriverCapability::BatchRead, DriverCapability::BatchWrite],
            Self::MixedLatency => &[DriverCapability::MixedLatencyTolerance],
        }
    }
}

impl Vocabulary for BenchmarkProfile {
    const NOUN: &'static str = "profile";
    const ALL: &'static [Self] = &[Self::HeavyData, Self::MixedLatency];

    const OPEN: Option<OpenVocabulary> = Some(OpenVocabulary::Profile);

    fn word(&self) -> &str {
        self.label()
    }

    fn from_project(word: Word) -> Option<Self> {
        Some(Self::Project(word))
    }
}

/// Whether a load waits for responses before it sends more requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum LoadLoop {
    /// Requests arrive on their own schedule.
    Open,
    /// The load waits for responses, so the percentiles do not include waiting time.
    Closed,
}

impl LoadLoop {
    /// Returns the label, in the form that benchmarks use.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Closed => "closed",
        }
    }
}

impl Vocabulary for LoadLoop {
    const NOUN: &'static str = "kind of load";
    const ALL: &'static [Self] = &[Self::Open, Self::Closed];

    fn word(&self) -> &str {
        self.label()
    }
}

/// The result of judging a benchmark against a budget.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Every limit is met.
    Pass,
    /// A limit is broken, or there is no budget.
    Fail,
    /// The benchmark shows too little to decide.
    Inconclusive,
}

impl Verdict {
    /// Returns the label, in the form that signatures use.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Fail => "fail",
            Self::Inconclusive => "inconclusive",
        }
    }
}

impl Vocabulary for Verdict {
    const NOUN: &'static str = "verdict";
    const ALL: &'static [Self] = &[Self::Pass, Self::Fail, Self::Inconclusive];

    fn word(&self) -> &str {
        self.label()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Arrival;

    fn labels_are_the_serde_names<V: Vocabulary + Serialize>() {
        for word in V::ALL {
            assert_eq!(serde_json::to_value(word).unwrap(), word.word());
            assert_eq!(V::from_word(word.word()), Some(*word));
        }
    }

    #[test]
    fn labels_parse_back_and_match_serde_names() {
        labels_are_the_serde_names::<DriverClass>();
        labels_are_the_serde_names::<DriverCapability>();
        labels_are_the_serde_names::<BenchmarkProfile>();
        labels_are_the_serde_names::<LoadLoop>();
        labels_are_the_serde_names::<Arrival>();
        labels_are_the_serde_names::<Verdict>();
        assert_eq!(
            "Kafka".parse::<DriverClass>().unwrap_err().to_string(),
            "`Kafka` is not a class"
        );
    }
}

//! The tools whose output `import` reads.

use super::{
    Distribution, ImportOptions, Output, clickhouse, criterion, error::ImportRefusal, ghz, hgrm,
    k6, kafka, oha, pgbench, run::ToolRun, vegeta, warp,
};
use crate::model::Vocabulary;

/// A load generator, or a format that several load generators write.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Tool {
    /// `pgbench -l`: one line per transaction, one file per thread.
    Pgbench,
    /// `k6`: `--summary-export`, `handleSummary(data)`, or the machine-readable summary.
    K6,
    /// `vegeta report -type=json`.
    Vegeta,
    /// `oha --output-format json`.
    Oha,
    /// `ghz --format json`.
    Ghz,
    /// The output of `kafka-producer-perf-test`.
    Kafka,
    /// `clickhouse-benchmark --json`.
    Clickhouse,
    /// `warp analyze --json`.
    Warp,
    /// The files of Criterion.rs, which have no 95th percentile of operations.
    Criterion,
    /// Percentiles of `HdrHistogram`, in the format of its libraries, `vegeta` and `wrk2`.
    Hgrm,
}

impl Tool {
    /// Returns the word on the command line.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Pgbench => "pgbench",
            Self::K6 => "k6",
            Self::Vegeta => "vegeta",
            Self::Oha => "oha",
            Self::Ghz => "ghz",
            Self::Kafka => "kafka-producer-perf-test",
            Self::Clickhouse => "clickhouse-benchmark",
            Self::Warp => "warp",
            Self::Criterion => "criterion",
            Self::Hgrm => "hgrm",
        }
    }

    /// Returns the tool with this label.
    pub fn from_label(label: &str) -> Option<Self> {
        Self::from_word(label)
    }

    /// Returns true if the output counts every failed operation.
    ///
    /// pgbench does not log a statement that fails, for example because of a timeout: the failure
    /// ends the client. The output of kafka-producer-perf-test can contain only some of the failed
    /// sends.
    pub(super) const fn counts_every_failure(self) -> bool {
        !matches!(self, Self::Pgbench | Self::Kafka)
    }

    /// Returns true if the throughput in the output is the number of operations divided by the
    /// elapsed time.
    ///
    /// clickhouse-benchmark divides by the time that queries took.
    pub(super) const fn counts_elapsed_time(self) -> bool {
        !matches!(self, Self::Clickhouse)
    }

    /// Returns the instruction to write JSON, for users who pass a report for people. Returns
    /// `None` if `import` does not read JSON from the tool.
    pub(super) const fn json_help(self) -> Option<&'static str> {
        Some(match self {
            Self::K6 => "run k6 with `--summary-export FILE`, and import that file",
            Self::Vegeta => "run `vegeta report -type=json`, and import its output",
            Self::Oha => {
                "run oha with `--output-format json` (`--json` in old versions), and import its \
                 output"
            }
            Self::Ghz => "run ghz with `--format json`, and import its output",
            Self::Clickhouse => "run clickhouse-benchmark with `--json FILE`, and import that file",
            Self::Warp => "run `warp analyze --json` on the data of the run, and import its output",
            Self::Pgbench | Self::Kafka | Self::Criterion | Self::Hgrm => return None,
        })
    }

    /// Reads the output of one run: one file, except for pgbench.
    pub(super) fn run(
        self,
        outputs: &[Output<'_>],
        given: &mut ImportOptions,
    ) -> Result<ToolRun, ImportRefusal> {
        let bytes = outputs.first().map_or(&[][..], |output| output.bytes);
        match self {
            Self::Pgbench => pgbench::run(outputs, given),
            Self::K6 => k6::run(bytes, given),
            Self::Vegeta => vegeta::run(bytes),
            Self::Oha => oha::run(bytes, given),
            Self::Ghz => ghz::run(bytes, given),
            Self::Kafka => kafka::run(bytes, given),
            Self::Clickhouse => clickhouse::run(bytes, given),
            Self::Warp => warp::run(bytes, given),
            Self::Criterion => criterion::run(bytes),
            Self::Hgrm => hgrm::run(bytes, given),
        }
    }

    /// Reads the latency distribution, if the tool records it.
    pub(super) fn distribution(
        self,
        outputs: &[Output<'_>],
        given: &mut ImportOptions,
    ) -> Result<Distribution, ImportRefusal> {
        match (self, outputs) {
            (Self::Pgbench, _) => pgbench::distribution(outputs, given),
            (Self::Hgrm, [output, ..]) => hgrm::distribution(output.bytes, given),
            _ => Err(ImportRefusal::new(format!(
                "{} does not record the latency distribution",
                self.label()
            ))
            .help("import a workload from `pgbench` or `hgrm`")),
        }
    }
}

impl Vocabulary for Tool {
    const NOUN: &'static str = "tool";
    const ALL: &'static [Self] = &[
        Self::Pgbench,
        Self::K6,
        Self::Vegeta,
        Self::Oha,
        Self::Ghz,
        Self::Kafka,
        Self::Clickhouse,
        Self::Warp,
        Self::Criterion,
        Self::Hgrm,
    ];

    fn word(&self) -> &str {
        self.label()
    }
}

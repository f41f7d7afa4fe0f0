//! What `driverc import` accepts.

use std::{path::PathBuf, str::FromStr};

use clap::{
    Args, ValueEnum,
    builder::{PossibleValue, PossibleValuesParser, TypedValueParser},
};

use super::{Roots, word};
use crate::{
    cli::size,
    import::{TimeUnit, Tool},
    model::{
        BenchmarkProfile, ContractDigest, Date, DriverName, DurationMs, LoadLoop, MaxFileBytes,
        Name, OpsPerSec, Vocabulary,
    },
};

#[derive(Debug, Args)]
pub(in crate::cli) struct Import {
    /// The tool that wrote the file; `hgrm` is `HdrHistogram`, which wrk2 prints too
    #[arg(value_parser = tool(), value_name = "TOOL")]
    pub(in crate::cli) tool: Tool,

    /// The file, or `-` for standard input; several of pgbench, one a thread
    #[arg(required = true, value_name = "FILE")]
    pub(in crate::cli) files: Vec<PathBuf>,

    /// The driver that was measured
    #[arg(long, value_parser = parse_driver)]
    pub(in crate::cli) driver: DriverName,

    /// The kind of load
    #[arg(long, value_parser = word::<BenchmarkProfile>())]
    pub(in crate::cli) profile: BenchmarkProfile,

    /// What to make of it
    #[arg(long = "as", value_enum, default_value = "benchmark", value_name = "WHAT")]
    pub(in crate::cli) output: ImportAs,

    /// Add it to the end of a document, once; the document is made if it is not there, and the
    /// rest of it stays as it is
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) append: Option<PathBuf>,

    /// The largest file that is read, that of `--append` too
    #[arg(long, value_name = "SIZE", value_parser = size::parse, default_value = "1GiB")]
    pub(in crate::cli) max_file_size: MaxFileBytes,

    /// Number of attempts that timed out, at least as many as the file reports
    #[arg(long, value_name = "N", value_parser = parse_count, allow_negative_numbers = true, help_heading = SAID)]
    pub(in crate::cli) timeouts: Option<u64>,

    /// How many attempts were retries
    #[arg(long, value_name = "N", value_parser = parse_count, allow_negative_numbers = true, help_heading = SAID)]
    pub(in crate::cli) retries: Option<u64>,

    /// How many attempts there were, failed ones and retries among them
    #[arg(long, value_name = "N", value_parser = parse_count, allow_negative_numbers = true, help_heading = SAID)]
    pub(in crate::cli) attempts: Option<u64>,

    /// How many operations succeeded a second
    #[arg(long, value_name = "N", value_parser = parse_throughput, allow_negative_numbers = true, help_heading = SAID)]
    pub(in crate::cli) throughput: Option<OpsPerSec>,

    /// How long was measured, such as `1500ms`, `60s`, `5m` or `1h`
    #[arg(long, value_name = "TIME", value_parser = parse_duration, help_heading = SAID)]
    pub(in crate::cli) duration: Option<DurationMs>,

    /// Whether the load waited for answers (closed) or not (open)
    #[arg(long = "loop", value_name = "KIND", value_parser = word::<LoadLoop>(), help_heading = SAID)]
    pub(in crate::cli) load_loop: Option<LoadLoop>,

    /// The unit of the values of a histogram
    #[arg(long, value_parser = word::<TimeUnit>(), help_heading = SAID)]
    pub(in crate::cli) unit: Option<TimeUnit>,

    /// The `-c` of clickhouse-benchmark
    #[arg(long, value_name = "N", value_parser = parse_positive, allow_negative_numbers = true, help_heading = SAID)]
    pub(in crate::cli) concurrency: Option<u64>,

    /// How many records of Kafka one operation of the contract sends
    #[arg(long, value_name = "N", value_parser = parse_positive, allow_negative_numbers = true, help_heading = SAID)]
    pub(in crate::cli) records_per_request: Option<u64>,

    /// The kind of operation, where warp measured several
    #[arg(long, value_name = "NAME", help_heading = SAID)]
    pub(in crate::cli) operation: Option<String>,

    /// The version of the tool
    #[arg(long, value_name = "VERSION", help_heading = ORIGIN)]
    pub(in crate::cli) tool_version: Option<String>,

    /// More about the measurement for `source`, such as options and the machine
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true, value_parser = parse_source, help_heading = ORIGIN)]
    pub(in crate::cli) source: Option<Name>,

    /// The day of the measurement
    #[arg(long, value_name = "YYYY-MM-DD", help_heading = ORIGIN)]
    pub(in crate::cli) measured_on: Option<Date>,

    /// The contract that was measured: a digest, or `current` where it is the one that the
    /// workspace has now
    #[arg(long, value_name = "current|sha256:…", help_heading = ORIGIN)]
    pub(in crate::cli) contract: Option<MeasuredContract>,

    /// Where `--contract current` looks: folders and files, or `builtin:` [default: the documents
    /// of the project]
    #[arg(long, value_name = "PATH", requires = "contract", help_heading = ORIGIN)]
    pub(in crate::cli) workspace: Vec<PathBuf>,

    #[command(flatten)]
    pub(in crate::cli) roots: Roots,
}

/// A tool whose output is of another one's format.
const WRK2: &str = "wrk2";
const SAID: &str = "What the file does not say";
const ORIGIN: &str = "Where it comes from";

/// What is made of a measurement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum ImportAs {
    /// A `[[benchmark]]`
    Benchmark,
    /// A `[workload]` of the driver, with the latencies as times of service
    Workload,
}

/// Which contract was measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::cli) enum MeasuredContract {
    /// The one that the workspace has now.
    Current,
    /// The one with this digest.
    Digest(ContractDigest),
}

impl FromStr for MeasuredContract {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text == "current" {
            return Ok(Self::Current);
        }
        let digest = text.parse().map(Self::Digest);
        digest.map_err(|_| "write `current`, or `sha256:` and 64 lower-case hexadecimal digits")
    }
}

/// The word of a tool; `wrk2`, which writes percentiles of `HdrHistogram`, is one for `hgrm`.
fn tool() -> impl TypedValueParser<Value = Tool> {
    let value = |tool: &Tool| {
        let value = PossibleValue::new(tool.word());
        if *tool == Tool::Hgrm { value.alias(WRK2) } else { value }
    };
    PossibleValuesParser::new(Tool::ALL.iter().map(value)).try_map(|word| {
        let word = if word == WRK2 { Tool::Hgrm.word() } else { &word };
        Tool::from_word(word).ok_or("no such word")
    })
}

fn parse_count(text: &str) -> Result<u64, String> {
    text.parse().map_err(|_| format!("write a whole number from 0 to {}", u64::MAX))
}

fn parse_positive(text: &str) -> Result<u64, &'static str> {
    let number = text.parse().ok().filter(|number| *number > 0);
    number.ok_or("write a whole number of 1 or more")
}

fn parse_driver(name: &str) -> Result<DriverName, String> {
    DriverName::new(name).map_err(|error| format!("the name {error}"))
}

fn parse_source(text: &str) -> Result<Name, String> {
    Name::new(text).map_err(|error| format!("the text {error}"))
}

fn parse_throughput(text: &str) -> Result<OpsPerSec, String> {
    let number = text.parse::<u64>().map_err(|_| "write a whole number".to_owned())?;
    OpsPerSec::new(number).map_err(|error| error.to_string())
}

/// A whole number with its unit.
fn parse_duration(text: &str) -> Result<DurationMs, String> {
    let unit = text.trim_start_matches(|character: char| character.is_ascii_digit());
    let factor = match unit {
        "ms" => 1,
        "s" => 1_000,
        "m" => 60_000,
        "h" => 3_600_000,
        _ => return Err("write a whole number and `ms`, `s`, `m` or `h`".to_owned()),
    };
    let number = text[..text.len() - unit.len()].parse::<u64>().ok();
    let ms = number.and_then(|number| number.checked_mul(factor));
    let ms = ms.ok_or("write a whole number and `ms`, `s`, `m` or `h`")?;
    DurationMs::new(ms).map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_has_its_unit() {
        let ms = |text| parse_duration(text).map(DurationMs::get).ok();
        assert_eq!(ms("1500ms"), Some(1500));
        assert_eq!(ms("60s"), Some(60_000));
        assert_eq!(ms("5m"), Some(300_000));
        assert_eq!(ms("2h"), Some(7_200_000));
        for text in ["", "60", "s", "1.5s", "-1s", "0s", "1 s", "99999999999999999999ms", "9000h"] {
            assert_eq!(ms(text), None, "{text}");
        }
    }
}

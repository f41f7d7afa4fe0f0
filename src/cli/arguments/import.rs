//! The arguments of `driverc import`.

use std::{path::PathBuf, str::FromStr};

use clap::{
    Args, ValueEnum,
    builder::{PossibleValue, PossibleValuesParser, TypedValueParser},
};

use super::{LatencyUnitChoice, ProfileParser, Roots, word};
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
    #[arg(skip)]
    pub(in crate::cli) quiet: bool,

    /// Tool that wrote the file; `hgrm` is the `HdrHistogram` format, which wrk2 prints too
    #[arg(value_parser = tool(), value_name = "TOOL")]
    pub(in crate::cli) tool: Tool,

    /// Result file, or `-` for standard input. For pgbench, one file per thread
    #[arg(required = true, value_name = "FILE")]
    pub(in crate::cli) files: Vec<PathBuf>,

    /// Measured driver
    #[arg(long, value_parser = parse_driver)]
    pub(in crate::cli) driver: DriverName,

    /// Profile of the load
    #[arg(long, value_parser = ProfileParser)]
    pub(in crate::cli) profile: BenchmarkProfile,

    /// Kind of table to write
    #[arg(long = "as", value_enum, default_value = "benchmark", value_name = "WHAT")]
    pub(in crate::cli) output: ImportAs,

    /// Unit of latencies
    #[arg(long, value_name = "UNIT", default_value = "auto")]
    pub(in crate::cli) latency_unit: LatencyUnitChoice,

    /// Append the result to a document, unless it is there already; creates the document if needed
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) append: Option<PathBuf>,

    /// Maximum size of a file to read
    #[arg(long, value_name = "SIZE", value_parser = size::parse, default_value = "1GiB")]
    pub(in crate::cli) max_file_size: MaxFileBytes,

    /// Number of attempts that timed out, at least the number in the file
    #[arg(long, value_name = "N", value_parser = parse_count, allow_negative_numbers = true)]
    pub(in crate::cli) timeouts: Option<u64>,

    /// Number of retries
    #[arg(long, value_name = "N", value_parser = parse_count, allow_negative_numbers = true)]
    pub(in crate::cli) retries: Option<u64>,

    /// Number of attempts, including failed attempts and retries
    #[arg(long, value_name = "N", value_parser = parse_count, allow_negative_numbers = true)]
    pub(in crate::cli) attempts: Option<u64>,

    /// Successful operations per second
    #[arg(long, value_name = "N", value_parser = parse_throughput, allow_negative_numbers = true)]
    pub(in crate::cli) throughput: Option<OpsPerSec>,

    /// Duration of the measurement, such as `1500ms`, `60s`, `5m` or `1h`
    #[arg(long, value_name = "TIME", value_parser = parse_duration)]
    pub(in crate::cli) duration: Option<DurationMs>,

    /// Whether the load waits for responses (closed) or not (open)
    #[arg(long = "loop", value_name = "KIND", value_parser = word::<LoadLoop>())]
    pub(in crate::cli) load_loop: Option<LoadLoop>,

    /// Unit of the histogram's values
    #[arg(long, value_parser = word::<TimeUnit>())]
    pub(in crate::cli) unit: Option<TimeUnit>,

    /// Value of `-c` of clickhouse-benchmark
    #[arg(long, value_name = "N", value_parser = parse_positive, allow_negative_numbers = true)]
    pub(in crate::cli) concurrency: Option<u64>,

    /// Number of Kafka records that one operation of the contract sends
    #[arg(long, value_name = "N", value_parser = parse_positive, allow_negative_numbers = true)]
    pub(in crate::cli) records_per_request: Option<u64>,

    /// Kind of operation, if warp measured several
    #[arg(long, value_name = "NAME")]
    pub(in crate::cli) operation: Option<String>,

    /// Version of the tool
    #[arg(long, value_name = "VERSION")]
    pub(in crate::cli) tool_version: Option<String>,

    /// Text to add to `source`, such as options and the machine
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true, value_parser = parse_source)]
    pub(in crate::cli) source: Option<Name>,

    /// Date of the measurement
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub(in crate::cli) measured_on: Option<Date>,

    /// Measured contract: its digest, or `current` for the project's current contract
    #[arg(long, value_name = "current|sha256:…")]
    pub(in crate::cli) contract: Option<MeasuredContract>,

    /// Files and folders with the contract for `--contract current`, or `builtin:` [default:
    /// `include` in `driverc.toml`, or `contracts/`]
    #[arg(long, value_name = "PATH", requires = "contract")]
    pub(in crate::cli) workspace: Vec<PathBuf>,

    #[command(flatten)]
    pub(in crate::cli) roots: Roots,
}

/// Another name of `hgrm`: wrk2 prints this format.
const WRK2: &str = "wrk2";

/// The result of an import.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum ImportAs {
    /// A `[[benchmark]]`
    Benchmark,
    /// A `[workload]` of the driver, with the latencies as service times
    Workload,
}

/// The measured contract.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::cli) enum MeasuredContract {
    /// The project's current contract.
    Current,
    /// The contract with this digest.
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

/// Parses the label of a tool, or `wrk2`.
fn tool() -> impl TypedValueParser<Value = Tool> {
    let value = |tool: &Tool| {
        let value = PossibleValue::new(tool.label());
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
    number.ok_or("write a whole number of at least 1")
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

/// Parses a whole number with its unit.
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
    fn duration_requires_unit() {
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

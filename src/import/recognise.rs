//! Recognises the output of another tool, for messages.

use serde_json::Value;

use super::{ImportError, Output, Tool, error::ImportRefusal};

/// The maximum number of bytes to search.
const ENOUGH: usize = 1 << 16;

/// Adds the file name to a refusal, or names the other tool that wrote the file.
pub(super) fn explained(tool: Tool, outputs: &[Output<'_>], refusal: ImportRefusal) -> ImportError {
    let output = refusal.file.and_then(|file| outputs.get(file));
    let other = output.filter(|_| refusal.shape).and_then(|output| author(output.bytes));
    let file = output.map(|output| output.name.to_owned());
    let Some(other) = other.filter(|other| *other != tool) else {
        let ImportRefusal { position, path, message, help, shape, .. } = refusal;
        let is_report = shape && output.is_some_and(|output| is_text(output.bytes));
        let help = help.or_else(|| tool.json_help().filter(|_| is_report).map(str::to_owned));
        return ImportError { file, position, path, message, help };
    };
    ImportError {
        file,
        position: None,
        path: String::new(),
        message: format!("this is the output of {}, not of {}", other.label(), tool.label()),
        help: Some(format!("run `driverc import {}`", other.label())),
    }
}

/// Returns true for text that does not start like JSON, such as a report for people.
fn is_text(bytes: &[u8]) -> bool {
    let text = String::from_utf8_lossy(&bytes[..bytes.len().min(ENOUGH)]);
    let text = text.trim_start_matches('\u{feff}').trim_start();
    !text.is_empty() && !text.starts_with(['{', '['])
}

/// Returns the tool that wrote a file, if the content is typical of a known tool.
fn author(bytes: &[u8]) -> Option<Tool> {
    match serde_json::from_slice::<Value>(bytes) {
        Ok(value) => of_json(&value),
        Err(_) => of_text(&String::from_utf8_lossy(&bytes[..bytes.len().min(ENOUGH)])),
    }
}

fn of_json(value: &Value) -> Option<Tool> {
    let has = |keys: &[&str]| keys.iter().all(|key| value.get(key).is_some());
    let benchmarks = || value.as_object().into_iter().flat_map(|object| object.values());
    if has(&["latencies", "status_codes"]) {
        Some(Tool::Vegeta)
    } else if has(&["summary", "statusCodeDistribution"]) || has(&["summary", "latencyPercentiles"])
    {
        Some(Tool::Oha)
    } else if has(&["count", "statusCodeDistribution"]) {
        Some(Tool::Ghz)
    } else if has(&["by_op_type"]) {
        Some(Tool::Warp)
    } else if value.get("metrics").is_some_and(Value::is_object)
        || value.pointer("/results/metrics").is_some()
    {
        Some(Tool::K6)
    } else if has(&["mean", "median"]) || has(&["iters", "times"]) {
        Some(Tool::Criterion)
    } else if benchmarks().any(|value| value.get("query_time_percentiles").is_some()) {
        Some(Tool::Clickhouse)
    } else {
        None
    }
}

fn of_text(text: &str) -> Option<Tool> {
    if text.contains("1/(1-Percentile)") {
        Some(Tool::Hgrm)
    } else if text.contains(" records sent, ") {
        Some(Tool::Kafka)
    } else if text.lines().next().is_some_and(is_log_of_pgbench) {
        Some(Tool::Pgbench)
    } else if text.starts_with("group,function,value,") {
        Some(Tool::Criterion)
    } else {
        None
    }
}

fn is_log_of_pgbench(line: &str) -> bool {
    let words: Vec<_> = line.split(' ').collect();
    let number = |word: &&str| word.bytes().all(|byte| byte.is_ascii_digit());
    (6..=8).contains(&words.len())
        && words.iter().filter(|word| number(word)).count() + 1 >= words.len()
}

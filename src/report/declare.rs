//! Benchmarks and workloads as documents declare them, in TOML.
//!
//! What is written reads back as the same value, and shows on a terminal as what it is: characters
//! that nobody sees are escapes.

use crate::{
    model::{
        Benchmark, Bounded, Burst, ContractDigest, Date, DeclaredWorkload, DriverName, Field,
        Operation, Quantiles, Scope, Seeds, ServiceTime, Text, Unit, Vocabulary,
    },
    toml::quote::quoted,
};

/// Quantiles that take more columns are written on lines of their own.
const WIDTH: usize = 100;

/// A `[[benchmark]]` with its keys in the order of the specification; what is none is left out.
/// LF line ends, one at the end.
pub fn benchmark_table(benchmark: &Benchmark) -> String {
    let Benchmark {
        driver,
        profile,
        p50_latency_ms,
        p95_latency_ms,
        timeout_rate_bps,
        retry_rate_bps,
        throughput_ops_per_sec,
        attempts,
        requests,
        p95_upper_latency_ms,
        reject_rate_bps,
        failure_rate_bps,
        duration_ms,
        load_loop,
        source,
        measured_on,
        contract,
    } = benchmark;
    Table::new(format!("[[{}]]", Field::Benchmark.key()))
        .entry(Field::Driver, driver)
        .entry(Field::Profile, profile)
        .entry(Field::P50LatencyMs, p50_latency_ms)
        .entry(Field::P95LatencyMs, p95_latency_ms)
        .entry(Field::TimeoutRateBps, timeout_rate_bps)
        .entry(Field::RetryRateBps, retry_rate_bps)
        .entry(Field::ThroughputOpsPerSec, throughput_ops_per_sec)
        .optional(Field::Attempts, attempts.as_ref())
        .optional(Field::Requests, requests.as_ref())
        .optional(Field::P95UpperLatencyMs, p95_upper_latency_ms.as_ref())
        .optional(Field::RejectRateBps, reject_rate_bps.as_ref())
        .optional(Field::FailureRateBps, failure_rate_bps.as_ref())
        .optional(Field::DurationMs, duration_ms.as_ref())
        .optional(Field::Loop, load_loop.as_ref())
        .optional(Field::Source, source.as_ref())
        .optional(Field::MeasuredOn, measured_on.as_ref())
        .optional(Field::Contract, contract.as_ref())
        .0
}

/// The table of a workload's scope, then one `[[…operation]]` a kind of operation; what is none is
/// left out. LF line ends, one at the end.
///
/// A workload that sets nothing comes out as a bare header, which no document may hold.
pub fn workload_table(workload: &DeclaredWorkload) -> String {
    let DeclaredWorkload {
        profile,
        scope,
        seeds,
        warmup_ms,
        duration_ms,
        rate_ops_per_ksec,
        arrival,
        burst,
        error_bps,
        error_us,
        stall_bps,
        stall_us,
        slot_recovery_us,
        operations,
    } = workload;
    let path = scope_path(Field::Workload, profile.label(), scope);
    let table = Table::new(format!("[{path}]"))
        .optional(Field::Seeds, seeds.as_ref())
        .optional(Field::WarmupMs, warmup_ms.as_ref())
        .optional(Field::DurationMs, duration_ms.as_ref())
        .optional(Field::RateOpsPerKsec, rate_ops_per_ksec.as_ref())
        .optional(Field::Arrival, arrival.as_ref())
        .optional(Field::Burst, burst.as_ref())
        .optional(Field::ErrorBps, error_bps.as_ref())
        .optional(Field::ErrorUs, error_us.as_ref())
        .optional(Field::StallBps, stall_bps.as_ref())
        .optional(Field::StallUs, stall_us.as_ref())
        .optional(Field::SlotRecoveryUs, slot_recovery_us.as_ref());
    operations.iter().flatten().fold(table.0, |text, Operation { weight, service }| {
        let table = Table::new(format!("{text}\n[[{path}.{}]]", Field::Operation.key()));
        table.entry(Field::Weight, weight).entry(Field::Service, service).0
    })
}

/// The path of a scope's table: `workload.heavy_data.driver.postgres_async`.
fn scope_path(table: Field, profile: &str, scope: &Scope) -> String {
    let path = format!("{}.{profile}", table.key());
    match scope {
        Scope::All => path,
        Scope::Class(class) => format!("{path}.{}.{}", Field::Class.key(), class.label()),
        Scope::Driver(name) => format!("{path}.{}.{name}", Field::Driver.key()),
    }
}

/// A table of TOML, from its header on.
struct Table(String);

impl Table {
    fn new(header: String) -> Self {
        Self(header + "\n")
    }

    fn entry(mut self, field: Field, value: &impl Value) -> Self {
        self.0.push_str(field.key());
        self.0.push_str(" = ");
        self.0.push_str(&value.toml());
        self.0.push('\n');
        self
    }

    fn optional(self, field: Field, value: Option<&impl Value>) -> Self {
        match value {
            Some(value) => self.entry(field, value),
            None => self,
        }
    }
}

/// A type with one way to be written in TOML.
trait Value {
    fn toml(&self) -> String;
}

impl<U: Unit, const MIN: u64, const MAX: u64> Value for Bounded<U, MIN, MAX> {
    fn toml(&self) -> String {
        self.get().to_string()
    }
}

impl<V: Vocabulary> Value for V {
    fn toml(&self) -> String {
        quoted(self.word())
    }
}

impl<const MIN: usize, const MAX: usize> Value for Text<MIN, MAX> {
    fn toml(&self) -> String {
        quoted(self)
    }
}

impl Value for DriverName {
    fn toml(&self) -> String {
        quoted(self)
    }
}

impl Value for Date {
    fn toml(&self) -> String {
        self.to_string()
    }
}

impl Value for ContractDigest {
    fn toml(&self) -> String {
        quoted(&self.to_string())
    }
}

impl Value for Seeds {
    fn toml(&self) -> String {
        let seeds: Vec<_> = self.iter().map(|seed| seed.get().to_string()).collect();
        format!("[{}]", seeds.join(", "))
    }
}

impl Value for Burst {
    fn toml(&self) -> String {
        inline(&[
            (Field::BurstPeriodMs, self.period_ms.toml()),
            (Field::BurstOnMs, self.on_ms.toml()),
            (Field::BurstPercent, self.percent.toml()),
        ])
    }
}

impl Value for ServiceTime {
    fn toml(&self) -> String {
        match self {
            Self::Quantiles(quantiles) => inline(&[(Field::QuantilesUs, quantiles.toml())]),
            Self::Exponential(mean) => inline(&[(Field::ExponentialUs, mean.toml())]),
            Self::Constant(time) => inline(&[(Field::ConstantUs, time.toml())]),
        }
    }
}

impl Value for Quantiles {
    fn toml(&self) -> String {
        let points = self.points().iter();
        let points: Vec<_> =
            points.map(|(share, us)| format!("[{}, {}]", share.get(), us.get())).collect();
        let line = format!("[{}]", points.join(", "));
        if line.len() <= WIDTH { line } else { format!("[\n{}]", wrapped(&points)) }
    }
}

/// Items of an array on lines of two blanks, as many on one as fit.
fn wrapped(items: &[String]) -> String {
    let mut lines = String::new();
    let mut column = 0;
    for item in items {
        // With the blank before it and the comma after it.
        let wanted = item.len() + 2;
        if column > 0 && column + wanted > WIDTH {
            lines.push('\n');
            column = 0;
        }
        lines.push_str(if column == 0 { "  " } else { " " });
        column += if column == 0 { wanted + 1 } else { wanted };
        lines.push_str(item);
        lines.push(',');
    }
    lines + "\n"
}

fn inline(entries: &[(Field, String)]) -> String {
    let entries = entries.iter().map(|(field, value)| format!("{} = {value}", field.key()));
    format!("{{ {} }}", entries.collect::<Vec<_>>().join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_items_take_lines_of_the_width() {
        // Nine of ten columns and a blank fit behind the first one: 2 + 9 · 11 − 1 = 100.
        let items = vec!["[12, 345]".to_owned(); 11];
        let lines: Vec<_> = wrapped(&items).lines().map(str::len).collect();
        assert_eq!(lines, [100, 23]);
    }
}

//! Writes benchmarks, budgets and workloads as TOML declarations.
//!
//! If the TOML is parsed again, the values are the same. Invisible characters are escaped.

use crate::{
    model::{
        Benchmark, BenchmarkProfile, DeclaredBudget, DeclaredWorkload, Field, Operation, Quantiles,
        Scope, ServiceTime, TriggerEffect,
        record::{Literal, Record, RecordWriter},
    },
    toml::quote::quoted,
};

/// The maximum line width. Longer lists of quantiles are split into several lines.
const WIDTH: usize = 100;

/// Returns a `[[benchmark]]` table with its keys in canonical order, without missing values. Lines
/// end with LF.
pub fn benchmark_table(benchmark: &Benchmark) -> String {
    let header = format!("[[{}]]", Field::Benchmark.key());
    Table::of(header, benchmark).0
}

/// Returns the table of a workload's scope, then one `[[…operation]]` table per operation, without
/// missing values. Lines end with LF.
///
/// A workload that sets no value becomes an empty table, which documents do not allow.
pub fn workload_table(workload: &DeclaredWorkload) -> String {
    let path = scope_path(Field::Workload, workload.profile.label(), &workload.scope);
    let table = Table::of(format!("[{path}]"), workload);
    let operations = workload.operations.iter().flat_map(|operations| operations.iter());
    operations.fold(table.0, |text, Operation { weight, service }| {
        let mut table = Table::new(format!("{text}\n[[{path}.{}]]", Field::Operation.key()));
        table.required(Field::Weight, weight);
        table.entry(Field::Service, &service_time(service));
        table.0
    })
}

/// Returns the table of a budget's scope, without missing limits. Lines end with LF.
pub fn budget_table(budget: &DeclaredBudget) -> String {
    let path = scope_path(Field::Budget, budget.profile.label(), &budget.scope);
    Table::of(format!("[{path}]"), budget).0
}

/// Returns the path of a scope's table: `workload.heavy_data.driver.postgres_async`.
fn scope_path(table: Field, profile: &str, scope: &Scope) -> String {
    let path = format!("{}.{profile}", table.key());
    match scope {
        Scope::All => path,
        Scope::Class(class) => format!("{path}.{}.{}", Field::Class.key(), class.label()),
        Scope::Driver(name) => format!("{path}.{}.{name}", Field::Driver.key()),
    }
}

/// A TOML table with its header.
struct Table(String);

impl Table {
    fn new(header: String) -> Self {
        Self(header + "\n")
    }

    fn of(header: String, record: &impl Record) -> Self {
        let mut table = Self::new(header);
        record.write(&mut table);
        table
    }

    fn entry(&mut self, field: Field, value: &str) {
        self.line(field.key(), value);
    }

    fn line(&mut self, key: &str, value: &str) {
        self.0.extend([key, " = ", value, "\n"]);
    }
}

impl<'r> RecordWriter<'r> for Table {
    /// Writes all values except operations, which get their own tables.
    fn value(&mut self, field: Field, literal: Option<Literal<'r>>) {
        if let Some(literal) = literal.filter(|it| !matches!(it, Literal::Operations(_))) {
            let key = if let Literal::Latency(_, unit) = literal {
                field.key_in(unit)
            } else {
                field.key()
            };
            self.line(key, &toml(literal));
        }
    }

    /// Writes nothing: the header contains the profile.
    fn profile(&mut self, _field: Field, _profile: &'r BenchmarkProfile) {}

    /// Writes nothing: the header contains the scope.
    fn scope(&mut self, _field: Field, _scope: &'r Scope) {}
}

/// Formats a value as TOML.
pub(crate) fn toml(literal: Literal<'_>) -> String {
    match literal {
        Literal::Number(number, _) => number.to_string(),
        Literal::Latency(us, unit) => unit.of_us(us).to_string(),
        Literal::Flag(flag) => flag.to_string(),
        Literal::Word(word) => quoted(word),
        Literal::Text(text) => quoted(text),
        Literal::Date(date) => date.to_string(),
        Literal::Digest(digest) => quoted(&digest.to_string()),
        Literal::Scope(scope) => quoted(&scope.to_string()),
        Literal::Capabilities(capabilities) => {
            array(capabilities.iter().map(|capability| quoted(capability.label())))
        }
        Literal::Seeds(seeds) => array(seeds.iter().map(|seed| seed.get().to_string())),
        Literal::Burst(burst) => inline(&[
            (Field::BurstPeriodMs, burst.period_ms().get().to_string()),
            (Field::BurstOnMs, burst.on_ms().get().to_string()),
            (Field::BurstPercent, burst.percent().get().to_string()),
        ]),
        Literal::Trigger(trigger) => {
            let (field, percent) = match trigger.effect {
                TriggerEffect::Service(percent) => (Field::ServicePercent, percent),
                TriggerEffect::Rate(percent) => (Field::RatePercent, percent),
            };
            inline(&[
                (Field::TriggerStartMs, trigger.start_ms.get().to_string()),
                (Field::TriggerDurationMs, trigger.duration_ms.get().to_string()),
                (field, percent.get().to_string()),
            ])
        }
        Literal::Instances(instances) => {
            let entries = instances.iter().map(|(name, count)| format!("{name} = {count}"));
            format!("{{ {} }}", entries.collect::<Vec<_>>().join(", "))
        }
        Literal::Operations(operations) => array(operations.iter().map(|operation| {
            let Operation { weight, service } = operation;
            inline(&[
                (Field::Weight, weight.get().to_string()),
                (Field::Service, service_time(service)),
            ])
        })),
    }
}

fn array(items: impl Iterator<Item = String>) -> String {
    format!("[{}]", items.collect::<Vec<_>>().join(", "))
}

fn service_time(service: &ServiceTime) -> String {
    match service {
        ServiceTime::Quantiles(points) => inline(&[(Field::QuantilesUs, quantiles(points))]),
        ServiceTime::Exponential(mean) => inline(&[(Field::ExponentialUs, mean.get().to_string())]),
        ServiceTime::Constant(time) => inline(&[(Field::ConstantUs, time.get().to_string())]),
    }
}

fn quantiles(quantiles: &Quantiles) -> String {
    let points = quantiles.points().iter();
    let points: Vec<_> =
        points.map(|(share, us)| format!("[{}, {}]", share.get(), us.get())).collect();
    let line = format!("[{}]", points.join(", "));
    if line.len() <= WIDTH { line } else { format!("[\n{}]", wrapped(&points)) }
}

/// Formats the items of an array on indented lines, with as many items per line as fit.
fn wrapped(items: &[String]) -> String {
    let mut lines = String::new();
    let mut column = 0;
    for item in items {
        // Includes the space before the item and the comma after it.
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
    fn array_items_fill_lines_to_maximum_width() {
        // Each item takes 10 columns with its comma, and a space: 2 + 9 · 11 − 1 = 100.
        let items = vec!["[12, 345]".to_owned(); 11];
        let lines: Vec<_> = wrapped(&items).lines().map(str::len).collect();
        assert_eq!(lines, [100, 23]);
    }
}

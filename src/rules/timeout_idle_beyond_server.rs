//! Reports an `idle_ms` that is not below the idle timeout of the server, or of what is on the way.

use super::{
    Check, DriverView, Field, Findings, Level, Lint, Parameter, Rule, Safety,
    provider::{is_clickhouse, is_columnar_http, is_kafka, is_s3},
    rule,
};
use crate::{
    finding::{Change, Finding},
    model::{DriverClass, DriverContract, IdleMs},
};

pub(super) const LINT: Lint = Lint { rule: &RULE, check: Check::Driver(check) };

static RULE: Rule = rule!(
    "timeout-idle-beyond-server",
    Level::Warn,
    "`idle_ms` is not below the server's idle timeout"
)
.parameters(&[
    &LIMIT,
    &RELATIONAL_LIMIT,
    &COLUMNAR_LIMIT,
    &COLUMNAR_HTTP_LIMIT,
    &STREAM_LIMIT,
    &OBJECT_STORE_LIMIT,
    &S3_LIMIT,
])
.fixes(Safety::Unsafe);

static LIMIT: Parameter = limit(
    "limit",
    0,
    "when a load balancer, proxy or NAT gateway on the way of any driver closes an unused \
     connection, in ms; 0 for none",
);

static RELATIONAL_LIMIT: Parameter = limit(
    "relational_limit",
    0,
    "when the server of a `relational_adapter` closes an unused connection, in ms; 0 for never",
);

static COLUMNAR_LIMIT: Parameter = limit(
    "columnar_limit",
    3_600_000,
    "when the server of a `columnar_adapter` closes an unused connection, in ms; 0 for never. The \
     default applies to ClickHouse clients only",
);

static COLUMNAR_HTTP_LIMIT: Parameter = limit(
    "columnar_http_limit",
    10_000,
    "the same for a `columnar_adapter` whose module speaks HTTP, in ms; 0 for never. The default \
     applies to ClickHouse clients only",
);

static STREAM_LIMIT: Parameter = limit(
    "stream_limit",
    600_000,
    "when the broker of a `stream_adapter` closes an unused connection, in ms; 0 for never. The \
     default applies to Kafka clients only",
);

static OBJECT_STORE_LIMIT: Parameter = limit(
    "object_store_limit",
    0,
    "when the store of an `object_store_adapter` closes an unused connection, in ms; 0 for never",
);

static S3_LIMIT: Parameter = limit(
    "s3_limit",
    20_000,
    "the same for an `object_store_adapter` whose module is an S3 client, in ms; 0 for never",
);

const fn limit(name: &'static str, default: u64, summary: &'static str) -> Parameter {
    Parameter { name, default, min: 0, max: IdleMs::MAX, summary }
}

/// An end of the connection that closes it, and when.
struct Closing {
    /// The end, with its article.
    end: &'static str,
    parameter: &'static Parameter,
    after_ms: u64,
}

fn check(view: &DriverView<'_>, findings: &mut Findings) {
    let idle = view.contract.timeout_policy.idle_ms.get();
    if let Some(first) = first_to_close(view)
        && idle >= first.after_ms
    {
        findings.push(idle_beyond_server(view, &first));
    }
}

/// The end that closes an unused connection first; none where no limit is known.
fn first_to_close(view: &DriverView<'_>) -> Option<Closing> {
    let closings = ends(view.contract).into_iter().flatten().map(|(end, parameter)| Closing {
        end,
        parameter,
        after_ms: limit_ms(view, parameter),
    });
    closings.filter(|closing| closing.after_ms > 0).min_by_key(|closing| closing.after_ms)
}

/// The limit in milliseconds; 0 if there is none.
fn limit_ms(view: &DriverView<'_>, parameter: &Parameter) -> u64 {
    // These defaults are facts of one server: a Kafka broker, and ClickHouse. Other brokers close
    // no idle connection that answers their pings; of other columnar servers nothing is known.
    let has_default = if parameter.name == STREAM_LIMIT.name {
        is_kafka(view.contract)
    } else if [COLUMNAR_LIMIT.name, COLUMNAR_HTTP_LIMIT.name].contains(&parameter.name) {
        is_clickhouse(view.contract)
    } else {
        true
    };
    let default = if has_default { parameter.default } else { 0 };
    view.configuration.declared_parameter(&RULE, parameter).unwrap_or(default)
}

type End = (&'static str, &'static Parameter);

/// Who may close a connection of this driver.
fn ends(contract: &DriverContract) -> [Option<End>; 3] {
    let of_class = match contract.class {
        DriverClass::RelationalAdapter => ("the server", &RELATIONAL_LIMIT),
        DriverClass::ColumnarAdapter => ("the server", &COLUMNAR_LIMIT),
        DriverClass::StreamAdapter => ("the broker", &STREAM_LIMIT),
        DriverClass::ObjectStoreAdapter => ("the store", &OBJECT_STORE_LIMIT),
    };
    let of_module = if is_columnar_http(contract) {
        Some(("the server's HTTP interface", &COLUMNAR_HTTP_LIMIT))
    } else {
        is_s3(contract).then_some(("S3", &S3_LIMIT))
    };
    [Some(("a load balancer or gateway on the way", &LIMIT)), Some(of_class), of_module]
}

fn idle_beyond_server(view: &DriverView<'_>, first: &Closing) -> Finding {
    let idle = view.contract.timeout_policy.idle_ms;
    let Closing { end, parameter, after_ms } = first;
    let message = format!(
        "an unused connection is kept for {idle}, but must close before {end} closes it after \
         {after_ms} ms"
    );
    let finding = RULE.finding(view.at(Field::IdleMs), message);
    let raise = format!(
        "if {end} closes later, set `{}` of `[rules.{}]` in `driverc.toml`",
        parameter.name, RULE.name
    );
    // A tenth of the time is left for a request that is on its way when the connection closes.
    match after_ms - after_ms.div_ceil(10) {
        0 => finding.help(format!("no `idle_ms` is below 1 ms; {raise}")),
        fitting => finding
            .help(format!("set `idle_ms` to {fitting}; {raise}"))
            .suggest(view.at(Field::IdleMs), Change::Integer(fitting)),
    }
}

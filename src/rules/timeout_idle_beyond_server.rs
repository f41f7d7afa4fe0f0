//! Reports an `idle_ms` that is not below the server's idle timeout.

use super::{
    Check, DeclarationId, DriverView, Field, Level, Lint, Parameter, Rule, RuleFindings, Safety,
    provider::{is_clickhouse, is_columnar_http, is_kafka, is_s3},
    rule,
};
use crate::{
    finding::{EditAction, Finding},
    model::{DriverClass, IdleMs, Server},
    workspace::DriverServer,
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
    "the idle timeout of a load balancer, proxy or NAT gateway, in ms; 0 for none",
);

static RELATIONAL_LIMIT: Parameter = limit(
    "relational_limit",
    0,
    "the server's idle timeout for a `relational_adapter`, in ms; 0 for none",
);

static COLUMNAR_LIMIT: Parameter = limit(
    "columnar_limit",
    3_600_000,
    "the server's idle timeout for a `columnar_adapter`, in ms; 0 for none. The default applies \
     to ClickHouse clients only",
);

static COLUMNAR_HTTP_LIMIT: Parameter = limit(
    "columnar_http_limit",
    10_000,
    "the server's idle timeout for a `columnar_adapter` over HTTP, in ms; 0 for none. The \
     default applies to ClickHouse clients only",
);

static STREAM_LIMIT: Parameter = limit(
    "stream_limit",
    600_000,
    "the broker's idle timeout for a `stream_adapter`, in ms; 0 for none. The default applies to \
     Kafka clients only",
);

static OBJECT_STORE_LIMIT: Parameter = limit(
    "object_store_limit",
    0,
    "the store's idle timeout for an `object_store_adapter`, in ms; 0 for none",
);

static S3_LIMIT: Parameter =
    limit("s3_limit", 20_000, "the store's idle timeout for an S3 client, in ms; 0 for none");

const fn limit(name: &'static str, default: u64, summary: &'static str) -> Parameter {
    Parameter { name, default, min: 0, max: IdleMs::MAX, summary }
}

/// The idle timeout of a server, or of a device between the driver and the server.
struct Closing {
    /// The name of the server or device, with its article.
    end: &'static str,
    parameter: &'static Parameter,
    after_ms: u64,
}

fn check(view: &DriverView<'_>, findings: &mut RuleFindings) {
    let idle = longest_idle(view);
    // A declared server replaces the limits for all other drivers.
    let declared = match view.server {
        DriverServer::Known(of) => of.server.idle_close_ms.map(|after| (of.server, after)),
        DriverServer::None => None,
        DriverServer::Unknown => return,
    };
    if let Some((server, after)) = declared {
        if idle >= after {
            findings.push(idle_beyond_declared(view, server, after));
        }
        return;
    }
    if let Some(first) = first_to_close(view, idle) {
        findings.push(idle_beyond_server(view, &first));
    }
}

/// Returns the longest time for which a connection can be idle. A connection that the driver closes
/// because of its age cannot be idle for longer than this age.
fn longest_idle(view: &DriverView<'_>) -> IdleMs {
    let policy = &view.contract.timeout_policy;
    let lifetime = policy.lifetime_ms.and_then(|lifetime| IdleMs::new(lifetime.get()).ok());
    lifetime.map_or(policy.idle_ms, |lifetime| lifetime.min(policy.idle_ms))
}

/// Reports an `idle_ms` that is not below the `idle_close_ms` of the driver's server.
fn idle_beyond_declared(view: &DriverView<'_>, server: &Server, after: IdleMs) -> Finding {
    let idle = view.contract.timeout_policy.idle_ms;
    let name = &server.name;
    let message = format!(
        "`idle_ms` is {idle}, but must be below the {after} after which server `{name}` closes \
         idle connections"
    );
    let place = DeclarationId::Server(name.clone()).at(Field::IdleCloseMs);
    let finding = RULE
        .finding(view.at(Field::IdleMs), message)
        .also(place, format!("the idle timeout of `{name}`"));
    match fitting(after.get()) {
        0 => finding
            .help(format!("`idle_ms` cannot be below 1; raise `idle_close_ms` of `server.{name}`")),
        fitting => finding
            .help(format!("set `idle_ms` to {fitting}"))
            .suggest(view.at(Field::IdleMs), EditAction::Integer(fitting)),
    }
}

/// Returns 90% of an idle timeout. The remaining 10% is a margin for a request that is still on its
/// way when the connection closes.
const fn fitting(after_ms: u64) -> u64 {
    after_ms - after_ms.div_ceil(10)
}

/// Returns the shortest idle timeout of a server or device, if it is not above `idle`.
fn first_to_close(view: &DriverView<'_>, idle: IdleMs) -> Option<Closing> {
    let closings = ends(view.class()).into_iter().flatten().map(|(end, parameter)| Closing {
        end,
        parameter,
        after_ms: view.configuration.parameter(&RULE, parameter),
    });
    // Most drivers close connections early enough. Module names are only compared for the others.
    closings
        .filter(|closing| (1..=idle.get()).contains(&closing.after_ms))
        .filter(|closing| applies(view, closing.parameter))
        .min_by_key(|closing| closing.after_ms)
}

/// Returns true if a limit applies to the module of a driver.
fn applies(view: &DriverView<'_>, limit: &Parameter) -> bool {
    // Only Kafka brokers and ClickHouse have these defaults. Other brokers do not close an idle
    // connection that answers their pings.
    let is_set = || view.configuration.declared_parameter(&RULE, limit).is_some();
    if *limit == STREAM_LIMIT {
        is_set() || is_kafka(view)
    } else if *limit == COLUMNAR_LIMIT {
        is_set() || is_clickhouse(view)
    } else if *limit == COLUMNAR_HTTP_LIMIT {
        is_columnar_http(view) && (is_set() || is_clickhouse(view))
    } else {
        *limit != S3_LIMIT || is_s3(view)
    }
}

type End = (&'static str, &'static Parameter);

/// Returns the servers and devices that can close a connection of a driver of this class.
const fn ends(class: DriverClass) -> [Option<End>; 3] {
    let [of_class, of_module] = match class {
        DriverClass::RelationalAdapter => [Some(("the server", &RELATIONAL_LIMIT)), None],
        DriverClass::ColumnarAdapter => [
            Some(("the server", &COLUMNAR_LIMIT)),
            Some(("the server's HTTP interface", &COLUMNAR_HTTP_LIMIT)),
        ],
        DriverClass::StreamAdapter => [Some(("the broker", &STREAM_LIMIT)), None],
        DriverClass::ObjectStoreAdapter => {
            [Some(("the store", &OBJECT_STORE_LIMIT)), Some(("S3", &S3_LIMIT))]
        }
        DriverClass::Project(_) => [None, None],
    };
    [Some(("a load balancer or gateway", &LIMIT)), of_class, of_module]
}

fn idle_beyond_server(view: &DriverView<'_>, first: &Closing) -> Finding {
    let idle = view.contract.timeout_policy.idle_ms;
    let Closing { end, parameter, after_ms } = first;
    let message = format!(
        "`idle_ms` is {idle}, but must be below the {after_ms} ms after which {end} closes idle \
         connections"
    );
    let finding = RULE.finding(view.at(Field::IdleMs), message);
    let raise = format!(
        "if {end} has a different idle timeout, set `{}` in `[rules.{}]` of `driverc.toml`",
        parameter.name, RULE.name
    );
    match fitting(*after_ms) {
        0 => finding.help(format!("`idle_ms` cannot be below 1; {raise}")),
        fitting => finding
            .help(format!("set `idle_ms` to {fitting}; {raise}"))
            .suggest(view.at(Field::IdleMs), EditAction::Integer(fitting)),
    }
}

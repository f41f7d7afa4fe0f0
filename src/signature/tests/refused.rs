//! Checks the errors for invalid signatures.

use super::*;

/// A fault in a valid line: the text to replace, its replacement, the rest of the line from the
/// error on, and the error message without the byte offset.
type Fault<'a> = (&'a str, &'a str, &'a str, &'a str);

pub(super) fn assert_refused<T: Debug>(
    parse: fn(&str) -> Result<T, SignatureError>,
    line: &str,
    faults: &[Fault<'_>],
) {
    for (from, to, at, said) in faults {
        assert!(line.contains(from), "{from}");
        let line = line.replacen(from, to, 1);
        let error = parse(&line).expect_err(&line);
        assert!(line[error.offset..].starts_with(at), "{error}\n{line}");
        assert_eq!(error.to_string(), format!("byte {}{said}", error.offset));
    }
}

#[test]
fn reordered_keys_are_refused() {
    let faults = [
        ("driver|", "budget|", "budget|v1|", ": expected `driver`, found `budget`"),
        ("|v1|", "|v2|", "v2|", ": expected `v1`, found `v2`"),
        (DRIVER, "driver|v1", "", ": expected `name`, the line ends here"),
        ("|name=", "||name=", "|name=", ": expected `name`, found nothing"),
        ("|class=", "|klass=", "klass=", ": expected `class`, found `klass`"),
        ("|class=", "|class", "classrel", ": expected `class`, found `classrelational_adapter`"),
        (".md", ".md|owner=x", "owner=x", ": expected the end of the line, found `owner`"),
        (".md", ".md|", "", ": expected the end of the line, found nothing"),
        (".md", ".md\n", "\n", ": a signature must be visible ASCII, but contains U+000A"),
        (
            "tier1",
            "tier\u{202E}1",
            "\u{202E}1",
            ": a signature must be visible ASCII, but contains U+202E",
        ),
    ];
    assert_refused(parse_driver_signature, DRIVER, &faults);
}

#[test]
fn noncanonical_text_is_refused() {
    let faults = [
        ("tier1", "", "|tuning", ", `support_tier`: the value is empty"),
        ("tier1", "tier,1", ",1", ", `support_tier`: `,` must be written as `%2C`"),
        ("tier1", "tier=1", "=1", ", `support_tier`: `=` must be written as `%3D`"),
        ("tier1", "tier%31", "%31", ", `support_tier`: `%31` must be written as `1`"),
        (
            "tier1",
            "tier%c3%bc",
            "%c3",
            ", `support_tier`: `%` must be followed by two upper-case hexadecimal digits",
        ),
        (
            "tier1",
            "tier%0A1",
            "tier%0A1",
            ", `support_tier`: the value contains the control character U+000A",
        ),
        (
            "=postgres_async",
            "=Postgres",
            "Postgres",
            ", `name`: `Postgres` does not match `^[a-z][a-z0-9_]{0,62}$`",
        ),
    ];
    assert_refused(parse_driver_signature, DRIVER, &faults);
}

#[test]
fn noncanonical_number_is_refused() {
    let faults = [
        ("t=20|", "t=020|", "020", ", `max_in_flight`: `020` has a leading zero"),
        ("t=20|", "t=|", "|max_queue", ", `max_in_flight`: `` is not a whole number"),
        ("t=20|", "t=+20|", "+20", ", `max_in_flight`: `+20` is not a whole number"),
        ("t=20|", "t=%32|", "%32", ", `max_in_flight`: `%32` is not a whole number"),
        ("t=20|", "t=0|", "0|", ", `max_in_flight`: 0 is outside 1 to 1000000"),
        (
            "idle_ms=600000",
            "idle_ms=99999999999999999999",
            "9999",
            ", `timeout_policy.idle_ms`: 99999999999999999999 is outside 1 to 604800000 ms",
        ),
    ];
    assert_refused(parse_driver_signature, DRIVER, &faults);
}

#[test]
fn retry_budget_min_without_percent_is_refused() {
    let jitter = "retry_policy.jitter_percent=";
    let start = DRIVER.find(jitter).unwrap();
    let end = start + DRIVER[start..].find('|').unwrap();
    let (before, after) = DRIVER.split_at(end);
    let alone = format!("{before}|retry_policy.retry_budget_min=5{after}");
    let error = parse_driver_signature(&alone).unwrap_err();
    let expected = "expected `retry_policy.retry_budget_percent`, \
                    found `retry_policy.retry_budget_min`";
    assert_eq!((error.offset, &*error.message), (end + 1, expected));
    let percent = "|retry_policy.retry_budget_percent=20";
    let both = format!("{before}{percent}|retry_policy.retry_budget_min=5{after}");
    assert_eq!(driver_signature(&parse_driver_signature(&both).unwrap()), both);
}

#[test]
fn unordered_capabilities_are_refused() {
    let faults = [
        ("s=non", "s=,non", ",non", ", `capabilities`: `` is not a capability"),
        ("_read|", "_read,|", "|support", ", `capabilities`: `` is not a capability"),
        ("_read|", "-read|", "batch-read", ", `capabilities`: `batch-read` is not a capability"),
        (
            "_read|",
            "_read,batch_read|",
            "batch_read|",
            ", `capabilities`: `batch_read` appears twice",
        ),
        (
            "_read|",
            "_read,retry_telemetry|",
            "retry_telemetry|",
            ", `capabilities`: `retry_telemetry` comes before `batch_read`",
        ),
    ];
    assert_refused(parse_driver_signature, DRIVER, &faults);
}

#[test]
fn noncanonical_scope_is_refused() {
    let faults = [
        ("=all", "=", "|", ", `scope`: `` is not `all`, `class:` or `driver:` with a name"),
        (
            "=all",
            "=all:",
            "all:",
            ", `scope`: `all:` is not `all`, `class:` or `driver:` with a name",
        ),
        ("=all", "=class:Kafka", "class:Kafka", ", `scope`: `Kafka` is not a class"),
        ("a|scope=all", "a", "max_p95", ": expected `scope`, found `max_p95_latency_ms`"),
    ];
    assert_refused(parse_budget_signature, BASE_BUDGET, &faults);
}

#[test]
fn empty_benchmark_values_are_refused() {
    let faults = [
        ("|requests=30000", "|requests=", "|", ", `requests`: `` is not a whole number"),
        ("|loop=open", "|loop=", "|", ", `loop`: `` is not a kind of load"),
        (
            "|loop=open|",
            "|loop=open|loop=open|",
            "loop=open|source",
            ": expected the end of the line, found `loop`",
        ),
        (
            "10-31",
            "11-31",
            "2026-11-31",
            ", `measured_on`: `2026-11-31` is not a day of the calendar, written `YYYY-MM-DD`",
        ),
        (
            "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
            "sha256:0A",
            "sha256:0A",
            ", `contract`: `sha256:0A` is not `sha256:` and 64 lower-case hexadecimal digits",
        ),
    ];
    assert_refused(parse_benchmark_signature, BENCHMARK, &faults);
}

#[test]
fn unordered_or_duplicate_matrix_drivers_are_refused() {
    let faults = [
        ("|p", "|q=|p", "postgres_async=", ": `postgres_async` comes before `q`"),
        ("|p", "|postgres_async=|p", "postgres_async=non", ": `postgres_async` appears twice"),
        ("|p", "|x|p", "x|", ": expected a key with `=`, found `x`"),
        (
            "|p",
            "|P",
            "Postgres_async=",
            ", `Postgres_async`: `Postgres_async` does not match `^[a-z][a-z0-9_]{0,62}$`",
        ),
        ("=non", "=X,non", "X,", ", `postgres_async`: `X` is not a capability"),
        (
            "=non",
            "=x,non",
            "non_blocking",
            ", `postgres_async`: `non_blocking_execute` comes before `x`",
        ),
    ];
    assert_refused(parse_capability_matrix_signature, MATRIX, &faults);
}

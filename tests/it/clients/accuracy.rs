//! Generates the page `docs/rules/accuracy.md` from the clients and their expectations.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write,
};

use driverc::{
    model::{DriverClass, Vocabulary},
    rules,
};

use crate::clients::{
    Client,
    expectation::{Expectation, Verdict},
};

/// The prefixes of rules about one contract.
const PREFIXES: [&str; 7] =
    ["capability-", "concurrency-", "metric-", "provider-module-", "queue-", "retry-", "timeout-"];

/// Rules with such a prefix that need a budget or a second driver.
const NEED_MORE: [&str; 7] = [
    "capability-profile-mismatch",
    "metric-shared-across-drivers",
    "provider-module-shared",
    "queue-drain-exceeds-timeout",
    "retry-backoff-shorter-than-latency",
    "timeout-deadline-loose",
    "timeout-deadline-tight",
];

/// Rules that apply to one class only.
const OF_ONE_CLASS: [(&str, DriverClass); 4] = [
    ("concurrency-columnar-inserts", DriverClass::ColumnarAdapter),
    ("concurrency-kafka-idempotence", DriverClass::StreamAdapter),
    ("concurrency-pool-oversized", DriverClass::RelationalAdapter),
    ("timeout-below-replica-lag", DriverClass::StreamAdapter),
];

const INTRODUCTION: &str = "\
# Accuracy

driverc checks each rule about a single contract against the real defaults of widely used clients. \
A finding is right if the default has the fault, and wrong if the default is fine. This page \
counts both.

If a rule was wrong on a default, it was narrowed. The rules are therefore tuned to these clients. \
Expect more wrong findings on other clients.

`tests/clients/` has one contract per client, with a source for each value. A comment at the start \
of the file declares each expected finding, with a verdict and a reason. `cargo test --test it \
clients::` compares the declared findings with the actual ones. With `UPDATE=1`, it also writes \
this page.

## How a default becomes a contract

- If a client lacks a limit, the contract has the largest value that the format allows.
- If a client has no connect timeout, TCP gives up after 127 s on Linux, and the contract has this \
value.
- If a client has no request timeout, the contract has the value that the documentation of the \
client or of the server recommends. A comment names the source.
- `max_attempts` includes the first attempt. If only a total time limits the retries, it is the \
number of attempts that fit into that time.
- A jitter of ±20% around 100 ms is a backoff from 80 to 120 ms: `base_backoff_ms = 120` and \
`jitter_percent = 33`.
- Every contract names four metrics. If neither the client nor its usual exporter has a metric, \
the application must export it, and the contract declares the capability.
- A contract has one retry policy. If a client retries only reads, its contract covers only reads \
and has no `batch_write`.
- driverc checks each contract alone, without budgets and with the default configuration. Rules \
that need a budget, a benchmark or a second driver are not on this page.
";

/// The page.
pub(crate) fn page(clients: &[Client]) -> String {
    let mut page = INTRODUCTION.to_owned();
    writeln!(page, "\n## Clients\n\n| class | clients | names |\n| --- | --- | --- |").unwrap();
    for class in DriverClass::ALL {
        let of_class = clients.iter().filter(|client| client.class == *class);
        let names: Vec<_> = of_class.map(|client| format!("`{}`", client.name)).collect();
        writeln!(page, "| `{}` | {} | {} |", class.label(), names.len(), names.join(", ")).unwrap();
    }
    page.push_str(&counts(clients));
    page.push_str(&reasons(clients, Verdict::Wrong));
    page.push_str(&reasons(clients, Verdict::Defended));
    page
}

/// The rules about a single contract, with their levels.
fn contract_rules(clients: &[Client]) -> BTreeMap<&'static str, String> {
    let raised: BTreeSet<_> =
        clients.iter().flat_map(|client| &client.raised).map(|raised| raised.rule).collect();
    let is_about_contract = |name: &str| {
        PREFIXES.iter().any(|prefix| name.starts_with(prefix)) && !NEED_MORE.contains(&name)
    };
    let rules = rules::ALL.iter().map(|lint| lint.rule).filter(|rule| rule.on);
    rules
        .filter(|rule| is_about_contract(rule.name) || raised.contains(rule.name))
        .map(|rule| (rule.name, rule.level.to_string()))
        .collect()
}

/// A table of how often each rule was checked, raised a finding and was wrong.
fn counts(clients: &[Client]) -> String {
    let mut table = "\n## Rules\n\n\
        | rule | level | clients checked | findings | wrong |\n\
        | --- | --- | --- | --- | --- |\n"
        .to_owned();
    let (mut findings, mut all_wrong) = (0, 0);
    for (rule, level) in contract_rules(clients) {
        let class = OF_ONE_CLASS.iter().find(|(name, _)| *name == rule).map(|(_, class)| *class);
        let checked =
            clients.iter().filter(|client| class.is_none_or(|class| client.class == class));
        let (raised, wrong) = totals(clients, rule);
        findings += raised;
        all_wrong += wrong;
        writeln!(
            table,
            "| [{rule}]({rule}.md) | {level} | {} | {raised} | {wrong} |",
            checked.count()
        )
        .unwrap();
    }
    writeln!(table, "| **all rules** | | | {findings} | {all_wrong} |").unwrap();
    table
}

/// Returns the number of findings of a rule, and how many of them are wrong.
fn totals(clients: &[Client], rule: &str) -> (usize, usize) {
    let (mut findings, mut wrong) = (0, 0);
    for client in clients {
        for raised in client.raised.iter().filter(|raised| raised.rule == rule) {
            findings += 1;
            let mut matching = client.expected.iter().filter(|one| one.matches(raised));
            wrong += usize::from(matching.any(|one| one.verdict == Verdict::Wrong));
        }
    }
    (findings, wrong)
}

/// The reasons for a verdict, with the clients of each.
fn reasons(clients: &[Client], verdict: Verdict) -> String {
    let mut rows: BTreeMap<(&str, &str, &str), BTreeSet<&str>> = BTreeMap::new();
    for client in clients {
        for one in client.expected.iter().filter(|one| one.verdict == verdict) {
            let Expectation { rule, key, reason, .. } = one;
            rows.entry((rule, reason, key)).or_default().insert(&client.name);
        }
    }
    let mut section = match verdict {
        Verdict::Wrong => "\n## Wrong findings\n\n".to_owned(),
        Verdict::Defended => "\n## Right findings\n\n".to_owned(),
    };
    if rows.is_empty() {
        section.push_str("There are no such findings.\n");
        return section;
    }
    section.push_str("| rule | key | why | clients |\n| --- | --- | --- | --- |\n");
    for ((rule, reason, key), names) in rows {
        let names: Vec<_> = names.into_iter().map(|name| format!("`{name}`")).collect();
        let names = names.join(", ");
        writeln!(section, "| [{rule}]({rule}.md) | `{key}` | {reason} | {names} |").unwrap();
    }
    section
}

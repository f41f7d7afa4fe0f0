//! The page of `driverc report`, as an independent HTML parser sees it.
#![cfg(unix)]

use std::collections::BTreeSet;

use driverc::report::escaped;
use proptest::{
    collection,
    prelude::{Strategy, any, prop_oneof},
    sample,
    test_runner::{Config, TestRunner},
};

use super::{
    dom::Page,
    report::WORKLOAD,
    sandbox::{STUBBORN, Sandbox, driver, stubborn},
};

const RECORDED: &str = r#"
[[benchmark]]
driver = "example"
profile = "heavy_data"
p50_latency_ms = 19
p95_latency_ms = 73
timeout_rate_bps = 1
retry_rate_bps = 51
throughput_ops_per_sec = 448
source = "SOURCE"
measured_on = 2026-10-31
"#;

/// A page with every section.
#[test]
fn page_of_small_workspace_matches_snapshot() {
    let sandbox = Sandbox::project(&[("contracts/example.toml", &contract())]);
    let load = WORKLOAD.to_owned() + &RECORDED.replace("SOURCE", "pgbench 16.2, -R 450");
    sandbox.write("contracts/load.toml", load);
    sandbox.write("contracts/waivers.toml", waiver("as long as the new pool is tried"));
    let run = sandbox.run(&["report", "--today", "2026-11-01", "--show", "info"]);
    assert_eq!((run.code, &*run.stderr), (0, "found 1 info in 1 file\n"));
    let (start, rest) = run.stdout.split_once("<style>").unwrap();
    let (_, end) = rest.split_once("</style>").unwrap();
    let (before, policy) = start.split_once("'sha256-").unwrap();
    let (_, after) = policy.split_once('\'').unwrap();
    let page = format!("{before}'sha256-…'{after}<style>…</style>{end}");
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../../../snapshots");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| {
        let page = page.replace(env!("CARGO_PKG_VERSION"), "VERSION");
        insta::assert_snapshot!("report.html", page);
    });
}

/// A contract with two findings: many attempts, which a [`waiver`] waives, and little jitter.
fn contract() -> String {
    stubborn("example").replace("jitter_percent = 100", "jitter_percent = 5")
}

/// Waives the finding of a [`stubborn`] contract.
fn waiver(reason: &str) -> String {
    format!(
        "[[waiver]]\nrule = \"{STUBBORN}\"\ndriver = \"example\"\n\
         reason = {}\nowner = \"storage-team\"\nexpires = 2027-03-31\n",
        quoted(reason)
    )
}

/// A JSON string. Without control characters, it is also a TOML string.
fn quoted(text: &str) -> String {
    serde_json::to_string(text).unwrap()
}

/// Texts of documents, for every position in which they reach the page.
#[derive(Clone, Debug)]
struct Texts {
    provider: String,
    tier: String,
    guide: String,
    metrics: [String; 4],
    source: String,
    reason: String,
    key: String,
    file: String,
}

/// Text that a browser, a template or a terminal could interpret.
const TOKENS: [&str; 24] = [
    "<script>",
    "</script>",
    "<!--",
    "-->",
    "]]>",
    "<![CDATA[",
    "\">",
    "'>",
    "<img src=x onerror=y>",
    "</style>",
    "</pre>",
    "</td>",
    "</table>",
    "<svg onload=x>",
    "&lt;",
    "&amp;",
    "&#60;",
    "&",
    "{{",
    "}}",
    "\u{202e}",
    "\u{2066}",
    "\u{200b}",
    "\u{feff}",
];

/// A short text without control characters, often one of the tokens.
fn part() -> impl Strategy<Value = String> {
    let character = any::<char>().prop_filter("a control", |character| !character.is_control());
    prop_oneof![
        3 => sample::select(&TOKENS[..]).prop_map(str::to_owned),
        1 => character.prop_map(String::from),
    ]
}

fn text() -> impl Strategy<Value = String> {
    collection::vec(part(), 1..6).prop_map(|parts| parts.concat())
}

fn texts() -> impl Strategy<Value = Texts> {
    let file = text().prop_map(|text| text.replace(['/', '\0'], "|"));
    // A guide at `/` would be a finding of its own.
    let guide = text().prop_map(|text| format!("docs/{text}"));
    let metrics = [text(), text(), text(), text()];
    (text(), text(), guide, metrics, text(), text(), part(), file).prop_map(
        |(provider, tier, guide, metrics, source, reason, key, file)| Texts {
            provider,
            tier,
            guide,
            metrics,
            source,
            reason,
            key,
            file,
        },
    )
}

fn harmless() -> Texts {
    let word = || "word".to_owned();
    Texts {
        provider: word(),
        tier: word(),
        guide: "docs/word".to_owned(),
        metrics: [word(), word(), word(), word()],
        source: word(),
        reason: word(),
        key: word(),
        file: word(),
    }
}

/// Returns the page of a workspace that contains these texts.
fn page(texts: &Texts) -> Page {
    let mut contract = stubborn("example")
        .replace("\"sqlx::postgres\"", &quoted(&texts.provider))
        .replace("\"tier2\"", &quoted(&texts.tier))
        .replace("tuning_guide = \"\"", &format!("tuning_guide = {}", quoted(&texts.guide)));
    let metrics =
        ["timeouts_total", "retries_total", "operation_duration_seconds", "in_flight_requests"];
    for (metric, text) in metrics.iter().zip(&texts.metrics) {
        contract = contract.replace(&format!("\"example_client_{metric}\""), &quoted(text));
    }
    let odd = format!("[driver.odd]\n{} = 1 # {}\n", quoted(&key(texts)), texts.key);
    let recorded = RECORDED.replace("\"SOURCE\"", &quoted(&texts.source));
    let sandbox = Sandbox::project(&[("contracts/example.toml", &contract)]);
    sandbox.write(&format!("contracts/{}", file(texts)), odd);
    sandbox.write("contracts/load.toml", WORKLOAD.to_owned() + &recorded);
    sandbox.write("contracts/waivers.toml", waiver(&texts.reason));
    // Most rules have different findings for different texts.
    let run = sandbox.run(&["report", "--today", "2026-11-01", "--select", STUBBORN]);
    assert_eq!(run.code, 1, "{}", run.stderr);
    Page::parse(&run.stdout)
}

/// A key that resembles no known key.
fn key(texts: &Texts) -> String {
    format!("{}{}", "z".repeat(16), texts.key)
}

fn file(texts: &Texts) -> String {
    format!("f{}.toml", texts.file)
}

#[test]
fn hostile_text_is_shown_but_never_becomes_markup() {
    let expected = page(&harmless()).structure();
    let config = Config { cases: 40, ..Config::default() };
    let outcome = TestRunner::new(config).run(&texts(), |texts| {
        let page = page(&texts);
        assert!(page.errors.is_empty(), "{:?}", page.errors);
        assert_eq!(page.structure(), expected);
        let cells = page.texts("td");
        let Texts { provider, tier, guide, metrics, source, reason, .. } = &texts;
        for text in [provider, tier, guide, source, reason].into_iter().chain(metrics) {
            assert!(cells.contains(&escaped(text).into_owned()), "{text:?} is in no cell");
        }
        let messages = page.texts("h3");
        let message = format!("error unknown key `{}` in `driver.odd`", key(&texts));
        assert!(messages.contains(&escaped(&message).into_owned()), "no {message:?}");
        let places = page.texts("figcaption");
        let place = format!("contracts/{}:2:1", file(&texts));
        assert!(places.contains(&escaped(&place).into_owned()), "no {place:?}");
        let lines = page.texts("pre").concat();
        let line = format!("{} = 1 # {}", quoted(&key(&texts)), texts.key);
        assert!(lines.contains(&*escaped(&line)), "no {line:?}");
        Ok(())
    });
    outcome.unwrap();
}

/// Markup that a page without scripts needs to be accessible.
#[test]
fn page_has_accessible_markup() {
    let sandbox = Sandbox::project(&[("contracts/example.toml", &driver("example"))]);
    sandbox.write("contracts/load.toml", WORKLOAD.to_owned() + RECORDED);
    let page = Page::parse(&sandbox.run(&["report"]).stdout);
    assert!(page.errors.is_empty(), "{:?}", page.errors);
    assert_eq!(page.attributes("html", "lang"), ["en"]);
    assert_eq!(page.attributes("nav", "aria-label"), ["Sections"]);
    assert_eq!((page.count("h1"), page.count("main")), (1, 1));
    assert_eq!(page.count("table"), page.count("caption"));
    assert_eq!(page.count("th"), page.attributes("th", "scope").len());
    let pictures = [("role", "img"), ("aria-hidden", "true")];
    let counts = pictures.map(|(name, value)| {
        let values = page.attributes("svg", name).into_iter();
        values.filter(|found| found == value).count()
    });
    assert_eq!(page.count("svg"), counts[0] + counts[1]);
    assert!(counts[0] > 0 && counts[1] > 0, "{counts:?}");
    for kind in ["script", "link", "img", "iframe", "form"] {
        assert_eq!(page.count(kind), 0, "{kind}");
    }
}

/// Every reference within the page has a target, and no id is repeated.
#[test]
fn links_and_labels_have_targets_on_page() {
    let sandbox = Sandbox::project(&[("contracts/example.toml", &contract())]);
    sandbox.write("contracts/load.toml", WORKLOAD);
    let page = Page::parse(&sandbox.run(&["report"]).stdout);
    let ids = page.every("id");
    let distinct: BTreeSet<_> = ids.iter().collect();
    assert_eq!(ids.len(), distinct.len(), "{ids:?}");
    let links = page.every("href");
    let targets = links.iter().filter_map(|link| link.strip_prefix('#'));
    let labels = page.every("aria-labelledby");
    let named: Vec<_> = labels.iter().flat_map(|label| label.split(' ')).chain(targets).collect();
    assert!(named.len() > 20, "{named:?}");
    for name in named {
        assert!(distinct.contains(&name.to_owned()), "{name} is nowhere");
    }
}

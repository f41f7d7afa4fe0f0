//! A workspace as one page for people: no script, no network, nothing but this one file.
//!
//! Holds no judgement of its own: what is simulated and how it is judged is handed in.

mod benchmarks;
mod budgets;
mod capabilities;
mod contracts;
mod findings;
mod latency;
mod markup;
mod signatures;
mod summary;
mod table;

use std::io::{self, Write};

use base64::prelude::{BASE64_STANDARD, Engine};
use sha2::{Digest, Sha256};

use self::markup::Markup;
use super::{Run, bench::Outcome};
use crate::{
    budget::Judged,
    model::{
        Benchmark, BenchmarkProfile, DeclaredBudget, DriverContract, EffectiveBudget, Verdict,
    },
    simulate::Simulation,
};

/// The style sheet, the same in every page.
const STYLE: &str = include_str!("html/style.css");

/// What a page shows.
#[derive(Clone, Copy, Debug)]
pub struct Page<'a> {
    /// The findings, and what was accepted.
    pub run: Run<'a>,
    /// What could not be read, a message each.
    pub unread: &'a [String],
    /// The contracts, by name.
    pub drivers: &'a [&'a DriverContract],
    /// The budgets as declared, by the label of their profile, then by scope.
    pub budgets: &'a [&'a DeclaredBudget],
    /// Each driver under each profile for which there is a budget, a workload or a benchmark, by
    /// name of the driver, then by profile.
    pub pairs: &'a [Pair<'a>],
    /// The benchmarks that documents record, those of drivers without a contract too.
    pub recorded: &'a [Sample<'a>],
    /// Whether workloads were simulated.
    pub simulated: bool,
}

/// A driver under a profile.
#[derive(Clone, Debug)]
pub struct Pair<'a> {
    /// What the driver promises.
    pub contract: &'a DriverContract,
    /// The kind of load.
    pub profile: BenchmarkProfile,
    /// What it must achieve, if a scope says.
    pub budget: Option<EffectiveBudget<'a>>,
    /// What was simulated, and what came out.
    pub simulation: Option<(&'a Simulation, &'a Outcome)>,
    /// The figures there are: first what was simulated for this page, then what is recorded.
    pub samples: Vec<Sample<'a>>,
}

/// The figures of a driver under a profile.
#[derive(Clone, Debug)]
pub struct Sample<'a> {
    /// The figures.
    pub benchmark: &'a Benchmark,
    /// Where they come from.
    pub origin: Origin,
    /// What the budget says of them.
    pub judgement: Judgement,
}

/// Where figures come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// They were simulated for this page.
    Here,
    /// They are recorded in a document.
    Recorded,
}

/// What a budget says of figures.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judgement {
    /// The verdict; none where nothing judges them.
    pub verdict: Option<Verdict>,
    /// Why, in one line.
    pub reason: String,
    /// Each figure beside its limit; none where there is no whole budget.
    pub figures: Vec<Judged>,
}

impl Sample<'_> {
    /// Whether the figures come from a simulation, that of this page or another one.
    fn is_simulated(&self) -> bool {
        self.origin == Origin::Here || self.benchmark.is_simulated()
    }
}

/// Writes the page; fails only where `out` fails.
pub fn write(page: &Page<'_>, out: &mut dyn Write) -> io::Result<()> {
    let mut markup = Markup::default();
    markup.verbatim("<!DOCTYPE html>\n");
    markup.element("html", &[("lang", "en")], |html| {
        html.element("head", &[], head);
        html.element("body", &[], |body| write_body(page, body));
    });
    out.write_all(markup.finish().as_bytes())
}

fn head(head: &mut Markup) {
    // The policy comes before what it is about.
    head.void("meta", &[("charset", "utf-8")]);
    let digest = BASE64_STANDARD.encode(Sha256::digest(STYLE));
    let policy = format!(
        "default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    );
    head.void("meta", &[("http-equiv", "Content-Security-Policy"), ("content", &policy)]);
    head.void("meta", &[("name", "viewport"), ("content", "width=device-width, initial-scale=1")]);
    head.void("meta", &[("name", "color-scheme"), ("content", "light dark")]);
    head.void("meta", &[("name", "referrer"), ("content", "no-referrer")]);
    let generator = concat!("driverc ", env!("CARGO_PKG_VERSION"));
    head.void("meta", &[("name", "generator"), ("content", generator)]);
    head.leaf("title", &[], "Driver contracts");
    head.line_end();
    head.element("style", &[], |style| style.verbatim(STYLE));
}

fn write_body(page: &Page<'_>, body: &mut Markup) {
    body.leaf("a", &[("class", "skip"), ("href", "#content")], "Skip to the contracts");
    body.line_end();
    summary::write(page, body);
    body.element("main", &[("id", "content"), ("tabindex", "-1")], |main| {
        contracts::write(page, main);
        capabilities::write(page, main);
        budgets::write(page, main);
        latency::write(page, main);
        benchmarks::write(page, main);
        findings::write(page, main);
        signatures::write(page, main);
    });
    body.element("footer", &[], |footer| {
        let version = concat!("Written by driverc ", env!("CARGO_PKG_VERSION"), ".");
        footer.leaf("p", &[], version);
    });
}

/// A section with its heading, which is what the section is called.
fn section(
    id: &'static str,
    title: &'static str,
    main: &mut Markup,
    content: impl FnOnce(&mut Markup),
) {
    let heading = format!("{id}-title");
    main.element("section", &[("id", id), ("aria-labelledby", &heading)], |section| {
        section.leaf("h2", &[("id", &heading)], title);
        content(section);
    });
}

/// A paragraph that says what a section is, or that there is nothing in it.
fn note(text: &str, markup: &mut Markup) {
    markup.leaf("p", &[("class", "note")], text);
}

/// `simulated`, or `recorded` where nothing says so; marked by more than its colour.
fn mark_of(simulated: bool, markup: &mut Markup) {
    if simulated {
        markup.leaf("span", &[("class", "mark simulated")], "simulated");
    } else {
        markup.leaf("span", &[("class", "mark recorded")], "recorded");
    }
}

//! Writes a workspace as one HTML page without scripts or external resources.

mod benchmarks;
mod budgets;
mod capabilities;
mod consumers;
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
use super::{FindingsReport, bench::Outcome};
use crate::{
    budget::FigureVerdict,
    explain::ConsumerNeeds,
    model::{
        Benchmark, BenchmarkProfile, DeclaredBudget, DriverCapability, DriverContract, DriverName,
        EffectiveBudget, Verdict,
    },
    simulate::Simulation,
};

/// The style sheet of every page.
const STYLE: &str = include_str!("html/style.css");

/// The contents of a page.
#[derive(Clone, Copy, Debug)]
pub struct Page<'a> {
    /// The findings, including accepted findings.
    pub run: FindingsReport<'a>,
    /// One message per path that could not be read.
    pub unread: &'a [String],
    /// The contracts, sorted by name.
    pub drivers: &'a [&'a DriverContract],
    /// All capabilities: the built-in capabilities, then the project's capabilities by name.
    pub capabilities: &'a [DriverCapability],
    /// The drivers with declared consumers, sorted by name.
    pub consumers: &'a [ConsumersOfDriver<'a>],
    /// The declared budgets, sorted by the label of the profile, then by scope.
    pub budgets: &'a [&'a DeclaredBudget],
    /// Each driver and profile with a budget, a workload or a benchmark, sorted by driver name,
    /// then by profile.
    pub pairs: &'a [ProfileSection<'a>],
    /// The recorded benchmarks, including benchmarks of drivers without a contract.
    pub recorded: &'a [BenchmarkSection<'a>],
    /// Whether workloads were simulated.
    pub simulated: bool,
}

/// A driver with the requirements of its consumers.
#[derive(Clone, Debug)]
pub struct ConsumersOfDriver<'a> {
    /// The driver.
    pub driver: &'a DriverName,
    /// The requirements, at least one.
    pub needs: Vec<ConsumerNeeds<'a>>,
}

/// A driver and profile, with everything that the page shows about it.
#[derive(Clone, Debug)]
pub struct ProfileSection<'a> {
    /// The contract of the driver.
    pub contract: &'a DriverContract,
    /// The profile.
    pub profile: BenchmarkProfile,
    /// The budget, if a scope declares one.
    pub budget: Option<EffectiveBudget<'a>>,
    /// The simulation and its outcome.
    pub simulation: Option<(&'a Simulation, &'a Outcome)>,
    /// The benchmarks: first the benchmark that was simulated for this page, then the recorded
    /// benchmarks.
    pub samples: Vec<BenchmarkSection<'a>>,
}

/// A benchmark of a driver and profile.
#[derive(Clone, Debug)]
pub struct BenchmarkSection<'a> {
    /// The figures.
    pub benchmark: &'a Benchmark,
    /// The origin of the figures.
    pub origin: Origin,
    /// The verdict on the figures.
    pub judgement: BudgetReview,
}

/// The origin of figures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// Simulated for this page.
    Here,
    /// Recorded in a document.
    Recorded,
}

/// The verdict on a benchmark, if a budget applies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BudgetReview {
    /// The verdict, or `None` if no budget applies.
    pub verdict: Option<Verdict>,
    /// The reason, in one line.
    pub reason: String,
    /// Each figure with its limit. Empty if there is no complete budget.
    pub figures: Vec<FigureVerdict>,
}

impl BenchmarkSection<'_> {
    /// Returns true if the figures come from a simulation, either for this page or earlier.
    fn is_simulated(&self) -> bool {
        self.origin == Origin::Here || self.benchmark.is_simulated()
    }
}

/// Writes the page. Fails only if `out` fails.
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
    // The policy must come before the style sheet that it allows.
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
        consumers::write(page, main);
        budgets::write(page, main);
        latency::write(page, main);
        benchmarks::write(page, main);
        findings::write(page, main);
        signatures::write(page, main);
    });
    body.element("footer", &[], |footer| {
        let version = concat!("Generated by driverc ", env!("CARGO_PKG_VERSION"), ".");
        footer.leaf("p", &[], version);
    });
}

/// Writes a section, labelled by its heading.
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

/// Writes a paragraph that explains a section or says that the section is empty.
fn note(text: &str, markup: &mut Markup) {
    markup.leaf("p", &[("class", "note")], text);
}

/// Writes the mark `simulated` or `recorded`. It is text, so that it does not depend on colour.
fn mark_of(simulated: bool, markup: &mut Markup) {
    if simulated {
        markup.leaf("span", &[("class", "mark simulated")], "simulated");
    } else {
        markup.leaf("span", &[("class", "mark recorded")], "recorded");
    }
}

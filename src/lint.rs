//! All that driverc has to say of a workspace: the reader's findings, the rules', and what
//! comments and waivers make of them.
//!
//! Nothing silences an error of reading.

mod comments;
mod levels;
mod waivers;

use std::collections::BTreeSet;

use crate::{
    finding::{Finding, Rule},
    model::Date,
    rules::{self, Check},
    settings::Settings,
    source::Location,
    workspace::{self, Workspace},
};

/// What a workspace is checked against.
#[derive(Clone, Copy, Debug)]
pub struct Circumstances<'a> {
    /// The project's decisions.
    pub settings: &'a Settings,
    /// The relative paths of tuning guides that exist; none where nobody has looked.
    pub guides: Option<&'a BTreeSet<String>>,
    /// The day on which waivers are looked at, in UTC.
    pub today: Date,
}

/// The findings of a run.
#[derive(Debug, Default)]
pub struct Findings {
    /// What counts, in the order of the files and of their text.
    pub open: Vec<Finding<Location>>,
    /// What a comment or a waiver accepts, in the same order.
    pub accepted: Vec<Accepted>,
}

/// A finding that somebody has accepted.
#[derive(Debug)]
pub struct Accepted {
    /// The finding.
    pub finding: Finding<Location>,
    /// How it was accepted.
    pub by: Acceptance,
    /// Why; empty where a comment does not say.
    pub reason: String,
}

/// How a finding is accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Acceptance {
    /// By a comment beside it.
    Comment,
    /// By a `[[waiver]]`.
    Waiver,
}

/// Checks a workspace.
///
/// `path` gives the path of a source, by its name, for the globs of `per-file-rules`.
pub fn check(
    workspace: &Workspace,
    circumstances: &Circumstances<'_>,
    path: impl Fn(&str) -> String,
) -> Findings {
    let settings = circumstances.settings;
    let places = rules::check(workspace, circumstances.guides, settings);
    let mut waivers = waivers::Waivers::new(workspace, settings, circumstances.today);
    let (waived, places) = waivers.accept(places);
    let levels = levels::Levels::new(settings, workspace, path);
    let located = workspace.locate(places).into_iter().filter_map(|finding| levels.apply(finding));
    let mut comments = comments::Comments::new(workspace, settings);
    let mut findings = Findings { open: workspace.findings().to_vec(), accepted: waived };
    for finding in located {
        match comments.accept(&finding) {
            Some(reason) => {
                let by = Acceptance::Comment;
                findings.accepted.push(Accepted { finding, by, reason });
            }
            None => findings.open.push(finding),
        }
    }
    let about = comments.findings().into_iter().chain(waivers.findings());
    findings.open.extend(about.filter_map(|finding| levels.apply(finding)));
    workspace::sort(&mut findings.open);
    findings.accepted.sort_by(|left, right| workspace::order(&left.finding, &right.finding));
    findings
}

/// Whether findings of this rule can be accepted: those of the reader cannot, nor those about
/// accepting.
fn acceptable(rule: &Rule) -> bool {
    let lint = rules::ALL.iter().find(|lint| lint.rule == rule);
    lint.is_some_and(|lint| !matches!(lint.check, Check::Reader | Check::Acceptance))
}

//! Checks a new driver with the rules of the project before it is written.

use std::{path::Path, sync::Arc};

use super::place::documents;
use crate::{
    cli::{Failure, input::today},
    document,
    finding::{Finding, Safety},
    fix,
    model::DriverName,
    project::Loaded,
    source::{Location, Source},
    workspace::Workspace,
};

/// The rules about driver names. In the new driver, only another name can resolve their findings.
const NAMES: [&str; 2] = ["duplicate-declaration", "name-duplicate"];
/// The rule that limits the idle timeout. The idle timeout of the example can exceed this limit.
const IDLE: &str = "timeout-idle-beyond-server";

/// Returns the tables of a driver, with the idle timeout lowered to the project's limits.
pub(super) fn with_idle_limit(driver: String, document: &Path, loaded: &Loaded) -> String {
    let alone = join([Source::new(document.to_string_lossy(), &*driver)].into_iter(), loaded);
    let findings = |workspace: &Workspace| {
        let mut findings = loaded.check_everything(workspace, today()).open;
        findings.retain(|finding| finding.rule.name == IDLE);
        findings
    };
    let fixed = fix::fix(alone, Safety::Unsafe, findings, |_| true);
    let text = fixed.workspace.sources().iter().next().and_then(|(_, it)| it.text().ok());
    text.map_or(driver, str::to_owned)
}

/// Returns a failure if the project already has a declaration with this name or a similar name.
pub(super) fn refuse_name(
    name: &DriverName,
    driver: &str,
    document: &Path,
    loaded: &Loaded,
) -> Result<(), Failure> {
    let about_names = |workspace: &Workspace| -> Vec<Finding<Location>> {
        let findings = loaded.check_everything(workspace, today()).open.into_iter();
        findings.filter(|finding| NAMES.contains(&finding.rule.name)).collect()
    };
    let texts =
        || documents(loaded).map(|it| Source::new(it.name(), it.text().unwrap_or_default()));
    let before = about_names(&join(texts(), loaded));
    let new = Source::new(format!("{} (new)", document.display()), driver);
    let after = about_names(&join(texts().chain([new]), loaded));
    let is_new = |finding: &&Finding<_>| !before.iter().any(|it| it.message == finding.message);
    match after.iter().find(is_new) {
        None => Ok(()),
        Some(finding) => {
            Err(Failure::new(format!("cannot add driver `{name}`: {}", finding.message)))
        }
    }
}

fn join(texts: impl Iterator<Item = Source>, loaded: &Loaded) -> Workspace {
    let vocabulary = loaded.workspace.vocabulary();
    let documents = texts.map(|source| {
        let document = document::read_with(source.text().unwrap_or_default(), vocabulary);
        (source, document)
    });
    Workspace::with_vocabulary(documents.collect(), Arc::clone(vocabulary))
}

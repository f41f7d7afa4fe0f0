//! Finds the template that causes a change of a driver.

use super::{Change, SideValue, pairs::Pairs};
use crate::{
    finding::{ContractPath, DeclarationId},
    model::TemplateName,
    workspace::Workspace,
};

/// Adds the template to each change of a field that a template sets on both sides.
pub(super) fn note(pairs: &Pairs<'_>, changes: &mut [Change]) {
    for change in changes {
        let sides = [(&change.old, pairs.old), (&change.new, pairs.new)];
        let mut templates = sides
            .into_iter()
            .filter_map(|(side, workspace)| side.as_ref().map(|side| template_of(side, workspace)));
        let first = templates.next().flatten();
        let is_same = templates.all(|template| template == first);
        change.template = first.filter(|_| is_same);
    }
}

/// Returns the template that sets the value of one side, if a template sets it.
fn template_of(side: &SideValue, workspace: &Workspace) -> Option<TemplateName> {
    let ContractPath { subject: DeclarationId::Driver(name), field: Some(field) } = &side.place
    else {
        return None;
    };
    let origin = workspace.origin(name, *field)?;
    if let DeclarationId::Template(template) = origin.set_by.subject {
        Some(template)
    } else {
        None
    }
}

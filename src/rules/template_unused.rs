//! Reports a template that no driver names.

use super::{Check, Level, Lint, Rule, RuleFindings, Safety, TemplateView, rule};
use crate::finding::{DeclarationId, Edit, EditAction};

pub(super) const LINT: Lint = Lint { rule: &RULE, check: Check::Template(check) };

static RULE: Rule = rule!("template-unused", Level::Info, "a template is not named by any driver")
    .fixes(Safety::Safe);

fn check(view: &TemplateView<'_>, findings: &mut RuleFindings) {
    if view.is_used {
        return;
    }
    let template = DeclarationId::Template(view.name.clone());
    let edit = Edit { place: template.clone().whole(), change: EditAction::Remove };
    let finding = RULE
        .finding(template.whole(), format!("no driver names template `{}`", view.name))
        .help(format!("write `like = \"{}\"` in a driver, or delete the template", view.name))
        .fix(Safety::Safe, vec![edit]);
    findings.push(finding);
}

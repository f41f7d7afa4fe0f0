//! Returns the identity of a finding: one line that stays the same if declarations move.
//!
//! An identity depends only on declarations. It must never depend on a file or on the order of
//! files.

use crate::{
    document::PartialContract,
    finding::{ContractPath, DeclarationId, Finding},
    model::{
        DriverName, Field, LatencyUnit,
        record::{Literal, Record, RecordWriter},
    },
    signature::{
        NamedDeclaration, benchmark_digest, call_signature, finding_signature,
        requirement_signature, signature_digest,
    },
    source::Location,
    workspace::Workspace,
};

/// Returns the identity of a finding of a rule, in the grammar of signatures. Returns `None` for a
/// finding that a baseline cannot list: a read error, or a finding about the configuration, a
/// comment, a waiver or the baseline.
///
/// The identity names the rule, the declaration at the finding's place, the other declaration if
/// the finding is about several, the field and the effective value of the field. The workspace must be
/// the one in which the finding was found.
pub fn finding_identity(workspace: &Workspace, finding: &Finding<Location>) -> Option<String> {
    let ContractPath { subject, field } = finding.path.as_ref()?;
    let subject = finding.identified_by.as_ref().unwrap_or(subject);
    let mut declarations = vec![named(workspace, subject)?];
    for other in finding.others.iter().filter(|other| *other != subject) {
        declarations.push(named(workspace, other)?);
    }
    declarations.sort_unstable();
    let rule = finding.rule.name;
    let Some(field) = *field else {
        return Some(finding_signature(rule, &declarations, None, None));
    };
    let with_value = |value: Option<Literal<'_>>| {
        let field = match value {
            Some(Literal::Latency(us, _)) => field.key_in(LatencyUnit::canonical(us)),
            _ => field.path(),
        };
        finding_signature(rule, &declarations, Some(field), value)
    };
    Some(value_at(workspace, subject, field, with_value))
}

/// Returns the keys and values that name a declaration.
fn named<'a>(workspace: &'a Workspace, id: &'a DeclarationId) -> Option<NamedDeclaration<'a>> {
    Some(match id {
        DeclarationId::Driver(name) => NamedDeclaration::new("driver", name.as_str()),
        DeclarationId::Budget(profile, scope) => {
            NamedDeclaration::scoped("budget", profile.label(), scope.to_string())
        }
        DeclarationId::Workload(profile, scope) => {
            NamedDeclaration::scoped("workload", profile.label(), scope.to_string())
        }
        DeclarationId::Benchmark(number) => {
            let benchmark = workspace.benchmark(*number)?;
            NamedDeclaration::new("benchmark", benchmark_digest(benchmark).to_string())
        }
        DeclarationId::Call(number) => {
            let line = call_signature(workspace.call(*number)?);
            NamedDeclaration::new("call", signature_digest(&line).to_string())
        }
        DeclarationId::Requirement(number) => {
            let line = requirement_signature(workspace.requirement(*number)?);
            NamedDeclaration::new("requirement", signature_digest(&line).to_string())
        }
        DeclarationId::Template(name) => NamedDeclaration::new("template", name.as_str()),
        DeclarationId::Server(name) | DeclarationId::Instances(name, _) => {
            NamedDeclaration::new("server", name.as_str())
        }
        DeclarationId::Caller(name) => NamedDeclaration::new("caller", name.as_str()),
        DeclarationId::Waiver(_) => return None,
    })
}

/// Passes the effective value of a field to a function. A field that the declaration does not have
/// has no value.
fn value_at<R>(
    workspace: &Workspace,
    id: &DeclarationId,
    field: Field,
    with_value: impl FnOnce(Option<Literal<'_>>) -> R,
) -> R {
    match id {
        DeclarationId::Driver(name) => with_value(value_of_driver(workspace, name, field)),
        DeclarationId::Budget(profile, scope) => {
            with_value(value_of(workspace.declared_budget(*profile, scope), field))
        }
        DeclarationId::Workload(profile, scope) => {
            with_value(value_of(workspace.declared_workload(*profile, scope), field))
        }
        DeclarationId::Benchmark(number) => {
            with_value(value_of(workspace.benchmark(*number), field))
        }
        DeclarationId::Call(number) => with_value(value_of(workspace.call(*number), field)),
        DeclarationId::Requirement(number) => {
            with_value(value_of(workspace.requirement(*number), field))
        }
        DeclarationId::Server(name) => with_value(value_of(workspace.server(name), field)),
        DeclarationId::Caller(name) => with_value(value_of(workspace.caller(name), field)),
        DeclarationId::Template(_) | DeclarationId::Instances(..) | DeclarationId::Waiver(_) => {
            with_value(None)
        }
    }
}

fn value_of_driver<'w>(
    workspace: &'w Workspace,
    name: &DriverName,
    field: Field,
) -> Option<Literal<'w>> {
    let declared = workspace.declared_driver(name)?;
    let is_read = |partial: &&PartialContract| !partial.unread.contains(&field);
    let partial = || declared.partial().filter(is_read).map(|partial| &partial.contract);
    value_of(declared.contract().or_else(partial), field)
}

/// Returns the value of a field of a record, or of a table in it. Returns `None` for values that no
/// signature contains.
fn value_of(record: Option<&impl Record>, field: Field) -> Option<Literal<'_>> {
    struct Value<'r>(Field, Option<Literal<'r>>);

    impl<'r> RecordWriter<'r> for Value<'r> {
        fn value(&mut self, field: Field, literal: Option<Literal<'r>>) {
            if field == self.0 {
                self.1 = literal;
            }
        }
    }

    let mut value = Value(field, None);
    record?.write(&mut value);
    value.1.filter(|literal| {
        !matches!(
            literal,
            Literal::Flag(_)
                | Literal::Seeds(_)
                | Literal::Burst(_)
                | Literal::Operations(_)
                | Literal::Instances(_)
        )
    })
}

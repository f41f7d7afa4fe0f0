//! Returns the identity of a finding: one line that stays the same if declarations move.
//!
//! An identity depends only on declarations. It must never depend on a file or on the order of
//! files.

use crate::{
    document::PartialContract,
    finding::{ContractPath, DeclarationId, Finding, FindingIdentity},
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

/// Returns the identities of a finding of a rule, in the grammar of signatures. Returns none for a
/// finding that a baseline cannot list: a read error, or a finding about the configuration, a
/// comment, a waiver or the baseline.
///
/// An identity names the rule, the declarations, the field at the finding's place and the effective
/// value of the field. A finding about several declarations that can come and go has one identity for
/// each of them. It is known only if all of them are known, so another declaration makes it new, and
/// a removed declaration does not. If a figure tells how bad the fault is, the identity ends with it,
/// and a lower figure is known too. The workspace must be the one in which the finding was found.
pub fn finding_identities(workspace: &Workspace, finding: &Finding<Location>) -> Vec<String> {
    finding.path.as_ref().map_or_else(Vec::new, |path| identities_at(workspace, finding, path))
}

/// Returns the identities of a finding at a contract path.
pub(super) fn identities_at<P>(
    workspace: &Workspace,
    finding: &Finding<P>,
    ContractPath { subject, field }: &ContractPath,
) -> Vec<String> {
    let FindingIdentity { subjects, places, parts, field: judged, .. } = &finding.identity;
    let field = judged.or(*field);
    let mut identifying: Vec<_> = subjects.iter().map(|subject| (subject, field)).collect();
    identifying.extend(places.iter().map(|place| (&place.subject, place.field)));
    if identifying.is_empty() {
        identifying.push((subject, field));
    }
    let identities = identifying.into_iter().map(|place| {
        let of = |part| identity(workspace, finding, place, part);
        if parts.is_empty() {
            return of(None).map(|line| vec![line]);
        }
        parts.iter().map(|part| of(Some(part))).collect()
    });
    identities.collect::<Option<Vec<_>>>().unwrap_or_default().concat()
}

fn identity<P>(
    workspace: &Workspace,
    finding: &Finding<P>,
    (subject, field): (&DeclarationId, Option<Field>),
    part: Option<&ContractPath>,
) -> Option<String> {
    let mut declarations = vec![named(workspace, subject, None)?];
    if let Some(other) = finding.identity.other.as_ref().filter(|other| *other != subject) {
        declarations.push(named(workspace, other, None)?);
    }
    if let Some(part) = part {
        declarations.push(named(workspace, &part.subject, part.field)?);
    }
    declarations.sort_unstable();
    let (rule, at_most) = (finding.rule.name, finding.identity.at_most);
    let Some(field) = field else {
        return Some(finding_signature(rule, &declarations, None, None, at_most));
    };
    let with_value = |value: Option<Literal<'_>>| {
        let field = match value {
            Some(Literal::Latency(us, _)) => field.key_in(LatencyUnit::canonical(us)),
            _ => field.path(),
        };
        finding_signature(rule, &declarations, Some(field), value, at_most)
    };
    Some(value_at(workspace, subject, field, with_value))
}

/// Returns the keys and values that name a declaration, or a bound of a requirement.
fn named<'a>(
    workspace: &'a Workspace,
    id: &'a DeclarationId,
    bound: Option<Field>,
) -> Option<NamedDeclaration<'a>> {
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
            let requirement = workspace.requirement(*number)?;
            let bound = bound.map(|field| (field, value_of(Some(requirement), field)));
            let line = requirement_signature(requirement, bound);
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
                | Literal::Trigger(_)
                | Literal::Operations(_)
                | Literal::Instances(_)
        )
    })
}

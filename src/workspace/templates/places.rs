//! Points findings about a driver at the template that sets the reported value.
//!
//! A fix for such a value adds a key to the driver. It never changes the template.

use super::{
    super::{Part, Pending, Workspace},
    taken_from,
};
use crate::{
    document::{Declaration, TemplateDeclaration},
    finding::{ContractPath, DeclarationId, Edit, EditAction, Finding, Fix, Related},
    model::{DriverName, Field},
    workspace::Declared,
};

/// A field that a driver takes from a template.
struct Inherited<'w> {
    driver: DriverName,
    field: Field,
    template: &'w Declared<TemplateDeclaration>,
}

impl Workspace {
    /// Adds the declarations that set the reported values to a finding.
    pub(in super::super) fn with_origins(&self, mut finding: Finding) -> Finding<Pending> {
        let fix = finding.fix.take();
        let primary = self.inherited(&finding.place);
        let primary = primary.as_ref();
        let related = std::mem::take(&mut finding.related);
        let mut pending = finding.map_places(|place| self.pending(place));
        pending.related = related.into_iter().map(|it| self.related_place(it, primary)).collect();
        if let Some(inherited) = primary {
            let place = self.at_driver(&inherited.driver, Part::Field(Field::Like));
            let label = taken_from(&inherited.template.item.name);
            pending.related.insert(0, Related { place, label });
            pending.inherited_by = Some(inherited.driver.clone());
        }
        pending.fix = fix.map(|Fix { safety, edits }| Fix {
            safety,
            edits: edits.into_iter().map(|edit| self.edit_place(edit)).collect(),
        });
        pending
    }

    fn inherited(&self, place: &ContractPath) -> Option<Inherited<'_>> {
        let (DeclarationId::Driver(driver), Some(field)) = (&place.subject, place.field) else {
            return None;
        };
        let template = self.templates.setting(driver, field)?;
        Some(Inherited { driver: driver.clone(), field, template })
    }

    /// Finds the declaration of a related value. If the finding itself is at the same field of the
    /// same template, returns the `like` of the related driver instead.
    fn related_place(&self, related: Related, primary: Option<&Inherited<'_>>) -> Related<Pending> {
        let Related { place, label } = related;
        let same = self.inherited(&place).filter(|inherited| {
            primary.is_some_and(|primary| {
                primary.field == inherited.field
                    && primary.template.item.name == inherited.template.item.name
            })
        });
        let place = match same {
            Some(same) => self.at_driver(&same.driver, Part::Field(Field::Like)),
            None => self.pending(place),
        };
        Related { place, label }
    }

    fn edit_place(&self, edit: Edit) -> Edit<Pending> {
        let Edit { place, change } = edit;
        let place = match (self.inherited(&place), &place.subject, &change) {
            (Some(inherited), ..) => {
                self.at_driver(&inherited.driver, Part::Addition(inherited.field))
            }
            (None, DeclarationId::Template(_), EditAction::Remove) => {
                Pending { part: Part::Lines, ..self.pending(place) }
            }
            (None, ..) => self.pending(place),
        };
        Edit { place, change }
    }

    fn at_driver(&self, driver: &DriverName, part: Part) -> Pending {
        let source = self.source_of(driver).unwrap_or_default();
        Pending { source, declaration: Declaration::Driver(driver.clone()), part }
    }
}

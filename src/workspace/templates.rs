//! Merges each driver that names a template with the template, and records which declaration sets
//! each field of the driver.
//!
//! Only this module merges templates. All other modules get the origins of values from it.

mod overlay;
mod places;

use std::collections::{BTreeMap, BTreeSet};

use self::overlay::{InvalidField, MissingField, Overlay};
use super::{CappedFindings, Declared, Part, Pending, Workspace, drivers::DriverEntry};
use crate::{
    document::{
        ContractFields, Declaration, DriverDeclaration, PartialContract, TemplateDeclaration,
        TemplatedDriver, record::retry_budget_incomplete,
    },
    finding::{ContractPath, DeclarationId, EditAction, Finding},
    model::{
        ContractValue, DriverCapability, DriverClass, DriverName, Field, ProjectVocabulary,
        TemplateName, Vocabulary, effective::sets,
    },
    parallel,
    source::SourceId,
    toml::{rules::INVALID_TEXT, table::MissingKeys},
};

/// The templates of a workspace, and the drivers that name a template.
#[derive(Debug, Default)]
pub(super) struct Templates {
    declared: BTreeMap<TemplateName, Declared<TemplateDeclaration>>,
    /// The templates that drivers name, whether declared or not.
    used: BTreeSet<TemplateName>,
    drivers: BTreeMap<DriverName, Inheritance>,
    /// Whether the name of a template could not be read. Such a template could be any unknown
    /// template.
    pub(super) has_nameless: bool,
}

/// The template that a driver names, and the fields that the driver does not take from the
/// template.
#[derive(Debug)]
struct Inheritance {
    /// The template, or `None` if its name could not be read.
    like: Option<TemplateName>,
    own: Box<[Field]>,
}

/// The declarations that set a field of a driver.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct FieldOrigin {
    /// The path of the field in the declaration that sets it: the driver or its template.
    pub set_by: ContractPath,
    /// The path of the field in the template, if both the driver and the template set the field.
    pub overrides: Option<ContractPath>,
    /// The path of the driver's `like`, if the driver takes the field from the template.
    pub like: Option<ContractPath>,
}

impl Templates {
    /// Adds a template. If an earlier template has the same name, returns the document of the
    /// earlier template.
    pub(super) fn add(
        &mut self,
        source: SourceId,
        template: TemplateDeclaration,
    ) -> Option<SourceId> {
        if let Some(first) = self.declared.get(&template.name) {
            return Some(first.source);
        }
        self.declared.insert(template.name.clone(), Declared { source, item: template });
        None
    }

    /// Marks the templates that these drivers name as used.
    pub(super) fn mark_used(&mut self, drivers: &[DriverDeclaration]) {
        for driver in drivers {
            if let DriverDeclaration::Like(driver) = driver
                && let Some(like) = &driver.like
                && !self.used.contains(like)
            {
                self.used.insert(like.clone());
            }
        }
    }

    /// Returns the template with this name, and its document.
    pub(super) fn get(&self, name: &str) -> Option<&Declared<TemplateDeclaration>> {
        self.declared.get(name)
    }

    /// Returns the names of all templates, sorted.
    pub(super) fn names(&self) -> impl Iterator<Item = &TemplateName> {
        self.declared.keys()
    }

    /// Returns the drivers that name an undeclared template, sorted by name.
    pub(super) fn unknown(&self) -> impl Iterator<Item = (&DriverName, &TemplateName)> {
        let named = self.drivers.iter();
        let named = named.filter_map(|(driver, it)| Some((driver, it.like.as_ref()?)));
        named.filter(|(_, like)| !self.declared.contains_key(*like))
    }

    /// Returns the template that sets a field of a driver, with its document.
    pub(super) fn setting(
        &self,
        driver: &str,
        field: Field,
    ) -> Option<&Declared<TemplateDeclaration>> {
        let Inheritance { like, own } = self.drivers.get(driver)?;
        let template = self.declared.get(like.as_ref()?)?;
        let is_taken = !own.contains(&field) && template.item.fields.sets(field);
        is_taken.then_some(template)
    }
}

impl Workspace {
    /// Returns the templates that documents declare, by name.
    pub fn templates(&self) -> impl Iterator<Item = &TemplateName> {
        self.templates.names()
    }

    /// Returns the template with this name.
    pub(crate) fn template(&self, name: &str) -> Option<&TemplateDeclaration> {
        Some(&self.templates.get(name)?.item)
    }

    /// Returns true if a driver of the workspace names this template.
    pub fn uses_template(&self, name: &str) -> bool {
        self.templates.used.contains(name)
    }

    /// Returns the text of a template's field, in which `{driver}` stands for the driver's name.
    /// Returns `None` if the field is not a text, or if the template does not set it.
    pub fn template_text(&self, template: &str, field: Field) -> Option<&str> {
        match self.templates.get(template)?.item.fields.values.get(field)? {
            ContractValue::Text(text) => Some(text),
            ContractValue::Number(_)
            | ContractValue::Word(_)
            | ContractValue::Capabilities(_)
            | ContractValue::Table => None,
        }
    }

    /// Returns the classes that templates set.
    pub(crate) fn template_classes(&self) -> impl Iterator<Item = DriverClass> {
        self.template_values(Field::Class).filter_map(|value| {
            let ContractValue::Word(word) = value else { return None };
            DriverClass::from_any(word)
        })
    }

    /// Returns the capabilities that templates set.
    pub(crate) fn template_capabilities(&self) -> impl Iterator<Item = DriverCapability> {
        let sets = self.template_values(Field::Capabilities).filter_map(|value| {
            let ContractValue::Capabilities(set) = value else { return None };
            Some(set.iter())
        });
        sets.flatten()
    }

    fn template_values(&self, field: Field) -> impl Iterator<Item = &ContractValue> {
        let templates = self.templates.declared.values();
        templates.filter_map(move |template| template.item.fields.values.get(field))
    }

    /// Returns the template that a driver names.
    pub fn template_of(&self, driver: &str) -> Option<&TemplateName> {
        self.templates.drivers.get(driver)?.like.as_ref()
    }

    /// Returns the declarations that set a field of a driver. Returns `None` if there is no such
    /// driver, or if no declaration sets the field.
    pub fn origin(&self, driver: &str, field: Field) -> Option<FieldOrigin> {
        let declared = self.declared_driver(driver)?;
        let own = || DeclarationId::Driver(declared.name().clone());
        let Some(Inheritance { like, own: fields }) = self.templates.drivers.get(driver) else {
            let is_set = declared.contract().is_none_or(|contract| sets(contract, field));
            let set_by = own().at(field);
            return is_set.then_some(FieldOrigin { set_by, overrides: None, like: None });
        };
        let template = like.as_ref().and_then(|like| self.templates.get(like));
        let template = template.filter(|template| template.item.fields.sets(field));
        let in_template =
            template.map(|it| DeclarationId::Template(it.item.name.clone()).at(field));
        if fields.contains(&field) {
            return Some(FieldOrigin {
                set_by: own().at(field),
                overrides: in_template,
                like: None,
            });
        }
        let like = Some(own().at(Field::Like));
        in_template.map(|set_by| FieldOrigin { set_by, overrides: None, like })
    }

    /// Merges each driver that names a template with the template, and reports errors in the
    /// result.
    pub(super) fn resolve_templates(&mut self, findings: &mut CappedFindings<Pending>) {
        let Self { drivers, templates, vocabulary, .. } = self;
        let like: Vec<_> = drivers.as_read().filter_map(templated).collect();
        let tasks: Vec<_> = like.chunks(DRIVERS_PER_CHUNK).collect();
        let resolve = |driver: &Declared<&TemplatedDriver>| {
            let name = driver.item.like.as_ref();
            resolve(driver, name.and_then(|name| templates.declared.get(name)), vocabulary)
        };
        let resolved = parallel::all(&tasks, |chunk| chunk.iter().map(resolve).collect::<Vec<_>>());
        let like = drivers.iter_mut().filter(|it| matches!(it, DriverDeclaration::Like(_)));
        for (declaration, resolved) in like.zip(resolved.into_iter().flatten()) {
            templates.drivers.insert(declaration.name().clone(), resolved.inheritance);
            *declaration = resolved.driver;
            for finding in resolved.findings {
                findings.add(finding);
            }
        }
    }
}

/// The number of drivers that a thread merges in one task.
const DRIVERS_PER_CHUNK: usize = 512;

/// The result of merging a driver with its template.
struct Resolved {
    driver: DriverDeclaration,
    inheritance: Inheritance,
    findings: Vec<Finding<Pending>>,
}

/// Returns the driver, if it names a template.
fn templated(driver: DriverEntry<'_>) -> Option<Declared<&TemplatedDriver>> {
    let Declared { source, item } = driver;
    if let DriverDeclaration::Like(item) = item { Some(Declared { source, item }) } else { None }
}

/// Merges a driver with its template, and reports errors in the result.
fn resolve(
    driver: &Declared<&TemplatedDriver>,
    template: Option<&Declared<TemplateDeclaration>>,
    vocabulary: &ProjectVocabulary,
) -> Resolved {
    let TemplatedDriver { name, fields, like } = driver.item;
    let of_template = template.map(|template| &template.item.fields);
    let inheritance = Inheritance { like: like.clone(), own: fields.set_fields().collect() };
    let mut overlay = Overlay::new(name, fields, of_template, vocabulary);
    let merged = overlay.merge();
    let Overlay { missing, invalid, lacks_retry_budget, unread, .. } = overlay;
    let is_read = fields.whole && of_template.is_some_and(|template| template.whole);
    let contract = match merged {
        Some(contract) if is_read && unread.is_empty() => {
            let driver = DriverDeclaration::Complete(contract);
            return Resolved { driver, inheritance, findings: Vec::new() };
        }
        contract => contract,
    };
    let faults = Faults { source: driver.source, name, fields, template };
    let mut findings = faults.missing(missing);
    findings.extend(invalid.into_iter().filter_map(|invalid| faults.invalid(invalid)));
    findings.extend(lacks_retry_budget.then(|| faults.retry_budget()));
    let guessed = of_template.map_or(&[][..], |template| &template.guessed).iter();
    let guessed = guessed.filter(|field| fields.values.get(**field).is_none());
    let guessed = fields.guessed.iter().chain(guessed).copied().collect();
    let class = contract.as_ref().filter(|_| !unread.contains(&Field::Class));
    let class = class.map(|contract| contract.class);
    let partial =
        contract.map(|contract| Box::new(PartialContract::new(contract, unread, guessed)));
    let driver = DriverDeclaration::Invalid { name: name.clone(), class, partial };
    Resolved { driver, inheritance, findings }
}

/// The errors that arise only when a driver is merged with its template.
struct Faults<'d> {
    source: SourceId,
    name: &'d DriverName,
    fields: &'d ContractFields,
    template: Option<&'d Declared<TemplateDeclaration>>,
}

impl Faults<'_> {
    /// Reports the missing fields of a driver, with one finding per table.
    fn missing(&self, missing: Vec<MissingField>) -> Vec<Finding<Pending>> {
        let mut tables: BTreeMap<_, Vec<_>> = BTreeMap::new();
        for MissingField { table, field, expected } in missing {
            tables.entry(table).or_default().push((field, expected));
        }
        tables.into_iter().map(|(table, keys)| self.missing_from(table, keys)).collect()
    }

    fn missing_from(&self, table: Option<Field>, keys: Vec<(Field, String)>) -> Finding<Pending> {
        let path = format!("{}.{}", Field::Driver.key(), self.name);
        let has = |fields: Option<&ContractFields>| {
            fields.zip(table).is_some_and(|(fields, table)| fields.values.get(table).is_some())
        };
        let is_own = has(Some(self.fields));
        let is_there = is_own || has(self.template.map(|template| &template.item.fields));
        let count = keys.len();
        let missing = match table {
            Some(table) if is_there => {
                MissingKeys { path: format!("{path}.{}", table.key()), absent: None, keys }
            }
            absent => MissingKeys { path, absent, keys },
        };
        let part = table.filter(|_| is_own).map_or(Part::Whole, Part::Field);
        let mut finding = missing.finding(self.at(part));
        if let Some(lines) = missing.lines_of_fix() {
            let place = self.at(Part::Additions(table));
            finding = finding.suggest(place, EditAction::InsertBelow(lines));
        }
        let label = if count == 1 { "does not set it either" } else { "does not set them either" };
        match self.template {
            Some(template) => finding.also(in_template(template, Part::Name), label),
            None => finding,
        }
    }

    /// Reports a text of the template that is invalid with the driver's name.
    fn invalid(&self, invalid: InvalidField) -> Option<Finding<Pending>> {
        let InvalidField { field, reason, expected } = invalid;
        let place = in_template(self.template?, Part::Field(field));
        let message = format!("`{}` {reason}", field.key());
        let mut finding = INVALID_TEXT
            .finding(place, message)
            .also(self.at(Part::Field(Field::Like)), format!("with the name `{}`", self.name));
        finding.inherited_by = Some(self.name.clone());
        Some(finding.help(format!("write {expected}")))
    }

    /// Reports a `retry_budget_min` without a `retry_budget_percent`, at the key
    /// `retry_budget_min`.
    fn retry_budget(&self) -> Finding<Pending> {
        let field = Field::RetryBudgetMin;
        match self.template {
            Some(template) if !self.fields.sets(field) => {
                let like = self.at(Part::Field(Field::Like));
                let place = in_template(template, Part::Field(field));
                let finding = retry_budget_incomplete(place);
                let finding = finding.also(like, taken_from(&template.item.name));
                Finding { inherited_by: Some(self.name.clone()), ..finding }
            }
            _ => retry_budget_incomplete(self.at(Part::Field(field))),
        }
    }

    fn at(&self, part: Part) -> Pending {
        let declaration = Declaration::Driver(self.name.clone());
        Pending { source: self.source, declaration, part }
    }
}

/// Returns the location of a part of a template, which is not resolved to bytes yet.
pub(super) fn in_template(template: &Declared<TemplateDeclaration>, part: Part) -> Pending {
    let declaration = Declaration::Template(template.item.name.clone());
    Pending { source: template.source, declaration, part }
}

/// Returns the label for a driver's `like`, if a finding is about a value that the template sets.
pub(super) fn taken_from(template: &TemplateName) -> String {
    format!("taken from template `{template}`")
}

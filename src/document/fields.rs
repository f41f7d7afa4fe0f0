//! Reads the fields that a template sets, and the fields that a driver with a template sets itself.
//!
//! Absent fields are not an error here: the workspace reports them once it knows the template.

use crate::{
    document::{Table, decode::parts_of, record::answer, scalars::TemplateText},
    model::{
        Bounded, Capabilities, ContractDigest, ContractValue, ContractValues, Date, DriverContract,
        DriverName, Field, Scope, StatedLatency, TemplateName, Text, Unit, Vocabulary,
        record::{Answer, Need, Record, RecordReader, Scalar, answers},
    },
    toml::value::Read,
};

/// The fields of a contract that one table sets.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ContractFields {
    /// The values that could be read.
    pub(crate) values: ContractValues,
    /// The fields whose values could not be read.
    pub(crate) unread: Vec<Field>,
    /// The fields that were read from a misspelt key, which only resembles the field's own key.
    pub(crate) guessed: Vec<Field>,
    /// Whether the table has no findings.
    pub(crate) whole: bool,
}

/// A template: the values that drivers can take from it.
#[derive(Clone, Debug)]
pub struct TemplateDeclaration {
    /// The template's name.
    pub name: TemplateName,
    /// The fields that the template sets.
    pub(crate) fields: ContractFields,
}

/// A driver that names a template.
#[derive(Clone, Debug)]
pub struct TemplatedDriver {
    /// The driver's name.
    pub name: DriverName,
    /// The template that the driver names, if the name could be read.
    pub like: Option<TemplateName>,
    /// The fields that the driver sets itself.
    pub(crate) fields: ContractFields,
}

/// The way in which the fields of a table are read.
#[derive(Clone, Copy)]
pub(super) struct FieldsOf {
    /// Whether the table is a template, whose texts can contain `{driver}`.
    pub(super) template: bool,
    /// Whether to search other tables for a key that is missing from this table.
    pub(super) search: bool,
}

/// Reads the fields that a table sets.
pub(super) fn read(table: &mut Table<'_, '_, '_>, of: FieldsOf) -> ContractFields {
    let mut reader = FieldReader { table: Some(table), of, read: ContractFields::default() };
    // The record itself is incomplete: only the reader's values count.
    _ = DriverContract::read(&mut reader);
    let FieldReader { table, mut read, .. } = reader;
    read.guessed.extend(table.iter().flat_map(|table| table.guessed()));
    read
}

struct FieldReader<'a, 'r, 't, 's> {
    /// The table. `None` if it is absent, or if the key has a value of another type.
    table: Option<&'a mut Table<'r, 't, 's>>,
    of: FieldsOf,
    read: ContractFields,
}

impl FieldReader<'_, '_, '_, '_> {
    fn ask<T: Read + Scalar>(&mut self, field: Field, need: Need) -> Answer<T> {
        let answer = self.read_value(field, need);
        self.retain(field, &answer, ContractValue::of);
        answer
    }

    fn ask_text<const MIN: usize, const MAX: usize>(
        &mut self,
        field: Field,
        need: Need,
    ) -> Answer<Text<MIN, MAX>> {
        if !self.of.template {
            return self.ask(field, need);
        }
        let answer = self.read_value(field, need);
        let text =
            |TemplateText(text): &TemplateText<MIN, MAX>| Some(ContractValue::Text(text.clone()));
        self.retain(field, &answer, text);
        Answer::Absent
    }

    fn read_value<T: Read>(&mut self, field: Field, need: Need) -> Answer<T> {
        let Some(table) = &mut self.table else { return Answer::Absent };
        answer(match need {
            Need::Required if self.of.search => table.own_or_misplaced(field),
            Need::Required | Need::Optional => table.optional(field),
        })
    }

    fn retain<T>(
        &mut self,
        field: Field,
        answer: &Answer<T>,
        value: impl Fn(&T) -> Option<ContractValue>,
    ) {
        match answer {
            Answer::Value(read) => {
                if let Some(value) = value(read) {
                    self.read.values.push(field, value);
                }
            }
            Answer::Absent => {}
            Answer::Fault => self.read.unread.push(field),
        }
    }
}

impl RecordReader for FieldReader<'_, '_, '_, '_> {
    answers!(ask, ask_text);

    /// Does nothing, because contracts have no latencies.
    fn latency<const MIN: u64>(
        &mut self,
        _field: Field,
        _need: Need,
    ) -> Answer<StatedLatency<MIN>> {
        Answer::Fault
    }

    fn after_fault<T: Scalar>(&mut self, _field: Field) -> Option<T> {
        T::stand_in()
    }

    fn after_optional_fault<T>(&mut self, _field: Field) -> Option<Option<T>> {
        Some(None)
    }

    fn name(&mut self, _field: Field) -> Option<DriverName> {
        Scalar::stand_in()
    }

    fn scope(&mut self, _field: Field) -> Option<Scope> {
        Some(Scope::All)
    }

    fn record<T: Record>(&mut self, field: Field) -> Option<T> {
        let of = self.of;
        let is_there = self.table.as_ref().is_some_and(|table| table.entry(field).is_some());
        let mut table = match &mut self.table {
            Some(table) if is_there || of.search => table.table(field, T::FIELDS),
            _ => None,
        };
        let mut inner = FieldReader { table: table.as_mut(), of, read: ContractFields::default() };
        let record = T::read(&mut inner);
        let FieldReader { table, read, .. } = inner;
        let guessed: Vec<_> = table.iter().flat_map(|table| table.guessed()).copied().collect();
        if is_there {
            self.read.values.push(field, ContractValue::Table);
        }
        match table {
            None if is_there => self.read.unread.extend_from_slice(T::FIELDS),
            _ => self.read.add(read),
        }
        self.read.guessed.extend(guessed);
        record
    }
}

impl ContractFields {
    fn add(&mut self, inner: Self) {
        self.values.extend(inner.values);
        self.unread.extend(inner.unread);
    }

    /// Returns the fields that the table sets, including tables and unreadable values.
    pub(crate) fn set_fields(&self) -> impl Iterator<Item = Field> {
        let guessed = self.guessed.iter();
        let guessed = guessed.flat_map(|field| std::iter::once(field).chain(parts_of(*field)));
        self.values.fields().chain(self.unread.iter().chain(guessed).copied())
    }

    /// Returns true if the table sets a field.
    pub(crate) fn sets(&self, field: Field) -> bool {
        self.set_fields().any(|own| own == field)
    }

    /// Returns true if the table sets a field with a value that could not be read.
    pub(crate) fn cannot_read(&self, field: Field) -> bool {
        let is_in_misplaced = |table: &Field| parts_of(*table).contains(&field);
        self.unread.contains(&field) || self.guessed.iter().any(is_in_misplaced)
    }
}

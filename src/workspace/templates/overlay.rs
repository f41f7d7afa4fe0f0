//! Merges the fields of a driver with the fields of its template. For each field, the driver takes
//! precedence.

use std::cell::Cell;

use crate::{
    document::{ContractFields, record::is_retry_budget_incomplete},
    model::{
        Bounded, Capabilities, ContractDigest, ContractValue, DRIVER_PLACEHOLDER, Date,
        DriverContract, DriverName, Field, InvalidText, ProjectVocabulary, Scope, StatedLatency,
        Text, Unit, Vocabulary,
        record::{Answer, Need, Record, RecordReader, Scalar},
    },
    toml::value::Read,
};

/// A required field that neither the driver nor its template sets.
#[derive(Debug)]
pub(super) struct MissingField {
    /// The table of the field, or `None` for the driver's own table.
    pub(super) table: Option<Field>,
    pub(super) field: Field,
    /// The expected value, in words.
    pub(super) expected: String,
}

/// A text of the template that becomes invalid when the driver's name is inserted.
#[derive(Debug)]
pub(super) struct InvalidField {
    pub(super) field: Field,
    pub(super) reason: InvalidText,
    /// The expected value, in words.
    pub(super) expected: String,
}

/// The fields of one driver and its template, and the faults that arise only when the two are
/// merged.
pub(super) struct Overlay<'f> {
    name: &'f DriverName,
    own: &'f ContractFields,
    /// The template, or `None` if it is unknown.
    template: Option<&'f ContractFields>,
    vocabulary: &'f ProjectVocabulary,
    /// The positions of the last values that a search found: in the driver, then in the template.
    places: [Cell<usize>; 2],
    /// The table that is being read.
    table: Option<Field>,
    pub(super) missing: Vec<MissingField>,
    pub(super) invalid: Vec<InvalidField>,
    /// Whether `retry_budget_min` is set without a `retry_budget_percent`.
    pub(super) lacks_retry_budget: bool,
    /// The fields without a known value.
    pub(super) unread: Vec<Field>,
}

/// The result of a search for a field in the driver and its template.
enum Found<'f> {
    Own(&'f ContractValue),
    Template(&'f ContractValue),
    Absent,
    /// The value is not known: it could not be read, or the template is not known.
    Unread,
}

impl<'f> Overlay<'f> {
    pub(super) fn new(
        name: &'f DriverName,
        own: &'f ContractFields,
        template: Option<&'f ContractFields>,
        vocabulary: &'f ProjectVocabulary,
    ) -> Self {
        let (missing, invalid, unread) = Default::default();
        Self {
            name,
            own,
            template,
            vocabulary,
            places: Default::default(),
            table: None,
            missing,
            invalid,
            lacks_retry_budget: false,
            unread,
        }
    }

    /// Merges the contract. Fields without a known value have arbitrary values.
    pub(super) fn merge(&mut self) -> Option<DriverContract> {
        DriverContract::read(self)
    }

    /// Returns true if the driver or its template sets a field.
    fn sets(&self, field: Field) -> bool {
        !matches!(self.find(field), Found::Absent)
    }

    fn find(&self, field: Field) -> Found<'f> {
        let (own, template) = (self.own, self.template);
        let [own_place, template_place] = &self.places;
        match own.values.get_near(field, own_place) {
            Some(value) => Found::Own(value),
            None if own.cannot_read(field) => Found::Unread,
            None => match template
                .map(|template| (template, template.values.get_near(field, template_place)))
            {
                None => Found::Unread,
                Some((_, Some(value))) => Found::Template(value),
                Some((template, None)) if template.cannot_read(field) => Found::Unread,
                Some((_, None)) => Found::Absent,
            },
        }
    }

    /// Converts the value of a field, and records the field if it is missing.
    fn ask<T: Read>(
        &mut self,
        field: Field,
        need: Need,
        value: impl FnOnce(&ContractValue) -> Option<T>,
    ) -> Answer<T> {
        match self.find(field) {
            Found::Own(found) | Found::Template(found) => {
                value(found).map_or(Answer::Fault, Answer::Value)
            }
            Found::Unread => Answer::Fault,
            Found::Absent => {
                if need == Need::Required {
                    let (table, expected) = (self.table, T::expected_in(self.vocabulary));
                    self.missing.push(MissingField { table, field, expected });
                }
                Answer::Absent
            }
        }
    }
}

impl RecordReader for Overlay<'_> {
    fn number<U: Unit, const MIN: u64, const MAX: u64>(
        &mut self,
        field: Field,
        need: Need,
    ) -> Answer<Bounded<U, MIN, MAX>> {
        self.ask(field, need, |value| {
            if let ContractValue::Number(number) = value {
                Bounded::new(*number).ok()
            } else {
                None
            }
        })
    }

    fn word<V: Vocabulary>(&mut self, field: Field, need: Need) -> Answer<V> {
        self.ask(field, need, |value| {
            if let ContractValue::Word(word) = value { V::from_any(word) } else { None }
        })
    }

    fn text<const MIN: usize, const MAX: usize>(
        &mut self,
        field: Field,
        need: Need,
    ) -> Answer<Text<MIN, MAX>> {
        if let Found::Template(ContractValue::Text(text)) = self.find(field)
            && text.contains(DRIVER_PLACEHOLDER)
        {
            return match Text::new(text.replace(DRIVER_PLACEHOLDER, self.name)) {
                Ok(text) => Answer::Value(text),
                Err(reason) => {
                    let expected = Text::<MIN, MAX>::expected();
                    self.invalid.push(InvalidField { field, reason, expected });
                    Answer::Fault
                }
            };
        }
        self.ask(field, need, |value| {
            if let ContractValue::Text(text) = value { Text::new(text).ok() } else { None }
        })
    }

    fn capabilities(&mut self, field: Field, need: Need) -> Answer<Capabilities> {
        self.ask(field, need, |value| {
            if let ContractValue::Capabilities(capabilities) = value {
                Some(capabilities.clone())
            } else {
                None
            }
        })
    }

    fn latency<const MIN: u64>(
        &mut self,
        _field: Field,
        _need: Need,
    ) -> Answer<StatedLatency<MIN>> {
        Answer::Fault
    }

    fn driver_name(&mut self, _field: Field, _need: Need) -> Answer<DriverName> {
        Answer::Fault
    }

    fn date(&mut self, _field: Field, _need: Need) -> Answer<Date> {
        Answer::Fault
    }

    fn digest(&mut self, _field: Field, _need: Need) -> Answer<ContractDigest> {
        Answer::Fault
    }

    fn after_fault<T: Scalar>(&mut self, field: Field) -> Option<T> {
        self.unread.push(field);
        T::stand_in()
    }

    fn after_optional_fault<T>(&mut self, field: Field) -> Option<Option<T>> {
        self.unread.push(field);
        Some(None)
    }

    fn name(&mut self, _field: Field) -> Option<DriverName> {
        Some(self.name.clone())
    }

    fn scope(&mut self, _field: Field) -> Option<Scope> {
        Some(Scope::All)
    }

    fn record<T: Record>(&mut self, field: Field) -> Option<T> {
        self.table = Some(field);
        let record = T::read(self);
        self.table = None;
        if field == Field::RetryPolicy && is_retry_budget_incomplete(|field| self.sets(field)) {
            self.lacks_retry_budget = true;
            self.unread.push(Field::RetryBudgetPercent);
        }
        record
    }
}

//! Reads records from tables. Reports each invalid value and continues with a placeholder.

use crate::{
    document::{
        Table,
        scopes::Header,
        server::read_instances,
        workload::{burst::read_burst, operations::read_operations, trigger::read_trigger},
    },
    finding::Finding,
    model::{
        BenchmarkProfile, Bounded, Burst, Capabilities, ContractDigest, Date, DriverName, Field,
        Instances, Operations, Scope, Seeds, StatedLatency, Text, Trigger, Unit, Vocabulary,
        record::{Answer, Need, Record, RecordReader, Scalar, answers},
    },
    source::Span,
    toml::{rules::MISSING_KEY, value::Read},
};

/// The result of reading a record.
pub(super) struct ReadRecord<T> {
    /// The record, with arbitrary values for the unread fields.
    pub(super) record: Option<T>,
    /// The fields that could not be read.
    pub(super) unread: Vec<Field>,
    /// The fields that were read from another key.
    pub(super) guessed: Vec<Field>,
}

/// Reads a table whose header specifies the profile and the scope.
pub(super) fn read<T: Record>(table: &mut Table<'_, '_, '_>, header: Header) -> ReadRecord<T> {
    let mut reader = TableReader::new(Some(table));
    reader.header = header;
    let record = T::read(&mut reader);
    reader.finish(record)
}

/// Reads the table of a driver.
pub(super) fn read_named<T: Record>(
    table: &mut Table<'_, '_, '_>,
    name: Option<DriverName>,
) -> ReadRecord<T> {
    let mut reader = TableReader::new(Some(table));
    reader.name = name;
    let record = T::read(&mut reader);
    reader.finish(record)
}

struct TableReader<'a, 'r, 't, 's> {
    /// The table. `None` if the key has a value of another type.
    table: Option<&'a mut Table<'r, 't, 's>>,
    name: Option<DriverName>,
    header: Header,
    unread: Vec<Field>,
    guessed: Vec<Field>,
    /// The findings about absent tables, which follow the findings about keys.
    absent: Vec<Finding<Span>>,
}

impl<'a, 'r, 't, 's> TableReader<'a, 'r, 't, 's> {
    fn new(table: Option<&'a mut Table<'r, 't, 's>>) -> Self {
        Self {
            table,
            name: None,
            header: Header::default(),
            unread: Vec::new(),
            guessed: Vec::new(),
            absent: Vec::new(),
        }
    }

    fn ask<T: Read>(&mut self, field: Field, need: Need) -> Answer<T> {
        let Some(table) = &mut self.table else { return Answer::Fault };
        match need {
            Need::Required => table.required(field).map_or(Answer::Fault, Answer::Value),
            Need::Optional => answer(table.optional(field)),
        }
    }

    /// Reads a latency from the key that the table contains.
    fn ask_latency<const MIN: u64>(
        &mut self,
        field: Field,
        need: Need,
    ) -> Answer<StatedLatency<MIN>> {
        let is_twin = self.table.as_ref().is_some_and(|table| table.has_twin(field));
        if is_twin {
            return self.ask(field, need).map(StatedLatency::of_micros);
        }
        self.ask(field, need).map(StatedLatency::of_millis)
    }

    /// Reports a `retry_budget_min` without a `retry_budget_percent`.
    fn require_retry_budget(&mut self) {
        let Some(table) = &mut self.table else { return };
        let has = |field| table.entry(field).is_some() || table.guessed().contains(&field);
        if !is_retry_budget_incomplete(has) {
            return;
        }
        table.findings.push(retry_budget_incomplete(table.place(Field::RetryBudgetMin)));
        self.unread.push(Field::RetryBudgetPercent);
    }

    /// Reports the missing keys.
    fn finish<T>(mut self, record: Option<T>) -> ReadRecord<T> {
        if let Some(table) = &mut self.table {
            table.report_missing();
            table.findings.extend(self.absent);
            self.guessed.extend_from_slice(table.guessed());
        }
        ReadRecord { record, unread: self.unread, guessed: self.guessed }
    }
}

/// Returns true if there is a `retry_budget_min` without a `retry_budget_percent`.
pub(crate) fn is_retry_budget_incomplete(has: impl Fn(Field) -> bool) -> bool {
    has(Field::RetryBudgetMin) && !has(Field::RetryBudgetPercent)
}

/// Reports a `retry_budget_min` without a `retry_budget_percent`.
#[cold]
pub(crate) fn retry_budget_incomplete<P>(place: P) -> Finding<P> {
    MISSING_KEY
        .finding(place, "`retry_budget_min` requires `retry_budget_percent`")
        .help("add `retry_budget_percent = 20`, or delete `retry_budget_min`")
}

#[expect(clippy::option_option, reason = "absent and wrong are two different things")]
pub(super) fn answer<T>(value: Option<Option<T>>) -> Answer<T> {
    value.map_or(Answer::Fault, |value| value.map_or(Answer::Absent, Answer::Value))
}

impl RecordReader for TableReader<'_, '_, '_, '_> {
    answers!(ask);

    fn latency<const MIN: u64>(&mut self, field: Field, need: Need) -> Answer<StatedLatency<MIN>> {
        self.ask_latency(field, need)
    }

    fn flag(&mut self, field: Field, need: Need) -> Answer<bool> {
        self.ask(field, need)
    }

    fn seeds(&mut self, field: Field, need: Need) -> Answer<Seeds> {
        self.ask(field, need)
    }

    fn burst(&mut self, _field: Field, _need: Need) -> Answer<Burst> {
        self.table.as_mut().map_or(Answer::Fault, |table| answer(read_burst(table)))
    }

    fn trigger(&mut self, _field: Field, _need: Need) -> Answer<Trigger> {
        self.table.as_mut().map_or(Answer::Fault, |table| answer(read_trigger(table)))
    }

    fn operations(&mut self, _field: Field, _need: Need) -> Answer<Operations> {
        self.table.as_mut().map_or(Answer::Fault, |table| answer(read_operations(table)))
    }

    fn instances(&mut self, _field: Field, _need: Need) -> Answer<Instances> {
        self.table.as_mut().map_or(Answer::Fault, |table| read_instances(table))
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
        self.name.take().or_else(Scalar::stand_in)
    }

    fn profile(&mut self, _field: Field) -> Option<BenchmarkProfile> {
        self.header.profile.or_else(Scalar::stand_in)
    }

    fn scope(&mut self, _field: Field) -> Option<Scope> {
        Some(self.header.scope.take().unwrap_or(Scope::All))
    }

    fn record<T: Record>(&mut self, field: Field) -> Option<T> {
        let is_there = self.table.as_ref().is_some_and(|table| table.entry(field).is_some());
        let mut table = self.table.as_mut().and_then(|table| table.table(field, T::FIELDS));
        let mut reader = TableReader::new(table.as_mut());
        let record = T::read(&mut reader);
        if let Some(table) = reader.table.as_mut().filter(|_| !is_there) {
            self.absent.extend(table.missing());
        }
        if field == Field::RetryPolicy {
            reader.require_retry_budget();
        }
        let ReadRecord { record, unread, guessed } = reader.finish(record);
        self.unread.extend(unread);
        self.guessed.extend(guessed);
        record
    }
}

//! Records: the only description of the fields of a declaration.
//!
//! A record names its fields in canonical order, can be read from any [`RecordReader`] and written
//! to any [`RecordWriter`]. Every codec is a reader or a writer. This module is independent of all
//! formats.

use crate::model::{
    BenchmarkProfile, Bounded, Burst, Capabilities, ContractDigest, Date, DriverName, Field,
    Instances, LatencyUnit, Operations, Scope, Seeds, ServerName, StatedLatency, Text, Trigger,
    Unit, Vocabulary,
};

/// A declaration, or a table in a declaration.
pub(crate) trait Record: Sized {
    /// All fields, in canonical order.
    const FIELDS: &'static [Field];

    /// Reads the fields in canonical order. Returns `None` if the reader stops at an error.
    fn read(reader: &mut impl RecordReader) -> Option<Self>;

    /// Writes the fields in canonical order, including fields without a value.
    fn write<'r>(&'r self, writer: &mut impl RecordWriter<'r>);
}

/// Describes the fields of a record in canonical order: how to read and write each field, its name
/// in the struct, and its [`Field`].
macro_rules! record {
    ($record:ident { $($kind:ident $name:ident = $field:ident,)* }) => {
        impl $crate::model::record::Record for $record {
            const FIELDS: &'static [$crate::model::Field] = &[$($crate::model::Field::$field),*];

            fn read(reader: &mut impl $crate::model::record::RecordReader) -> Option<Self> {
                Some(Self { $($name: reader.$kind($crate::model::Field::$field)?,)* })
            }

            fn write<'r>(&'r self, writer: &mut impl $crate::model::record::RecordWriter<'r>) {
                let Self { $($name),* } = self;
                $(writer.$kind($crate::model::Field::$field, $name);)*
            }
        }
    };
}
pub(crate) use record;

/// The requirement of a field: it must have a value, or it can have a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Need {
    Required,
    Optional,
}

/// The result of reading one field.
#[derive(Debug)]
pub(crate) enum Answer<T> {
    Value(T),
    /// An optional field has no value.
    Absent,
    /// The value is invalid, which the reader reports.
    Fault,
}

impl<T> Answer<T> {
    /// Converts the value.
    pub(crate) fn map<R>(self, convert: impl FnOnce(T) -> R) -> Answer<R> {
        match self {
            Self::Value(value) => Answer::Value(convert(value)),
            Self::Absent => Answer::Absent,
            Self::Fault => Answer::Fault,
        }
    }
}

/// A format from which records are read.
///
/// A reader that reports every error returns a [stand-in](Scalar::stand_in) and continues. A reader
/// that stores only the first error returns `None` for all later fields.
pub(crate) trait RecordReader: Sized {
    fn number<U: Unit, const MIN: u64, const MAX: u64>(
        &mut self,
        field: Field,
        need: Need,
    ) -> Answer<Bounded<U, MIN, MAX>>;
    /// Reads a latency in one of its two units.
    fn latency<const MIN: u64>(&mut self, field: Field, need: Need) -> Answer<StatedLatency<MIN>>;
    fn word<V: Vocabulary>(&mut self, field: Field, need: Need) -> Answer<V>;
    fn text<const MIN: usize, const MAX: usize>(
        &mut self,
        field: Field,
        need: Need,
    ) -> Answer<Text<MIN, MAX>>;
    fn driver_name(&mut self, field: Field, need: Need) -> Answer<DriverName>;
    fn capabilities(&mut self, field: Field, need: Need) -> Answer<Capabilities>;
    fn date(&mut self, field: Field, need: Need) -> Answer<Date>;
    fn digest(&mut self, field: Field, need: Need) -> Answer<ContractDigest>;

    /// Reads a flag. Only documents contain flags.
    fn flag(&mut self, _field: Field, _need: Need) -> Answer<bool> {
        Answer::Fault
    }

    /// Reads seeds. Only documents contain seeds.
    fn seeds(&mut self, _field: Field, _need: Need) -> Answer<Seeds> {
        Answer::Fault
    }

    /// Reads a burst. Only documents contain bursts.
    fn burst(&mut self, _field: Field, _need: Need) -> Answer<Burst> {
        Answer::Fault
    }

    /// Reads a trigger. Only documents contain triggers.
    fn trigger(&mut self, _field: Field, _need: Need) -> Answer<Trigger> {
        Answer::Fault
    }

    /// Reads operations. Only documents contain operations.
    fn operations(&mut self, _field: Field, _need: Need) -> Answer<Operations> {
        Answer::Fault
    }

    /// Reads the instances of a server. Only documents contain instances.
    fn instances(&mut self, _field: Field, _need: Need) -> Answer<Instances> {
        Answer::Fault
    }

    /// Returns the value with which the reader continues after an error in a required field.
    fn after_fault<T: Scalar>(&mut self, field: Field) -> Option<T>;

    /// Returns the value with which the reader continues after an error in an optional field.
    #[expect(clippy::option_option, reason = "the outer `None` ends the reading of the record")]
    fn after_optional_fault<T>(&mut self, field: Field) -> Option<Option<T>>;

    /// Reads the driver's name, which is in a header in documents.
    fn name(&mut self, field: Field) -> Option<DriverName> {
        self.required(field)
    }

    /// Reads the server's name, which is in a header in documents.
    fn server_name(&mut self, field: Field) -> Option<ServerName> {
        self.name(field).map(ServerName::from)
    }

    /// Reads the profile of a scope, which is in a header in documents.
    fn profile(&mut self, field: Field) -> Option<BenchmarkProfile> {
        self.required(field)
    }

    /// Reads the scope, which is in a header in documents.
    fn scope(&mut self, field: Field) -> Option<Scope>;

    /// Reads a field that must have a value.
    fn required<T: Scalar>(&mut self, field: Field) -> Option<T> {
        match T::read(self, field, Need::Required) {
            Answer::Value(value) => Some(value),
            Answer::Absent | Answer::Fault => self.after_fault(field),
        }
    }

    /// Reads a field that can have a value.
    #[expect(clippy::option_option, reason = "the outer `None` ends the reading of the record")]
    fn optional<T: Scalar>(&mut self, field: Field) -> Option<Option<T>> {
        match T::read(self, field, Need::Optional) {
            Answer::Value(value) => Some(Some(value)),
            Answer::Absent => Some(None),
            Answer::Fault => self.after_optional_fault(field),
        }
    }

    /// Reads a table that is a record.
    fn record<T: Record>(&mut self, field: Field) -> Option<T>;
}

/// A format to which records are written.
pub(crate) trait RecordWriter<'r>: Sized {
    /// Writes a field of the record, or of a table in it. `None` means that an optional field has
    /// no value.
    fn value(&mut self, field: Field, literal: Option<Literal<'r>>);

    /// Writes the driver's name.
    fn name(&mut self, field: Field, name: &'r DriverName) {
        self.required(field, name);
    }

    /// Writes the server's name.
    fn server_name(&mut self, field: Field, name: &'r ServerName) {
        self.value(field, Some(Literal::Text(name)));
    }

    /// Writes the profile of a scope.
    fn profile(&mut self, field: Field, profile: &'r BenchmarkProfile) {
        self.required(field, profile);
    }

    /// Writes the scope.
    fn scope(&mut self, field: Field, scope: &'r Scope) {
        self.value(field, Some(Literal::Scope(scope)));
    }

    /// Writes a field that must have a value.
    fn required<T: Scalar>(&mut self, field: Field, value: &'r T) {
        self.value(field, Some(value.literal()));
    }

    /// Writes a field that can have a value.
    #[expect(clippy::ref_option, reason = "all fields of a record are written by reference")]
    fn optional<T: Scalar>(&mut self, field: Field, value: &'r Option<T>) {
        self.value(field, value.as_ref().map(Scalar::literal));
    }

    /// Writes a table that is a record.
    fn record(&mut self, _field: Field, record: &'r impl Record) {
        record.write(self);
    }
}

/// Returns the fields of a record and of the tables in it, with their values, in canonical order.
pub(crate) fn fields(record: &impl Record) -> Vec<(Field, Option<Literal<'_>>)> {
    struct Fields<'r>(Vec<(Field, Option<Literal<'r>>)>);

    impl<'r> RecordWriter<'r> for Fields<'r> {
        fn value(&mut self, field: Field, literal: Option<Literal<'r>>) {
            self.0.push((field, literal));
        }
    }

    let mut fields = Fields(Vec::new());
    record.write(&mut fields);
    fields.0
}

/// A value that every format can write.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Literal<'r> {
    /// A number, with its unit. The unit starts with a space.
    Number(u64, &'static str),
    /// A latency in microseconds, and the unit in which it is stated.
    Latency(u64, LatencyUnit),
    Flag(bool),
    Word(&'r str),
    Text(&'r str),
    Date(Date),
    Digest(ContractDigest),
    Capabilities(&'r Capabilities),
    Scope(&'r Scope),
    Seeds(&'r Seeds),
    Burst(&'r Burst),
    Trigger(&'r Trigger),
    Operations(&'r Operations),
    Instances(&'r Instances),
}

/// The value of one field.
pub(crate) trait Scalar: Sized {
    /// Reads a value of this type.
    fn read(reader: &mut impl RecordReader, field: Field, need: Need) -> Answer<Self>;

    /// Returns the value in a form that every writer accepts.
    fn literal(&self) -> Literal<'_>;

    /// Returns a value for a field that was not read, or `None` for a type that is never required.
    fn stand_in() -> Option<Self>;
}

/// Implements [`Scalar`] with the reader's method, the literal and the stand-in.
macro_rules! scalar {
    ([$($generics:tt)*] $type:ty, $ask:ident, |$value:ident| $literal:expr, $stand_in:expr) => {
        impl<$($generics)*> Scalar for $type {
            fn read(reader: &mut impl RecordReader, field: Field, need: Need) -> Answer<Self> {
                reader.$ask(field, need)
            }

            fn literal(&self) -> Literal<'_> {
                let $value = self;
                $literal
            }

            fn stand_in() -> Option<Self> {
                $stand_in
            }
        }
    };
}

scalar!([U: Unit, const MIN: u64, const MAX: u64] Bounded<U, MIN, MAX>, number,
    |number| Literal::Number(number.get(), U::SUFFIX), Some(Self::LEAST));
scalar!([const MIN: u64] StatedLatency<MIN>, latency,
    |latency| Literal::Latency(latency.us(), latency.unit()), Some(Self::LEAST));
scalar!([V: Vocabulary] V, word, |word| Literal::Word(word.word()), V::ALL.first().copied());
scalar!([const MIN: usize, const MAX: usize] Text<MIN, MAX>, text,
    |text| Literal::Text(text), Some(Self::unread()));
scalar!([] DriverName, driver_name, |name| Literal::Text(name), Self::new("unread").ok());
scalar!([] Capabilities, capabilities, |it| Literal::Capabilities(it), Some(Self::default()));
scalar!([] Date, date, |date| Literal::Date(*date), Some(Self::from_unix_days(0)));
scalar!([] ContractDigest, digest, |digest| Literal::Digest(*digest), None);
scalar!([] bool, flag, |flag| Literal::Flag(*flag), None);
scalar!([] Seeds, seeds, |seeds| Literal::Seeds(seeds), None);
scalar!([] Burst, burst, |burst| Literal::Burst(burst), None);
scalar!([] Trigger, trigger, |trigger| Literal::Trigger(trigger), None);
scalar!([] Operations, operations, |operations| Literal::Operations(operations), None);
scalar!([] Instances, instances, |instances| Literal::Instances(instances),
    DriverName::new("unread").ok().map(Instances::one_of));

/// Implements the [`RecordReader`] methods for all types of values through one generic method of
/// the reader. A reader that reads texts differently names a second method for texts.
macro_rules! answers {
    ($ask:ident) => {
        $crate::model::record::answers!($ask, $ask);
    };
    ($ask:ident, $ask_text:ident) => {
        fn number<U: Unit, const MIN: u64, const MAX: u64>(
            &mut self,
            field: Field,
            need: Need,
        ) -> Answer<Bounded<U, MIN, MAX>> {
            self.$ask(field, need)
        }

        fn word<V: Vocabulary>(&mut self, field: Field, need: Need) -> Answer<V> {
            self.$ask(field, need)
        }

        fn text<const MIN: usize, const MAX: usize>(
            &mut self,
            field: Field,
            need: Need,
        ) -> Answer<Text<MIN, MAX>> {
            self.$ask_text(field, need)
        }

        fn driver_name(&mut self, field: Field, need: Need) -> Answer<DriverName> {
            self.$ask(field, need)
        }

        fn capabilities(&mut self, field: Field, need: Need) -> Answer<Capabilities> {
            self.$ask(field, need)
        }

        fn date(&mut self, field: Field, need: Need) -> Answer<Date> {
            self.$ask(field, need)
        }

        fn digest(&mut self, field: Field, need: Need) -> Answer<ContractDigest> {
            self.$ask(field, need)
        }
    };
}
pub(crate) use answers;

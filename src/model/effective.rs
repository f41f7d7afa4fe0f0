//! The values of one driver, merged from the scopes that declare them.

use crate::model::{
    BenchmarkProfile, DeclaredBudget, DeclaredWorkload, Field, Scope,
    record::{Literal, Record, RecordWriter},
};

/// A declaration that is for the drivers of one scope under one profile.
pub trait Scoped {
    /// The kind of load.
    fn profile(&self) -> BenchmarkProfile;

    /// The drivers that the values are for.
    fn scope(&self) -> &Scope;
}

impl Scoped for DeclaredBudget {
    fn profile(&self) -> BenchmarkProfile {
        self.profile
    }

    fn scope(&self) -> &Scope {
        &self.scope
    }
}

impl Scoped for DeclaredWorkload {
    fn profile(&self) -> BenchmarkProfile {
        self.profile
    }

    fn scope(&self) -> &Scope {
        &self.scope
    }
}

/// A value with the scope that set it.
#[derive(Debug, PartialEq, Eq)]
pub struct ScopedValue<'a, T, D = DeclaredBudget> {
    /// The value.
    pub value: T,
    /// The narrowest declared scope that sets it.
    pub set_by: &'a D,
}

// Derived, these would ask the same of the scope, which is only referred to.
impl<T: Copy, D> Copy for ScopedValue<'_, T, D> {}

impl<T: Clone, D> Clone for ScopedValue<'_, T, D> {
    fn clone(&self) -> Self {
        Self { value: self.value.clone(), set_by: self.set_by }
    }
}

impl<T, D: Scoped> ScopedValue<'_, T, D> {
    /// Whether the value is the driver's own, and not one that other drivers share.
    pub fn is_own(&self) -> bool {
        matches!(self.set_by.scope(), Scope::Driver(_))
    }
}

/// What results for one driver under one profile: the narrower scope wins, value by value, lists as
/// a whole.
#[derive(Debug, PartialEq, Eq)]
pub struct Effective<'a, D> {
    /// The kind of load.
    pub profile: BenchmarkProfile,
    /// The narrowest declared scope, even where it sets no value.
    pub narrowest: &'a D,
    /// The next wider scopes.
    wider: [Option<&'a D>; 2],
}

// Derived, these would ask the same of the scopes, which are only referred to.
impl<D> Copy for Effective<'_, D> {}

impl<D> Clone for Effective<'_, D> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<'a, D: Scoped> Effective<'a, D> {
    /// Merges the declared scopes of one driver, at most three, given from the widest to the
    /// narrowest as in [`Scope::chain`]. Scopes of another profile do not count; none where no
    /// scope is left.
    pub fn merge(
        profile: BenchmarkProfile,
        scopes: impl IntoIterator<Item = &'a D>,
    ) -> Option<Self> {
        scopes.into_iter().filter(|declared| declared.profile() == profile).fold(
            None,
            |merged: Option<Self>, narrowest| {
                let wider = merged.map_or([None; 2], |it| [Some(it.narrowest), it.wider[0]]);
                Some(Self { profile, narrowest, wider })
            },
        )
    }

    /// The declared scopes, the narrowest first.
    pub fn iter(&self) -> impl Iterator<Item = &'a D> + use<'a, D> {
        std::iter::once(self.narrowest).chain(self.wider.into_iter().flatten())
    }

    /// A value, and the scope that answered for it.
    pub fn setting<T>(&self, value: impl Fn(&'a D) -> Option<T>) -> Option<ScopedValue<'a, T, D>> {
        self.iter().find_map(|set_by| Some(ScopedValue { value: value(set_by)?, set_by }))
    }

    /// The scope that answers for a field, if one does.
    pub(crate) fn origin(&self, field: Field) -> Option<&'a D>
    where
        D: Record,
    {
        self.iter().find(|declared| sets(*declared, field))
    }
}

/// Whether a record has a value of this field.
pub(crate) fn sets(record: &impl Record, field: Field) -> bool {
    struct Search(Field, bool);

    impl<'r> RecordWriter<'r> for Search {
        fn value(&mut self, field: Field, literal: Option<Literal<'r>>) {
            self.1 |= field == self.0 && literal.is_some();
        }
    }

    let mut search = Search(field, false);
    record.write(&mut search);
    search.1
}

//! The values of one driver, merged from the scopes that declare them.

use crate::model::{
    BenchmarkProfile, DeclaredBudget, DeclaredWorkload, Field, Scope,
    record::{Literal, Record, RecordWriter},
};

/// A declaration for the drivers of one scope and one profile.
pub trait Scoped {
    /// Returns the profile.
    fn profile(&self) -> BenchmarkProfile;

    /// Returns the drivers that the values apply to.
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
    /// The narrowest declared scope that sets the value.
    pub set_by: &'a D,
}

// Derived implementations would require them of the scope, which is only a reference.
impl<T: Copy, D> Copy for ScopedValue<'_, T, D> {}

impl<T: Clone, D> Clone for ScopedValue<'_, T, D> {
    fn clone(&self) -> Self {
        Self { value: self.value.clone(), set_by: self.set_by }
    }
}

impl<T, D: Scoped> ScopedValue<'_, T, D> {
    /// Returns true if the driver's own scope sets the value, so that the value applies to no other
    /// driver.
    pub fn is_own(&self) -> bool {
        matches!(self.set_by.scope(), Scope::Driver(_))
    }
}

/// The effective values of one driver and profile. The narrowest scope wins, value by value. A list
/// counts as one value.
#[derive(Debug, PartialEq, Eq)]
pub struct Effective<'a, D> {
    /// The profile.
    pub profile: BenchmarkProfile,
    /// The narrowest declared scope, even if it sets no value.
    pub narrowest: &'a D,
    /// The wider declared scopes, from the narrower to the wider.
    wider: [Option<&'a D>; 2],
}

// Derived implementations would require them of the scopes, which are only references.
impl<D> Copy for Effective<'_, D> {}

impl<D> Clone for Effective<'_, D> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<'a, D: Scoped> Effective<'a, D> {
    /// Merges the declared scopes of one driver, from the widest to the narrowest. There are at
    /// most three: see [`Scope::chain`]. Ignores scopes of other profiles. Returns `None` if no
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

    /// Returns the declared scopes, the narrowest first.
    pub fn iter(&self) -> impl Iterator<Item = &'a D> + use<'a, D> {
        std::iter::once(self.narrowest).chain(self.wider.into_iter().flatten())
    }

    /// Returns a value and the scope that sets it.
    pub fn setting<T>(&self, value: impl Fn(&'a D) -> Option<T>) -> Option<ScopedValue<'a, T, D>> {
        self.iter().find_map(|set_by| Some(ScopedValue { value: value(set_by)?, set_by }))
    }

    /// Returns the scope that sets a field.
    pub(crate) fn origin(&self, field: Field) -> Option<&'a D>
    where
        D: Record,
    {
        self.iter().find(|declared| sets(*declared, field))
    }
}

/// Returns true if a record has a value for this field.
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

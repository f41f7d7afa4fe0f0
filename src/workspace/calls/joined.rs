//! Lists calls with their callers and the contracts of their drivers.

use super::{super::Workspace, Ends, From};
use crate::{
    document::CallDeclaration,
    finding::{ContractPath, DeclarationId},
    model::{Call, Caller, DriverContract, DriverName, Field},
    source::SourceId,
};

/// A call with its caller and the contract of its driver.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct JoinedCall<'w> {
    /// The index of the call. See [`DeclarationId::Call`].
    pub number: usize,
    /// The call.
    pub call: &'w Call,
    /// The caller.
    pub from: CallEnd<'w>,
    /// The contract of the driver that is called.
    pub to: &'w DriverContract,
    /// The numbers of the caller and of the driver, each below [`Workspace::call_nodes`].
    pub nodes: [u32; 2],
}

/// The declaration that a call comes from.
#[derive(Clone, Copy, Debug)]
pub enum CallEnd<'w> {
    /// A driver.
    Driver(&'w DriverContract),
    /// A caller that is not a driver.
    Caller(&'w Caller),
}

impl<'w> CallEnd<'w> {
    /// Returns the caller's name.
    pub const fn name(self) -> &'w DriverName {
        match self {
            Self::Driver(contract) => &contract.name,
            Self::Caller(caller) => &caller.name,
        }
    }

    /// Returns the time after which the caller gives up on one attempt, in milliseconds.
    pub const fn attempt_ms(self) -> u64 {
        match self {
            Self::Driver(contract) => contract.timeout_policy.request_ms.get(),
            Self::Caller(caller) => caller.attempt_ms.get(),
        }
    }

    /// Returns the maximum number of attempts.
    pub const fn max_attempts(self) -> u64 {
        match self {
            Self::Driver(contract) => contract.retry_policy.max_attempts.get(),
            Self::Caller(caller) => caller.max_attempts.get(),
        }
    }

    /// Returns the key that limits the time of one attempt.
    pub const fn attempt_field(self) -> Field {
        match self {
            Self::Driver(_) => Field::RequestMs,
            Self::Caller(_) => Field::AttemptMs,
        }
    }

    /// Returns the path of the key that limits the time of one attempt.
    pub fn at_attempt(self) -> ContractPath {
        self.id().at(self.attempt_field())
    }

    /// Returns the path of the key that limits the number of attempts.
    pub fn at_attempts(self) -> ContractPath {
        self.id().at(match self {
            Self::Driver(_) => Field::MaxAttempts,
            Self::Caller(_) => Field::CallerAttempts,
        })
    }

    /// Returns the id of the declaration.
    pub fn id(self) -> DeclarationId {
        match self {
            Self::Driver(contract) => DeclarationId::Driver(contract.name.clone()),
            Self::Caller(caller) => DeclarationId::Caller(caller.name.clone()),
        }
    }
}

impl JoinedCall<'_> {
    /// Returns the id of the call's declaration.
    pub const fn id(&self) -> DeclarationId {
        DeclarationId::Call(self.number)
    }

    /// Returns the path of a field of the call.
    pub const fn at(&self, field: Field) -> ContractPath {
        self.id().at(field)
    }

    /// Returns the longest time of the call, in milliseconds.
    pub fn worst_case_ms(&self) -> u64 {
        self.call.worst_case_ms(self.to.worst_case_ms())
    }

    /// Returns true if the call can take longer than the caller waits.
    pub fn outlasts_caller(&self) -> bool {
        self.worst_case_ms() > self.from.attempt_ms()
    }
}

impl Workspace {
    /// Returns the calls whose two ends are valid, by file, then by position. Leaves out calls that
    /// repeat another call.
    pub fn joined_calls(&self) -> impl Iterator<Item = JoinedCall<'_>> {
        let calls = self.calls.declared.iter().zip(&self.calls.ends).enumerate();
        calls.filter_map(|(number, (call, ends))| {
            let CallDeclaration::Complete(call) = &call.item else { return None };
            self.joined(number, call, (*ends)?)
        })
    }

    fn joined<'w>(
        &'w self,
        number: usize,
        call: &'w Call,
        Ends { from, to }: Ends,
    ) -> Option<JoinedCall<'w>> {
        let contract = self.drivers.at(to).item.contract()?;
        let (from, from_number) = match from {
            From::Driver(place) => {
                (CallEnd::Driver(self.drivers.at(place).item.contract()?), self.calls.number(place))
            }
            From::Caller(index) => {
                let caller = self.calls.callers.get(index as usize)?.item.caller()?;
                let drivers = u32::try_from(self.calls.called.len()).ok()?;
                (CallEnd::Caller(caller), drivers + index)
            }
        };
        let nodes = [from_number, self.calls.number(to)];
        Some(JoinedCall { number, call, from, to: contract, nodes })
    }

    /// Returns the number of declarations that can be an end of a call.
    pub fn call_nodes(&self) -> usize {
        self.calls.called.len() + self.calls.callers.len()
    }

    /// Returns the valid callers, by name.
    pub fn callers(&self) -> impl Iterator<Item = &Caller> {
        self.calls.callers.iter().filter_map(|caller| caller.item.caller())
    }

    /// Returns the caller with this name, if it is valid.
    pub(crate) fn caller(&self, name: &str) -> Option<&Caller> {
        let index = self.calls.caller(name)?;
        self.calls.callers.get(index as usize)?.item.caller()
    }

    /// Returns the call with this index, if it is valid.
    pub(crate) fn call(&self, number: usize) -> Option<&Call> {
        self.calls.declared.get(number)?.item.call()
    }

    /// Returns the valid calls with their indices, which [`DeclarationId::Call`] contains.
    pub fn numbered_calls(&self) -> impl Iterator<Item = (usize, &Call)> {
        let calls = self.calls.declared.iter().enumerate();
        calls.filter_map(|(number, call)| Some((number, call.item.call()?)))
    }

    /// Returns true if a document declares this caller, with or without errors.
    pub(crate) fn declares_caller(&self, name: &str) -> bool {
        self.calls.caller(name).is_some()
    }

    /// Returns the two ends of each call with read errors. An end is `None` if its name is not
    /// valid.
    pub(crate) fn unread_calls(
        &self,
    ) -> impl Iterator<Item = (Option<&DriverName>, Option<&DriverName>)> {
        let calls = self.calls.declared.iter().map(|call| &call.item);
        calls.filter(|call| call.is_invalid()).map(|call| (call.from(), call.to()))
    }

    /// Returns the driver that the call with this index names, if its name is valid.
    pub fn called_driver(&self, number: usize) -> Option<&DriverName> {
        self.calls.declared.get(number)?.item.to()
    }

    /// Returns the document of a caller.
    pub(in super::super) fn source_of_caller(&self, name: &str) -> Option<SourceId> {
        let index = self.calls.caller(name)?;
        Some(self.calls.callers.get(index as usize)?.source)
    }

    /// Returns the document of the call with this index, and the call's index in the document.
    pub(in super::super) fn place_of_call(&self, number: usize) -> Option<(SourceId, usize)> {
        self.calls.declared.get(number).map(|call| (call.source, call.index))
    }
}

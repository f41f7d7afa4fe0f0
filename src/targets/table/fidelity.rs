//! The degrees to which settings match contract fields.

/// The degree to which a setting matches a contract field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fidelity {
    /// The setting has the meaning of the field.
    Exact,
    /// The promise is kept, but the program is stricter than the contract.
    Stricter,
    /// The promise can be exceeded.
    Looser(Looseness),
}

/// The reason why a promise can be exceeded although the setting has its value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Looseness {
    /// The time starts when a request is sent, so its wait in the queue is not included. The
    /// setting with this name limits the whole operation.
    WaitNotIncluded(&'static str),
    /// The queue counts items with this name in the singular, and a request holds up to a batch of
    /// them.
    CountsItems(&'static str),
    /// The time only prevents further attempts, so that an operation can exceed it by a backoff and an
    /// attempt.
    EndsAfterAttempt,
    /// The wait in the queue has its own limit, which adds to the time.
    WaitAdds,
    /// The program looks only from time to time, after this many milliseconds, so that a time can be
    /// exceeded by them.
    Periodic(u64),
}

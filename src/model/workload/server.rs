//! The server of a workload: how many attempts it works on, and how they slow down each other.

#[cfg(feature = "schema")]
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::model::{PartsPerMillion, Vocabulary, Workload};

/// The work of a server on attempts that timed out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum AbandonedWork {
    /// The server does not notice the timeout, and does all the work.
    Continues,
    /// The server stops at the timeout.
    Cancelled,
}

impl AbandonedWork {
    /// Returns the label, in the form that workloads use.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Continues => "continues",
            Self::Cancelled => "cancelled",
        }
    }

    /// Returns the value that applies if a workload does not state it.
    pub const fn default_of(has_server_slots: bool) -> Self {
        if has_server_slots { Self::Continues } else { Self::Cancelled }
    }
}

impl Vocabulary for AbandonedWork {
    const NOUN: &'static str = "kind of abandoned work";
    const ALL: &'static [Self] = &[Self::Continues, Self::Cancelled];

    fn word(&self) -> &str {
        self.label()
    }
}

impl Workload {
    /// Returns no slowdown, the default of `contention_ppm` and `coherence_ppm`.
    pub(super) const fn no_slowdown() -> PartsPerMillion {
        PartsPerMillion::LEAST
    }

    /// Returns true if the server continues to work on attempts that timed out. By default, a
    /// server with `server_slots` does.
    pub fn continues_abandoned_work(&self) -> bool {
        let default = AbandonedWork::default_of(self.server_slots.is_some());
        self.abandoned_work.unwrap_or(default) == AbandonedWork::Continues
    }

    /// Returns true if the workload describes the server: its slots, its slowdown under load, or
    /// work that continues after a timeout.
    pub fn has_server(&self) -> bool {
        self.server_slots.is_some()
            || self.contention_ppm > PartsPerMillion::LEAST
            || self.coherence_ppm > PartsPerMillion::LEAST
            || self.continues_abandoned_work()
    }
}

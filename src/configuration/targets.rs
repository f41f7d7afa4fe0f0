//! The configurations of clients and proxies that a project writes or compares.

use crate::model::{DriverName, Name, Prose};

/// A table of `[[emit]]` or `[[verify]]`. The project checks the names of targets, dialects, roles
/// and versions, because the configuration does not know the targets.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TargetFiles {
    /// The target, such as `kafka`.
    pub target: Option<Name>,
    /// The driver with the contract.
    pub driver: Option<DriverName>,
    /// The dialect. `None` means the target's default.
    pub dialect: Option<Name>,
    /// The role. `None` means the target's default.
    pub role: Option<Name>,
    /// The version of the program. `None` means the version of the target's table.
    pub version: Option<Name>,
    /// The files, relative to the configuration: one for `[[emit]]`, one or more for `[[verify]]`.
    pub files: Vec<Prose<1>>,
}

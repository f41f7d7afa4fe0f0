//! Opens, loads and checks projects. This module must never print.

#[cfg(feature = "fs")]
mod agreed;
#[cfg(feature = "fs")]
mod baseline;
#[cfg(feature = "fs")]
mod error;
#[cfg(feature = "fs")]
mod guides;
#[cfg(feature = "fs")]
mod include;
#[cfg(feature = "fs")]
mod joined;
#[cfg(feature = "fs")]
mod loaded;
#[cfg(feature = "fs")]
mod nested;
#[cfg(feature = "fs")]
mod open;
#[cfg(feature = "fs")]
mod paths;
#[cfg(feature = "fs")]
mod reload;
#[cfg(feature = "fs")]
mod request;
#[cfg(feature = "fs")]
mod selection;
mod session;
#[cfg(feature = "fs")]
mod spelling;

pub use self::session::{Checked, Session};
#[cfg(feature = "fs")]
pub(crate) use self::{
    agreed::{is_about_unused, retain_agreed},
    error::too_large,
    include::{Included, included},
    open::{is_configuration, is_configuration_name, read_configuration},
    paths::{normalized, relative},
};
#[cfg(feature = "fs")]
pub use self::{
    error::ProjectError,
    joined::JoinedFindings,
    loaded::{CheckedProject, Loaded},
    open::{Options, Project},
    request::{Overlay, Request, Unjoined},
    selection::{Selection, Target},
};

/// The file name of the configuration.
#[cfg(feature = "fs")]
pub const CONFIGURATION: &str = crate::configuration::FILE_NAME;
/// The folder with contracts if the configuration names none.
#[cfg(feature = "fs")]
pub const DEFAULT_FOLDER: &str = "contracts";

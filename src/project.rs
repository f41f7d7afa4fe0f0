//! A project: from a folder and open buffers to findings.
//!
//! Prints nothing and knows no command line: what is wrong with `driverc.toml` is returned.

mod error;
mod guides;
mod loaded;
mod open;
mod paths;
mod reload;
mod request;
mod session;
mod spelling;

pub use self::{
    error::ProjectError,
    loaded::{CheckedProject, Loaded},
    open::{CONFIGURATION, DEFAULT_FOLDER, Options, Project},
    request::{Overlay, Request, Unjoined},
    session::{Checked, Session},
};
pub(crate) use self::{
    open::{included, is_configuration, read_configuration},
    paths::{normalized, relative},
};

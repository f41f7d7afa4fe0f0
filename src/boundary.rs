//! The folders that limit which files a project can read.

#[cfg(feature = "fs")]
mod folder;
#[cfg(feature = "fs")]
mod paths;
mod refusal;

#[cfg(feature = "fs")]
pub(crate) use self::folder::Folder;
#[cfg(feature = "fs")]
pub use self::paths::Boundary;
pub use self::refusal::{Refusal, Violation};

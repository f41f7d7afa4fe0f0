//! The arguments that choose the project and the files that it can read.

use std::path::PathBuf;

use clap::Args;

/// The project, and the folders outside its own work tree that it can read.
#[derive(Clone, Debug, Default, Args)]
pub(in crate::cli) struct Roots {
    /// Configuration to use instead of the nearest `driverc.toml`; its folder is the root of the
    /// project
    ///
    /// By default, the project of a path is the nearest `driverc.toml` above it, up to the root of
    /// the git repository.
    #[arg(long = "config", value_name = "FILE")]
    pub(in crate::cli) configuration: Option<PathBuf>,

    /// Also read links and paths that lead into this folder; can be repeated
    ///
    /// By default, driverc reads only files in the project's git work tree, or below the project's
    /// root if there is no git. It follows only links to `*.toml` files that git tracks.
    #[arg(long = "root", value_name = "DIR")]
    pub(in crate::cli) folders: Vec<PathBuf>,
}

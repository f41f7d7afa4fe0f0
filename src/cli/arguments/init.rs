//! The arguments of `driverc init`.

use std::path::PathBuf;

use clap::Args;

use crate::model::{DriverClass, TemplateName};

#[derive(Debug, Args)]
pub(crate) struct Init {
    #[arg(skip)]
    pub(in crate::cli) quiet: bool,

    /// Driver to add to the project, or folder to create a project in [default: create a project
    /// in the working directory]
    ///
    /// In a project, a word such as `orders_db` is a driver, and a path such as `services/orders`
    /// or `orders/` is a folder. Existing files stay unchanged, with one exception: if the project
    /// has only one document, `init` adds the driver to it.
    #[arg(value_name = "NAME")]
    pub(crate) target: Option<PathBuf>,

    /// Class of the driver to add, which decides its values
    #[arg(long, value_name = "CLASS")]
    pub(crate) class: Option<DriverClass>,

    /// Template for the driver. `init` writes only the required keys that the template does not set
    #[arg(long, value_name = "TEMPLATE", value_parser = template)]
    pub(crate) from_template: Option<TemplateName>,

    /// Document to add the driver to; created if it does not exist
    #[arg(long, value_name = "FILE")]
    pub(crate) document: Option<PathBuf>,

    /// Configuration of the project to add the driver to, instead of the nearest `driverc.toml`
    #[arg(long = "config", value_name = "FILE")]
    pub(crate) configuration: Option<PathBuf>,
}

fn template(name: &str) -> Result<TemplateName, String> {
    TemplateName::new(name).map_err(|error| error.to_string())
}

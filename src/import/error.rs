//! Import errors.

use std::fmt;

/// An import error, with a hint on how to solve it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportError {
    /// The name of the file that has the error, if there is one.
    pub file: Option<String>,
    /// The 1-based line and column in the file. The column counts bytes.
    pub position: Option<(usize, usize)>,
    /// The path in the file's JSON, such as `metrics.http_reqs`. Empty for the whole document.
    pub path: String,
    /// The problem, in lower case without a final stop.
    pub message: String,
    /// The hint on how to solve the problem, as one imperative sentence.
    pub help: Option<String>,
}

/// Writes `` `run.json:1:57` at `metrics`: no `rate`; give `--rate` ``, and omits the parts that
/// are unknown.
impl fmt::Display for ImportError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(file) = &self.file {
            write!(formatter, "`{file}")?;
            if let Some((line, column)) = self.position {
                write!(formatter, ":{line}:{column}")?;
            }
            formatter.write_str("`")?;
            if !self.path.is_empty() {
                write!(formatter, " at `{}`", self.path)?;
            }
            formatter.write_str(": ")?;
        }
        formatter.write_str(&self.message)?;
        match &self.help {
            Some(help) => write!(formatter, "; {help}"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for ImportError {}

/// An [`ImportError`] before the name of its file is known.
#[derive(Debug)]
pub(super) struct ImportRefusal {
    /// The index of the file, from 0. `None` if the error is not about a file.
    pub(super) file: Option<usize>,
    pub(super) position: Option<(usize, usize)>,
    pub(super) path: String,
    pub(super) message: String,
    pub(super) help: Option<String>,
    /// Whether the file is not in the format that the tool writes.
    pub(super) shape: bool,
}

impl ImportRefusal {
    /// Creates a refusal without a location in a file.
    pub(super) fn new(message: impl Into<String>) -> Self {
        Self {
            file: None,
            position: None,
            path: String::new(),
            message: message.into(),
            help: None,
            shape: false,
        }
    }

    /// Creates a refusal of a file that is not in the tool's format. Another tool might have
    /// written it.
    pub(super) fn shape(message: impl Into<String>) -> Self {
        Self { shape: true, ..Self::new(message) }.file(0)
    }

    pub(super) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Sets the index of the file that has the error.
    pub(super) fn file(mut self, file: usize) -> Self {
        self.file = Some(file);
        self
    }

    pub(super) fn at(mut self, line: usize, column: usize) -> Self {
        self.position = Some((line, column));
        self
    }

    pub(super) fn path(mut self, path: impl Into<String>) -> Self {
        self.path = path.into();
        self.file.get_or_insert(0);
        self
    }
}

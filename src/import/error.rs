//! Why the output of a tool cannot be imported.

use std::fmt;

/// Why the output of a tool cannot be imported, and what can be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportError {
    /// The name of the file at fault, if it is one.
    pub file: Option<String>,
    /// The 1-based line and column in it, in bytes.
    pub position: Option<(usize, usize)>,
    /// The path in its JSON, such as `metrics.http_reqs`; empty for the whole.
    pub path: String,
    /// The problem, in lower case without a final stop.
    pub message: String,
    /// The solution, as one imperative sentence.
    pub help: Option<String>,
}

/// `` `run.json:1:57` at `metrics`: no `rate`; give `--rate` ``, without what is not known.
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
    /// The number of the file, from 0; none where it is about no file.
    pub(super) file: Option<usize>,
    pub(super) position: Option<(usize, usize)>,
    pub(super) path: String,
    pub(super) message: String,
    pub(super) help: Option<String>,
    /// Whether the file is not of the shape that the tool writes.
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

    /// The file is not what the tool writes; it may be what another one does.
    pub(super) fn shape(message: impl Into<String>) -> Self {
        Self { shape: true, ..Self::new(message) }.file(0)
    }

    pub(super) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Names the file at fault by its number.
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

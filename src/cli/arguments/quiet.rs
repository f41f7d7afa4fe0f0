//! Passes `--quiet` to the commands.

use super::{Check, Command, Compile, Matrix, Report};

impl Command {
    /// Passes `--quiet` to the command.
    pub(in crate::cli) fn set_quiet(&mut self, quiet: bool) {
        let (inputs, own) = match self {
            Self::Check(Check { inputs, written, .. })
            | Self::Compile(Compile { inputs, written, .. }) => (inputs, &mut written.quiet),
            Self::Emit(command) => (&mut command.inputs, &mut command.written.quiet),
            Self::Budget(command) => (&mut command.inputs, &mut command.quiet),
            Self::Report(Report { inputs, .. }) | Self::Matrix(Matrix { inputs, .. }) => {
                inputs.quiet = quiet;
                return;
            }
            Self::Verify(command) => return command.written.quiet = quiet,
            Self::Diff(command) => return command.quiet = quiet,
            Self::Bench(command) => return command.quiet = quiet,
            Self::Import(command) => return command.quiet = quiet,
            Self::Adopt(command) => return command.quiet = quiet,
            Self::Explain(command) => return command.quiet = quiet,
            Self::Consumers(command) => return command.quiet = quiet,
            Self::Init(command) => return command.quiet = quiet,
            Self::Baseline(command) => return command.quiet = quiet,
            Self::Schema(command) => return command.quiet = quiet,
            Self::Rule(_) | Self::Target(_) | Self::Completions { .. } | Self::Man { .. } => return,
        };
        (inputs.quiet, *own) = (quiet, quiet);
    }
}

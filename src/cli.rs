//! The command line: arguments, files, exit codes.
//!
//! The exit code is 0 for success, 1 for findings that fail the run or a failed comparison, and 2
//! if the run could not be completed.

mod adopt;
mod arguments;
mod baseline;
mod bench;
mod budget;
mod check;
mod compile;
mod consumers;
mod diff;
mod difference;
mod emit;
mod explain;
mod failure;
mod feasibility;
mod fix;
mod git;
mod help;
mod import;
mod init;
mod input;
mod levels;
mod line_ends;
mod load_errors;
mod manual;
mod matrix;
mod output;
mod outputs;
mod progress;
mod projects;
mod report;
mod review;
mod rule;
mod schema;
mod show;
mod simulation;
mod size;
mod statistics;
mod targets;
mod verify;

use std::{borrow::Cow, env, process::ExitCode};

use clap::{
    CommandFactory, FromArgMatches,
    error::{ContextKind, ContextValue},
};

use self::{
    arguments::{Arguments, Command},
    failure::{Failure, say_lines},
};
use crate::report::escaped;

/// The outcome of a run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
enum Outcome {
    #[default]
    Clean,
    Findings,
    Incomplete,
}

impl From<Outcome> for ExitCode {
    fn from(outcome: Outcome) -> Self {
        match outcome {
            Outcome::Clean => Self::SUCCESS,
            Outcome::Findings => Self::from(1),
            Outcome::Incomplete => Self::from(2),
        }
    }
}

/// Runs the command that the process's arguments name.
pub fn run() -> ExitCode {
    let matches = help::program().try_get_matches();
    let mut arguments = match matches.and_then(|matches| Arguments::from_arg_matches(&matches)) {
        Ok(arguments) => arguments,
        Err(message) => return usage(&with_option(with_command(message))),
    };
    arguments.command.set_quiet(arguments.quiet);
    match dispatch(&arguments) {
        Ok(outcome) => outcome.into(),
        Err(failure) => {
            failure::say(format_args!("error: {failure}"));
            Outcome::Incomplete.into()
        }
    }
}

/// Command names from other tools, each with the driverc command for the same purpose.
const OTHERS: [(&str, &str); 5] = [
    ("lint", "check"),
    ("validate", "check"),
    ("test", "check"),
    ("fix", "check"),
    ("simulate", "bench"),
];

/// Suggests the driverc command for the same purpose, instead of a command with a similar name.
fn with_command(mut message: clap::Error) -> clap::Error {
    if let Some(ContextValue::String(written)) = message.get(ContextKind::InvalidSubcommand)
        && let Some((_, command)) = OTHERS.iter().find(|(other, _)| other == written)
    {
        let command = ContextValue::Strings(vec![(*command).to_owned()]);
        message.insert(ContextKind::SuggestedSubcommand, command);
    }
    message
}

/// The output format option of other tools, and the same option of driverc.
const FORMAT: (&str, &str) = ("--format", "--output-format");

/// Suggests `--output-format` for `--format`, if the command has it.
fn with_option(mut message: clap::Error) -> clap::Error {
    let (written, meant) = FORMAT;
    let is_written = matches!(
        message.get(ContextKind::InvalidArg),
        Some(ContextValue::String(argument)) if argument == written
    );
    let program = Arguments::command();
    let mut words = env::args_os().skip(1);
    let command = words.find_map(|word| program.find_subcommand(word));
    let has_it = |command: &clap::Command| {
        command.get_arguments().any(|argument| argument.get_long() == meant.strip_prefix("--"))
    };
    if is_written && command.is_some_and(has_it) {
        message.insert(ContextKind::SuggestedArg, ContextValue::String(meant.to_owned()));
        // Clap would suggest passing it as a path.
        message.insert(ContextKind::Suggested, ContextValue::StyledStrs(Vec::new()));
    }
    message
}

/// Prints a clap message. Help and version exit with 0, all other messages with 2.
fn usage(message: &clap::Error) -> ExitCode {
    let hostile = hostile_arguments();
    if !hostile.is_empty() && message.use_stderr() {
        say_lines(&harmless(message, &hostile));
        return Outcome::Incomplete.into();
    }
    // If the message cannot be written, only the exit code reports the error.
    _ = message.print();
    if message.use_stderr() { Outcome::Incomplete.into() } else { ExitCode::SUCCESS }
}

/// Returns the arguments, and parts of arguments, that contain invisible or control characters and
/// that a message can quote.
fn hostile_arguments() -> Vec<String> {
    let arguments = env::args_os().skip(1).map(|argument| argument.to_string_lossy().into_owned());
    let parts = arguments.flat_map(|argument| {
        let parts: Vec<_> = argument.split(['=', ',']).map(str::to_owned).collect();
        std::iter::once(argument).chain(parts)
    });
    parts.filter(|part| matches!(escaped(part), Cow::Owned(_))).collect()
}

/// Renders a message with its hostile arguments escaped.
fn harmless(message: &clap::Error, hostile: &[String]) -> String {
    let text = message.render().to_string();
    hostile.iter().fold(text, |text, part| text.replace(part, &escaped(part)))
}

fn dispatch(arguments: &Arguments) -> Result<Outcome, Failure> {
    let color = arguments.color;
    match &arguments.command {
        Command::Check(command) => check::run(command, color),
        Command::Compile(command) => compile::run(command, color),
        Command::Bench(command) => bench::run(command, color),
        Command::Budget(command) => budget::run(command, color),
        Command::Diff(command) => diff::run(command, color),
        Command::Import(command) => import::run(command, color),
        Command::Emit(command) => emit::run(command, color),
        Command::Adopt(command) => adopt::run(command, color),
        Command::Verify(command) => verify::run(command, color),
        Command::Target(command) => targets::run(command, color),
        Command::Matrix(command) => matrix::run(command, color),
        Command::Report(command) => report::run(command, color),
        Command::Explain(command) => explain::run(command, color),
        Command::Rule(command) => rule::run(command, color),
        Command::Consumers(command) => consumers::run(command, color),
        Command::Schema(command) => schema::run(command, color),
        Command::Init(command) => init::run(command, color),
        Command::Baseline(command) => baseline::run(command, color),
        Command::Completions { shell } => {
            let mut script = Vec::new();
            clap_complete::generate(*shell, &mut help::program(), "driverc", &mut script);
            output::to_stdout(&script)
        }
        Command::Man { command } => manual::run(command.as_deref()),
    }
}

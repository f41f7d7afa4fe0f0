//! The command line: arguments, files, exit codes.
//!
//! The exit code is 0 where all is well, 1 for findings at the fail level or a check that does
//! not hold, 2 where the run could not be completed.

mod arguments;
mod bench;
mod budget;
mod check;
mod compile;
mod diff;
mod difference;
mod failure;
mod feasibility;
mod fix;
mod git;
mod import;
mod init;
mod input;
mod levels;
mod line_ends;
mod load_errors;
mod matrix;
mod output;
mod progress;
mod report;
mod rule;
mod schema;
mod show;
mod simulation;
mod size;

use std::{borrow::Cow, env, process::ExitCode};

use clap::{
    CommandFactory, Parser,
    error::{ContextKind, ContextValue},
};

use self::{
    arguments::{Arguments, Command},
    failure::{Failure, say_lines},
};
use crate::report::escaped;

/// How a run ended that could be completed, or at least shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Outcome {
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

/// Runs the command that the arguments of the process name.
pub fn run() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(message) => return usage(&with_option(with_command(message))),
    };
    match dispatch(&arguments) {
        Ok(outcome) => outcome.into(),
        Err(failure) => {
            failure::say(format_args!("error: {failure}"));
            Outcome::Incomplete.into()
        }
    }
}

/// Commands of other tools, and the one that does the same here.
const OTHERS: [(&str, &str); 5] = [
    ("lint", "check"),
    ("validate", "check"),
    ("test", "check"),
    ("fix", "check"),
    ("simulate", "bench"),
];

/// Names the command that does what one of another tool does, not one that is spelled alike.
fn with_command(mut message: clap::Error) -> clap::Error {
    if let Some(ContextValue::String(written)) = message.get(ContextKind::InvalidSubcommand)
        && let Some((_, command)) = OTHERS.iter().find(|(other, _)| other == written)
    {
        let command = ContextValue::Strings(vec![(*command).to_owned()]);
        message.insert(ContextKind::SuggestedSubcommand, command);
    }
    message
}

/// The short name that other tools give to the format of their output, and the one it has here.
const FORMAT: (&str, &str) = ("--format", "--output-format");

/// Names `--output-format` where a command that has it is given `--format`.
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
        // Clap would say how to pass it as a path.
        message.insert(ContextKind::Suggested, ContextValue::StyledStrs(Vec::new()));
    }
    message
}

/// Help and version are an answer; anything else that clap says is a mistake.
fn usage(message: &clap::Error) -> ExitCode {
    let hostile = hostile_arguments();
    if !hostile.is_empty() && message.use_stderr() {
        say_lines(&harmless(message, &hostile));
        return Outcome::Incomplete.into();
    }
    // Where even the message cannot be written, the exit code has to say it all.
    _ = message.print();
    if message.use_stderr() { Outcome::Incomplete.into() } else { ExitCode::SUCCESS }
}

/// Arguments and their parts that cannot be seen, or that would steer a terminal: a message can
/// quote them.
fn hostile_arguments() -> Vec<String> {
    let arguments = env::args_os().skip(1).map(|argument| argument.to_string_lossy().into_owned());
    let parts = arguments.flat_map(|argument| {
        let parts: Vec<_> = argument.split(['=', ',']).map(str::to_owned).collect();
        std::iter::once(argument).chain(parts)
    });
    parts.filter(|part| matches!(escaped(part), Cow::Owned(_))).collect()
}

/// The text of a message, with its hostile arguments escaped.
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
        Command::Matrix(command) => matrix::run(command, color),
        Command::Report(command) => report::run(command, color),
        Command::Rule(command) => rule::run(command, color),
        Command::Schema(command) => schema::run(command),
        Command::Init(command) => init::run(command),
        Command::Completions { shell } => {
            let mut script = Vec::new();
            clap_complete::generate(*shell, &mut Arguments::command(), "driverc", &mut script);
            output::to_stdout(&script)
        }
        Command::Man { command } => manual(command.as_deref()),
    }
}

/// The page of the program, or that of one of its commands.
fn manual(command: Option<&str>) -> Result<Outcome, Failure> {
    let mut program = Arguments::command();
    program.build();
    let about = match command {
        None => &program,
        Some(name) => program
            .find_subcommand(name)
            .ok_or_else(|| Failure::new(format!("there is no command `{name}`")))?,
    };
    let mut page = Vec::new();
    clap_mangen::Man::new(about.clone())
        .render(&mut page)
        .map_err(|error| Failure::io("cannot write the manual page", &error))?;
    output::to_stdout(&page)
}

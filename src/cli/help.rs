//! Groups the commands and the options in help, manual pages and completions.

use std::fmt::Write;

use clap::{Arg, Command, CommandFactory, builder::StyledStr};

use super::{arguments::Arguments, manual::EXAMPLES};

/// The groups of commands, in the order of help.
pub(super) const GROUPS: [(&str, &[&str]); 4] = [
    ("Daily", &["check", "compile", "diff", "bench", "budget"]),
    ("Connect", &["import", "emit", "adopt", "verify"]),
    ("Understand", &["explain", "rule", "target", "consumers", "report", "matrix", HELP]),
    ("Set up", &["init", "baseline", "schema", "completions", "man"]),
];

/// The name of the command that clap adds.
pub(super) const HELP: &str = "help";
/// The summary of the `help` command, which clap sets only when the program is built.
const ABOUT_HELP: &str = "Print this message or the help of the given subcommand(s)";

/// The headings that all commands share, in the order of help, with the long names of the options
/// below each heading.
const HEADINGS: [(&str, &[&str]); 3] = [
    (
        "Input",
        &[
            "against",
            "against-path",
            "attempts",
            "class",
            "concurrency",
            "config",
            "contract",
            "contracts",
            "dialect",
            "driver",
            "duration",
            "file",
            "force-exclude",
            "from-template",
            "isolated",
            "loop",
            "max-file-size",
            "max-work",
            "measured-on",
            "new-from",
            "no-simulate",
            "operation",
            "profile",
            "records-per-request",
            "retries",
            "review-author",
            "review-base",
            "review-comments",
            "review-head",
            "role",
            "root",
            "seeds",
            "set",
            "signatures",
            "simulate",
            "source",
            "stdin-filename",
            "target-version",
            "throughput",
            "timeouts",
            "tool-version",
            "unit",
            "workspace",
        ],
    ),
    (
        "Output",
        &[
            "add",
            "append",
            "as",
            "color",
            "diff",
            "document",
            "emit",
            "feasibility",
            "fix",
            "help",
            "latency-unit",
            "max-comments",
            "max-diagnostics",
            "output-file",
            "output-folder",
            "output-format",
            "prune",
            "quiet",
            "review-job",
            "seal",
            "show",
            "show-settings",
            "statistics",
            "unsafe-fixes",
            "version",
        ],
    ),
    (
        "Judgement",
        &[
            "accept",
            "check",
            "confidence",
            "exit-zero",
            "fail-on",
            "fold",
            "ignore",
            "level",
            "no-baseline",
            "select",
            "today",
        ],
    ),
];

/// Returns the clap command, with grouped commands and options, and with the examples of each
/// command in its long help.
pub(super) fn program() -> Command {
    let program = Arguments::command().mut_args(headed);
    let program = program.mut_subcommands(|command| {
        let help = examples(command.get_name());
        command.mut_args(headed).after_long_help(help)
    });
    let template = template(&program);
    program.help_template(template)
}

/// Puts an option below its heading.
fn headed(option: Arg) -> Arg {
    let is_in = |options: &[&str]| option.get_long().is_some_and(|name| options.contains(&name));
    match HEADINGS.iter().find(|(_, options)| is_in(options)) {
        Some((heading, _)) => option.help_heading(*heading),
        None => option,
    }
}

fn examples(command: &str) -> String {
    let examples = EXAMPLES.iter().find(|(name, _)| *name == command);
    let lines = examples.map_or(&[][..], |(_, them)| them).iter();
    let lines = lines.map(|(line, effect)| format!("  {line}\n      {effect}\n"));
    format!("Examples:\n{}", lines.collect::<String>())
}

/// Returns the summary of a command.
pub(super) fn about(program: &Command, name: &str) -> String {
    let about = program.find_subcommand(name).and_then(Command::get_about);
    about.map_or_else(|| ABOUT_HELP.to_owned(), ToString::to_string)
}

/// Returns the help template of driverc, because clap lists commands in one group only.
fn template(program: &Command) -> StyledStr {
    let styles = program.get_styles();
    let (header, literal) = (styles.get_header(), styles.get_literal());
    let names = GROUPS.iter().flat_map(|(_, names)| *names);
    let width = names.map(|name| name.len()).max().unwrap_or_default();
    let mut text = "{about-with-newline}\n{usage-heading} {usage}\n\n".to_owned();
    for (group, names) in GROUPS {
        _ = writeln!(text, "{header}{group}:{header:#}");
        for name in names {
            let about = about(program, name);
            _ = writeln!(text, "  {literal}{name:width$}{literal:#}  {about}");
        }
        text.push('\n');
    }
    let [_, (output, _), _] = HEADINGS;
    _ = write!(text, "{header}{output}:{header:#}\n{{options}}{{after-help}}");
    StyledStr::from(text)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn built() -> Command {
        let mut program = program();
        program.build();
        program
    }

    #[test]
    fn groups_list_each_command_once_in_order_of_completions() {
        let program = built();
        let mut commands: Vec<_> = program.get_subcommands().map(Command::get_name).collect();
        commands.retain(|name| *name != HELP);
        let mut grouped: Vec<_> = GROUPS.iter().flat_map(|(_, names)| *names).copied().collect();
        grouped.retain(|name| *name != HELP);
        assert_eq!(grouped, commands);
        assert_eq!(about(&program, HELP), ABOUT_HELP);
    }

    #[test]
    fn each_option_has_one_of_three_headings_in_order() {
        let program = built();
        let order = HEADINGS.map(|(heading, _)| heading);
        let mut used = BTreeSet::new();
        let commands = program.get_subcommands().filter(|command| command.get_name() != HELP);
        for command in commands.chain([&program]) {
            let name = command.get_name();
            let mut places = Vec::new();
            for option in command.get_arguments().filter(|argument| !argument.is_positional()) {
                let place = order.iter().position(|it| Some(*it) == option.get_help_heading());
                assert!(place.is_some(), "{name} {option} has no heading");
                places.extend(place.filter(|place| !places.contains(place)));
                used.extend(option.get_long());
            }
            assert!(places.is_sorted(), "{name}: {places:?}");
        }
        let listed: Vec<_> = HEADINGS.iter().flat_map(|(_, names)| *names).copied().collect();
        assert_eq!(listed.iter().copied().collect::<BTreeSet<_>>(), used);
        assert_eq!(listed.len(), used.len(), "an option has two headings");
        for (heading, names) in HEADINGS {
            assert!(names.is_sorted(), "{heading}");
        }
    }
}

//! Prints manual pages, and lists the examples that help shows too.

use std::io;

use clap::Command;
use clap_mangen::{
    Man,
    roff::{Roff, bold, roman},
};

use super::{
    Outcome,
    failure::Failure,
    help::{self, GROUPS, HELP},
    output,
};

/// A command line and its effect.
type Example = (&'static str, &'static str);

/// The examples of driverc itself, then of each command.
pub(super) const EXAMPLES: &[(&str, &[Example])] = &[
    (
        "driverc",
        &[
            ("driverc init", "Create a project with an example contract"),
            ("driverc check", "Check the documents of the project"),
            ("driverc rule missing-key", "Explain a rule"),
        ],
    ),
    (
        "check",
        &[
            ("driverc check", "Check the documents of the project"),
            ("driverc check --fix", "Fix findings without changing any signature"),
            ("driverc check --new-from main", "Report only what this branch adds"),
            ("driverc check --statistics", "Print the number of findings of each rule"),
            ("driverc check --config driverc.toml", "Check the project of this configuration"),
            (
                "driverc check --output-format full --output-format sarif=findings.sarif",
                "Print the findings, and write them for a code-scanning service",
            ),
        ],
    ),
    (
        "compile",
        &[
            ("driverc compile -o signatures.txt", "Write the signature document"),
            ("driverc compile --check signatures.txt", "Fail if a signature has changed"),
            ("driverc compile --seal", "Print the signature document with its seal"),
            ("driverc compile --emit json", "Print the contracts with their signatures as JSON"),
        ],
    ),
    (
        "bench",
        &[
            ("driverc bench", "Simulate every driver that has a workload"),
            (
                "driverc bench --set driver.example.max_in_flight=40",
                "Print the effect of a larger pool",
            ),
        ],
    ),
    (
        "budget",
        &[
            ("driverc budget", "Judge the recorded benchmarks"),
            ("driverc budget --simulate", "Judge simulations of the workloads"),
        ],
    ),
    (
        "diff",
        &[
            ("driverc diff", "Compare with the default branch"),
            ("driverc diff --against HEAD", "Compare with the last commit"),
            ("driverc diff --against-path contracts", "Compare with a folder"),
        ],
    ),
    (
        "import",
        &[(
            "driverc import ghz report.json --driver example --profile mixed_latency --retries 0",
            "Print the benchmark that a ghz report contains",
        )],
    ),
    (
        "emit",
        &[
            (
                "driverc emit kafka builtin: --driver kafka_async",
                "Print the settings of a producer",
            ),
            ("driverc emit kafka -o deploy/", "Write one file per driver"),
            ("driverc emit", "Write every `[[emit]]` of driverc.toml"),
            ("driverc emit --check", "Fail if a file differs from its contract"),
        ],
    ),
    (
        "adopt",
        &[
            (
                "driverc adopt kafka producer.properties --driver orders",
                "Print a contract with the values of a configuration",
            ),
            (
                "driverc adopt kafka consumer.properties --role consumer --driver orders",
                "Read the settings of a consumer",
            ),
        ],
    ),
    (
        "verify",
        &[
            (
                "driverc verify kafka producer.properties --driver example",
                "Compare a configuration with a contract",
            ),
            ("driverc verify", "Compare the files of every `[[verify]]` of driverc.toml"),
        ],
    ),
    (
        "target",
        &[
            ("driverc target", "List the targets"),
            ("driverc target kafka", "Print the table of a target"),
        ],
    ),
    (
        "matrix",
        &[
            ("driverc matrix", "Print the capabilities as a table"),
            ("driverc matrix --output-format markdown", "Print a Markdown table"),
        ],
    ),
    (
        "target",
        &[
            ("driverc target", "List the targets"),
            ("driverc target kafka", "Print the table of a target"),
        ],
    ),
    (
        "consumers",
        &[
            ("driverc consumers example", "List the consumers of a driver"),
            ("driverc consumers example --output-format json", "Print them as JSON"),
        ],
    ),
    ("report", &[("driverc report -o report.html", "Write the report")]),
    (
        "rule",
        &[
            ("driverc rule", "List all rules"),
            ("driverc rule retry", "List the rules about retries"),
            ("driverc rule retry-no-jitter", "Explain a rule"),
        ],
    ),
    (
        "emit",
        &[
            (
                "driverc emit kafka builtin: --driver kafka_async",
                "Print the settings of a producer",
            ),
            ("driverc emit kafka -o deploy/", "Write one file per driver"),
            ("driverc emit", "Write every `[[emit]]` of driverc.toml"),
            ("driverc emit --check", "Fail if a file differs from its contract"),
        ],
    ),
    (
        "adopt",
        &[
            (
                "driverc adopt kafka producer.properties --driver orders",
                "Print a contract with the values of a configuration",
            ),
            (
                "driverc adopt kafka consumer.properties --role consumer --driver orders",
                "Read the settings of a consumer",
            ),
        ],
    ),
    (
        "verify",
        &[
            (
                "driverc verify kafka producer.properties --driver example",
                "Compare a configuration with a contract",
            ),
            ("driverc verify", "Compare the files of every `[[verify]]` of driverc.toml"),
        ],
    ),
    (
        "explain",
        &[
            ("driverc explain example.max_in_flight", "Print where a value comes from"),
            (
                "driverc explain budget.heavy_data.max_p95_latency_ms --driver example",
                "Print the scopes that set a limit of a driver",
            ),
            ("driverc explain rules.retry-no-jitter", "Print where the level of a rule comes from"),
        ],
    ),
    (
        "schema",
        &[
            ("driverc schema", "Print the schema of documents"),
            ("driverc schema -o schema", "Write both schemas to the folder `schema`"),
            ("driverc schema --check schema", "Fail if the schemas there are out of date"),
        ],
    ),
    (
        "init",
        &[
            ("driverc init services/", "Create a project in the folder `services`"),
            (
                "driverc init orders_db --class relational_adapter",
                "Add the driver `orders_db` to the project",
            ),
        ],
    ),
    (
        "baseline",
        &[
            ("driverc baseline", "Accept every open error and warning"),
            ("driverc baseline --add", "Add the errors and warnings that are open now"),
            ("driverc baseline --prune", "Remove the lines that match no finding"),
            ("driverc baseline --check", "Fail if a line matches no finding"),
        ],
    ),
    ("completions", &[("driverc completions bash", "Print the completion script for Bash")]),
    (
        "man",
        &[
            ("driverc man", "Print the manual page of driverc"),
            ("driverc man check", "Print the manual page of `driverc check`"),
        ],
    ),
];

const EXIT_STATUS: &[(&str, &str)] = &[
    ("0", "Success."),
    ("1", "A finding, verdict or change fails the run, or a comparison finds a difference."),
    ("2", "The arguments are wrong, or the run could not be completed."),
];

const FILES: &[(&str, &str)] = &[
    (
        "driverc.toml",
        "The configuration of a project: the nearest one in the folder of a path or above it, up to \
         the root of the git repository. Without paths, the search starts in the working directory, \
         and then below it among the files that git tracks.",
    ),
    (
        "driverc-baseline.txt",
        "The findings that the project accepts, if `baseline` in driverc.toml names it.",
    ),
    ("contracts/", "The documents, unless `include` in driverc.toml names others."),
];

/// Prints the manual page of driverc or of a command.
pub(super) fn run(command: Option<&str>) -> Result<Outcome, Failure> {
    let mut program = help::program();
    program.build();
    let about = match command {
        None => &program,
        Some(name) => program
            .find_subcommand(name)
            .ok_or_else(|| Failure::new(format!("there is no command `{name}`")))?,
    };
    let mut page = Vec::new();
    write(about, command, &mut page)
        .map_err(|error| Failure::io("cannot write the manual page", &error))?;
    output::to_stdout(&page)
}

fn write(about: &Command, name: Option<&str>, page: &mut Vec<u8>) -> io::Result<()> {
    let man = Man::new(about.clone());
    man.render_title(page)?;
    man.render_name_section(page)?;
    man.render_synopsis_section(page)?;
    man.render_description_section(page)?;
    options(&man, page)?;
    if name.is_none() {
        commands(about, page)?;
    }
    let mut rest = Roff::new();
    let of = name.unwrap_or("driverc");
    let examples = EXAMPLES.iter().find(|(name, _)| *name == of).map_or(&[][..], |(_, them)| them);
    section(&mut rest, "EXAMPLES", examples);
    section(&mut rest, "EXIT STATUS", EXIT_STATUS);
    section(&mut rest, "FILES", FILES);
    rest.control("SH", ["SEE ALSO"]);
    let pages = if name.is_some() {
        vec!["driverc(1)".to_owned()]
    } else {
        let commands = GROUPS.iter().flat_map(|(_, names)| *names);
        commands.filter(|name| **name != HELP).map(|name| format!("driverc-{name}(1)")).collect()
    };
    rest.text([roman(pages.join(", "))]);
    rest.to_writer(page)
}

/// Adds the section of options, with a subsection per heading.
fn options(man: &Man, page: &mut Vec<u8>) -> io::Result<()> {
    let mut text = Vec::new();
    man.render_options_section(&mut text)?;
    page.extend_from_slice(b".SH OPTIONS\n");
    for line in text.split_inclusive(|byte| *byte == b'\n') {
        match line.strip_prefix(b".SH ") {
            None => page.extend_from_slice(line),
            // All options have a heading, and arguments have none.
            Some(b"OPTIONS\n") => page.extend_from_slice(b".SS Arguments\n"),
            Some(heading) => {
                let (initial, rest) = heading.split_at(1);
                page.extend_from_slice(b".SS ");
                page.extend_from_slice(initial);
                page.extend(rest.to_ascii_lowercase());
            }
        }
    }
    Ok(())
}

/// Adds the section of commands, with a subsection per group.
fn commands(program: &Command, page: &mut Vec<u8>) -> io::Result<()> {
    let mut section = Roff::new();
    section.control("SH", ["COMMANDS"]);
    for (group, names) in GROUPS {
        section.control("SS", [group]);
        for name in names {
            section.control("TP", []);
            section.text([bold(*name)]);
            section.text([roman(help::about(program, name))]);
        }
    }
    section.to_writer(page)
}

/// Adds a section with one paragraph per term.
fn section(page: &mut Roff, title: &str, items: &[(&str, &str)]) {
    page.control("SH", [title]);
    for (term, text) in items {
        page.control("TP", []);
        page.text([bold(*term)]);
        page.text([roman(*text)]);
    }
}

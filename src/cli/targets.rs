//! `driverc target`: lists targets and shows their tables. Also resolves the options that choose a
//! dialect, role and version.

use std::path::PathBuf;

use serde_json::{Value, json};

use super::{
    Failure, Outcome,
    arguments::{Color, TableFormat, TargetChoice, Targets},
    output,
    outputs::{self, Output},
};
use crate::{
    configuration::TargetFiles,
    model::{DriverName, Name, Prose},
    project::Project,
    report::rules::markdown_page,
    targets::{
        self, Dialect, InvalidVersion, Setting, TARGETS, TargetOptions, TargetTable, ValueRange,
        Version, index, page,
    },
    toml::spelling::nearest,
};

pub(super) fn run(command: &Targets, color: Color) -> Result<Outcome, Failure> {
    let outputs = outputs::of(&command.output_format, None)?;
    outputs::write(&outputs, |output| {
        rendered(command.target, output, color).map(String::into_bytes)
    })?;
    Ok(Outcome::Clean)
}

fn rendered(
    target: Option<&'static TargetTable>,
    output: &Output<'_, TableFormat>,
    color: Color,
) -> Result<String, Failure> {
    let style = output::style(color, output.file);
    Ok(match (output.format, target) {
        (TableFormat::Text, None) => list(),
        (TableFormat::Text, Some(target)) => markdown_page(&page(target), &style),
        (TableFormat::Markdown, None) => index(TARGETS),
        (TableFormat::Markdown, Some(target)) => page(target),
        (TableFormat::Json, target) => json_text(target)?,
    })
}

fn list() -> String {
    let width = TARGETS.iter().map(|target| target.name.len()).max().unwrap_or_default();
    let line = |target: &&TargetTable| {
        let dialects: Vec<_> = target.dialects.iter().map(|dialect| dialect.name).collect();
        format!("{:<width$}  {}  ({})\n", target.name, target.title, dialects.join(", "))
    };
    TARGETS.iter().map(line).collect()
}

fn json_text(target: Option<&'static TargetTable>) -> Result<String, Failure> {
    let shown = TARGETS.iter().filter(|it| target.is_none_or(|target| target.name == it.name));
    let targets: Vec<_> = shown.map(|target| of_target(target)).collect();
    let value = json!({ "schema_version": 1, "targets": targets });
    let text = serde_json::to_string_pretty(&value).map_err(|error| Failure::json(&error))?;
    Ok(text + "\n")
}

fn of_target(target: &'static TargetTable) -> Value {
    let dialects: Vec<_> = target.dialects.iter().map(of_dialect).collect();
    json!({ "name": target.name, "title": target.title, "roles": target.roles, "dialects": dialects })
}

fn of_dialect(dialect: &'static Dialect) -> Value {
    let settings: Vec<_> = dialect.settings.iter().map(of_setting).collect();
    json!({
        "name": dialect.name,
        "product": dialect.product,
        "version": dialect.measured.to_string(),
        "oldest_version": dialect.oldest.to_string(),
        "settings": settings,
    })
}

fn of_setting(setting: &'static Setting) -> Value {
    let defaults: Vec<_> = setting.defaults.iter().collect();
    let defaults: Vec<_> = defaults
        .into_iter()
        .map(|(since, value)| json!({ "since": since.to_string(), "value": setting.spelled(*value) }))
        .collect();
    let (min, max, words) = match setting.values {
        ValueRange::Integer { min, max, .. } => (Some(json!(min)), Some(json!(max)), None),
        // Times have no maximum of their own.
        ValueRange::Duration { min, .. } => (Some(json!(setting.spelled(min))), None, None),
        ValueRange::Decimal { min, max } => {
            (Some(json!(setting.spelled(min))), Some(json!(setting.spelled(max))), None)
        }
        ValueRange::List(_) | ValueRange::Text => (None, None, None),
        ValueRange::Words(words) => {
            (None, None, Some(words.iter().map(|word| word[0]).collect::<Vec<_>>()))
        }
    };
    json!({
        "name": setting.name,
        "aliases": setting.aliases,
        "field": setting.field.map(crate::model::Field::path),
        "min": min,
        "max": max,
        "words": words,
        "defaults": defaults,
        "role": setting.role,
        "since": setting.since.map(|version| version.to_string()),
        "until": setting.until.map(|version| version.to_string()),
        "meaning": setting.meaning,
        "source": setting.source,
    })
}

/// Returns the target's options that the command line or a table of `driverc.toml` chooses.
pub(super) fn options(
    target: &'static TargetTable,
    choice: &TargetChoice,
) -> Result<TargetOptions, Failure> {
    let TargetChoice { dialect, role, target_version } = choice;
    let dialect = match dialect {
        None => &target.dialects[0],
        Some(name) => target.dialect(name).ok_or_else(|| {
            let names: Vec<_> = target.dialects.iter().map(|dialect| dialect.name).collect();
            unknown("dialect", name, target, &names)
        })?,
    };
    let options = TargetOptions::with(target, dialect);
    let role = match role {
        None => options.role,
        Some(name) => {
            let role = target.roles.iter().copied().find(|role| role == name);
            Some(role.ok_or_else(|| unknown("role", name, target, target.roles))?)
        }
    };
    let version = target_version.unwrap_or(options.version);
    refuse_old(dialect, version)?;
    Ok(TargetOptions { role, version, ..options })
}

fn unknown(what: &str, name: &str, target: &TargetTable, names: &[&str]) -> Failure {
    let help = match nearest(name, names.iter().copied()) {
        Some(intended) => format!("did you mean `{intended}`?"),
        None if names.is_empty() => format!("`{}` has none", target.name),
        None => format!("use one of {}", names.join(", ")),
    };
    Failure::new(format!("unknown {what} `{name}` of `{}`; {help}", target.name))
}

fn refuse_old(dialect: &Dialect, version: Version) -> Result<(), Failure> {
    if version >= dialect.oldest {
        return Ok(());
    }
    Err(Failure::new(format!(
        "{} {version} is too old; the table starts at {}",
        dialect.product, dialect.oldest
    )))
}

/// A table of `[[emit]]` or `[[verify]]`.
pub(super) struct Declared<'c> {
    pub(super) driver: &'c DriverName,
    pub(super) options: TargetOptions,
    pub(super) files: &'c [Prose<1>],
}

/// Returns a table of `[[emit]]` or `[[verify]]` with its target's options.
pub(super) fn declared_files<'c>(
    table: &str,
    files: &'c TargetFiles,
) -> Result<Declared<'c>, Failure> {
    let TargetFiles { target, driver, dialect, role, version, files } = files;
    let (Some(name), Some(driver)) = (target, driver) else {
        return Err(Failure::new(format!("`[[{table}]]` needs `target` and `driver`")));
    };
    let names = || TARGETS.iter().map(|target| target.name);
    let in_table =
        |failure: String| Failure::new(format!("`[[{table}]]` of `{driver}`: {failure}"));
    let target = targets::find(name.as_str()).ok_or_else(|| {
        let help = match nearest(name.as_str(), names()) {
            Some(intended) => format!("did you mean `{intended}`?"),
            None => format!("use one of {}", names().collect::<Vec<_>>().join(", ")),
        };
        in_table(format!("unknown target `{}`; {help}", name.as_str()))
    })?;
    let target_version = version.as_ref().map(|version| version.as_str().parse()).transpose();
    let target_version =
        target_version.map_err(|error: InvalidVersion| in_table(error.to_string()))?;
    let text = |name: &Option<Name>| name.as_ref().map(|name| name.as_str().to_owned());
    let choice = TargetChoice { dialect: text(dialect), role: text(role), target_version };
    let options = options(target, &choice).map_err(|failure| in_table(failure.to_string()))?;
    Ok(Declared { driver, options, files })
}

/// Returns the path of a file, from its path relative to the project's root. The path is relative to
/// the working directory where possible.
pub(super) fn in_project(project: &Project, file: &Prose<1>) -> PathBuf {
    PathBuf::from(project.display(&project.root().join(file.as_str())))
}

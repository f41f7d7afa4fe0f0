//! `driverc explain`: prints where an effective value comes from.

use std::io;

use super::{
    Failure, Outcome,
    arguments::{Color, Explain, ExplainFormat, Inputs, RuleQuery, TableFormat},
    input,
    outputs::{self, Output},
    rule,
};
use crate::{
    configuration::keys::KEYS,
    explain::{
        CallerSlack, Explanation, budget_limit, callers, configuration_key, contract_field,
        rule_level, server_of_driver, server_values, workload_field,
    },
    finding::Rule,
    model::{BenchmarkProfile, DriverContract, Field, Vocabulary},
    project::{Loaded, Project},
    report, rules,
    toml::{
        spelling::{nearest, truncated},
        tree::{NodeId, Tree, ValueKind},
    },
    workspace::{Texts, Workspace},
};

/// The values to print. The callers of a driver are included only if all values of the driver are
/// printed.
#[derive(Default)]
struct Explained {
    values: Vec<Explanation>,
    callers: Vec<CallerSlack>,
}

impl From<Vec<Explanation>> for Explained {
    fn from(values: Vec<Explanation>) -> Self {
        Self { values, callers: Vec::new() }
    }
}

pub(super) fn run(command: &Explain, color: Color) -> Result<Outcome, Failure> {
    let inputs = Inputs {
        quiet: command.quiet,
        ..Inputs::of(command.contracts.clone(), command.roots.clone())
    };
    let project = input::open(&inputs, color)?;
    let outputs = &outputs::of(&command.output_format, None)?[..];
    outputs::refuse_configuration(outputs, &project)?;
    let Some(path) = &command.path else {
        let configuration = &project.configuration;
        return write(outputs, |format| match format {
            ExplainFormat::Json => report::configuration::json(configuration),
            ExplainFormat::Text => Ok(report::configuration::toml(configuration)),
        });
    };
    let keys = dotted(path);
    let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
    let in_configuration = in_configuration(command, &project, &keys);
    let rule = if let [_] = keys[..] { rules::find(path) } else { None };
    let loaded = input::load(&inputs, project, Texts::Kept);
    if let Ok(loaded) = &loaded {
        outputs::refuse_inputs(outputs, loaded)?;
    }
    let driver = loaded.as_ref().ok().and_then(|loaded| of_driver(&loaded.workspace, &keys));
    match (in_configuration, rule, driver) {
        (Some(Ok(explanation)), None, None) => show(outputs, &vec![explanation].into()),
        (Some(Ok(_)), None, Some(_)) => {
            Err(ambiguous(path, "a key of `driverc.toml`", "driverc explain"))
        }
        (_, Some(_), Some(_)) => {
            Err(ambiguous(path, &format!("the rule `{path}`"), &format!("driverc rule {path}")))
        }
        (_, Some(rule), None) => show_rule(outputs, rule, color),
        (_, None, Some(explained)) => show(outputs, &explained),
        (Some(Err(failure)), None, None) => Err(failure),
        (None, None, None) => show(outputs, &in_contracts(command, &loaded?, &keys)?),
    }
}

fn ambiguous(path: &str, other: &str, other_command: &str) -> Failure {
    let help = format!("write `driver.{path}`, or run `{other_command}`");
    Failure::new(format!("`{path}` can be {other} or the driver `{path}`; {help}"))
}

/// Returns the parts of a path. A part can be quoted, like a key in TOML.
fn dotted(path: &str) -> Vec<String> {
    let line = format!("{path} = 0");
    let tree = Tree::parse(&line);
    let only_child = |id: &NodeId| {
        let mut children = tree.children(*id);
        children.next().filter(|_| children.next().is_none())
    };
    let nodes: Vec<_> = std::iter::successors(only_child(&tree.root()), only_child).collect();
    let is_whole = nodes
        .last()
        .is_some_and(|last| matches!(tree.node(*last).kind, ValueKind::Integer(Some(0))));
    if is_whole && path.contains(['"', '\'']) {
        nodes.into_iter().map(|id| tree.node(id).key.to_string()).collect()
    } else {
        path.split('.').map(str::to_owned).collect()
    }
}

type Outputs<'o> = [Output<'o, ExplainFormat>];

fn show(outputs: &Outputs<'_>, explained: &Explained) -> Result<Outcome, Failure> {
    let Explained { values, callers } = explained;
    write(outputs, |format| match format {
        ExplainFormat::Json => report::explain::json(values, callers),
        ExplainFormat::Text => Ok(report::explain::text(values, callers)),
    })
}

fn show_rule(outputs: &Outputs<'_>, rule: &'static Rule, color: Color) -> Result<Outcome, Failure> {
    outputs::write(outputs, |Output { format, file }| {
        let format = match format {
            ExplainFormat::Json => TableFormat::Json,
            ExplainFormat::Text => TableFormat::Text,
        };
        let output = Output { format, file: *file };
        rule::rendered(Some(&RuleQuery::One(rule)), &output, color).map(String::into_bytes)
    })?;
    Ok(Outcome::Clean)
}

fn write(
    outputs: &Outputs<'_>,
    render: impl Fn(ExplainFormat) -> io::Result<String>,
) -> Result<Outcome, Failure> {
    outputs::write(outputs, |output| {
        render(output.format).map(String::into_bytes).map_err(|error| Failure::json(&error))
    })?;
    Ok(Outcome::Clean)
}

/// Explains a key of `driverc.toml`. Returns `None` if the path does not start with such a key.
fn in_configuration(
    command: &Explain,
    project: &Project,
    keys: &[&str],
) -> Option<Result<Explanation, Failure>> {
    let (configuration, source) = (&project.configuration, project.configuration_source());
    if let ["rules", name] = keys {
        let Some(rule) = rules::configurable().find(|rule| rule.name == *name) else {
            return Some(Err(unknown_rule(name)));
        };
        let file = command.file.as_deref().map(|file| project.relative_to_root(file));
        return Some(Ok(rule_level(configuration, source, rule, file.as_deref())));
    }
    if !KEYS.iter().any(|key| key.name == keys[0]) {
        return None;
    }
    let explanation = configuration_key(configuration, source, keys);
    let path = keys.join(".");
    let unknown = || Failure::new(format!("`driverc.toml` has no key `{}`", truncated(&path)));
    Some(explanation.ok_or_else(unknown))
}

fn unknown_rule(name: &str) -> Failure {
    let help = match nearest(name, rules::configurable().map(|rule| rule.name)) {
        Some(intended) => format!("did you mean `{intended}`?"),
        None => "run `driverc rule` to list all rules".to_owned(),
    };
    Failure::new(format!("no level can be set for `{}`; {help}", truncated(name)))
}

/// Explains values of a contract, a budget or a workload.
fn in_contracts(command: &Explain, loaded: &Loaded, keys: &[&str]) -> Result<Explained, Failure> {
    match keys {
        ["budget", profile, key @ ..] if !key.is_empty() => {
            let (profile, driver) = (profile_of(loaded, profile)?, driver_of(command, loaded)?);
            let field = field_of(&key.join("."), Field::BUDGET_SCOPE, "budget")?;
            let explanation = budget_limit(&loaded.workspace, driver, profile, field);
            explained(explanation, "budget", driver, profile)
        }
        ["workload", profile, key @ ..] if !key.is_empty() => {
            let (profile, driver) = (profile_of(loaded, profile)?, driver_of(command, loaded)?);
            let field = field_of(&key.join("."), Field::WORKLOAD_SCOPE, "workload")?;
            let explanation = workload_field(&loaded.workspace, driver, profile, field);
            explained(explanation, "workload", driver, profile)
        }
        ["budget" | "workload"] | ["budget" | "workload", _] => Err(Failure::new(format!(
            "write a whole path, such as `{}.heavy_data.KEY --driver NAME`",
            keys[0]
        ))),
        ["server", name, key @ ..] => of_server(&loaded.workspace, name, key).map(Into::into),
        ["caller" | "call", _, ..] if loaded.workspace.driver(keys[0]).is_none() => {
            Err(Failure::new("name the driver that is called, to print its callers".to_owned()))
        }
        ["requirement", ..] if loaded.workspace.driver(keys[0]).is_none() => {
            let help = "run `driverc consumers DRIVER` to list the requirements for a driver";
            Err(Failure::new(help.to_owned()))
        }
        ["driver", name, key @ ..] | [name, key @ ..] => {
            let driver = driver_named(loaded, name)?;
            contract_values(&loaded.workspace, driver, key)
        }
        [] => Ok(Explained::default()),
    }
}

/// Explains values of a driver. Returns `None` unless the path starts with the name of a driver and
/// the rest of the path is empty or names a contract key.
fn of_driver(workspace: &Workspace, keys: &[&str]) -> Option<Explained> {
    let (name, key) = keys.split_first()?;
    contract_values(workspace, workspace.driver(name)?, key).ok()
}

/// Explains a value of a contract. If `key` is empty, explains all values of the contract, and the
/// callers of its driver.
fn contract_values(
    workspace: &Workspace,
    driver: &DriverContract,
    key: &[&str],
) -> Result<Explained, Failure> {
    let fields: Vec<_> = contract_fields().collect();
    let explain = |field| contract_field(workspace, driver, field);
    if key.is_empty() {
        let of_server = server_of_driver(workspace, driver);
        let values = fields.into_iter().map(explain).chain(of_server).collect();
        return Ok(Explained { values, callers: callers(workspace, driver) });
    }
    field_of(&key.join("."), &fields, "contract").map(|field| vec![explain(field)].into())
}

/// Explains a value of a server, or all of its values.
fn of_server(workspace: &Workspace, name: &str, key: &[&str]) -> Result<Vec<Explanation>, Failure> {
    let Some(server) = workspace.servers().find(|server| *server.name == *name) else {
        let names = workspace.servers().map(|server| server.name.as_str());
        let help = nearest(name, names)
            .map_or_else(String::new, |intended| format!("; did you mean `{intended}`?"));
        return Err(Failure::new(format!(
            "no document declares `server.{}` without errors{help}",
            truncated(name)
        )));
    };
    let mut values = server_values(workspace, server);
    if key.is_empty() {
        return Ok(values);
    }
    let path = format!("server.{}.{}", server.name, key.join("."));
    values.retain(|value| value.path == path);
    if values.is_empty() {
        let key = key.join(".");
        return Err(Failure::new(format!("a server has no value `{}`", truncated(&key))));
    }
    Ok(values)
}

/// Returns the fields of a contract that are not tables, in the order in which documents list them.
fn contract_fields() -> impl Iterator<Item = Field> {
    let tables = [Field::TIMEOUT_POLICY, Field::RETRY_POLICY, Field::TELEMETRY];
    let own = Field::TEMPLATE.iter().filter(|field| {
        !matches!(field, Field::TimeoutPolicy | Field::RetryPolicy | Field::Telemetry)
    });
    own.chain(tables.into_iter().flatten()).copied()
}

fn explained(
    explanation: Option<Explanation>,
    table: &str,
    driver: &DriverContract,
    profile: BenchmarkProfile,
) -> Result<Explained, Failure> {
    let (name, profile) = (&driver.name, profile.label());
    let none = || Failure::new(format!("`{name}` has no {table} for `{profile}` without errors"));
    explanation.ok_or_else(none).map(|explanation| vec![explanation].into())
}

fn profile_of(loaded: &Loaded, label: &str) -> Result<BenchmarkProfile, Failure> {
    let profile = BenchmarkProfile::from_any(label);
    let profile =
        profile.ok_or_else(|| Failure::new(format!("`{}` is not a profile", truncated(label))))?;
    Failure::refuse_unknown_profile(profile, loaded.workspace.vocabulary())?;
    Ok(profile)
}

/// Returns the driver that `--driver` names.
fn driver_of<'l>(command: &Explain, loaded: &'l Loaded) -> Result<&'l DriverContract, Failure> {
    let missing =
        || Failure::new("budgets and workloads depend on the driver; add `--driver NAME`");
    driver_named(loaded, command.driver.as_deref().ok_or_else(missing)?)
}

/// Returns the contract of a driver, if it has no read errors.
pub(super) fn driver_named<'l>(
    loaded: &'l Loaded,
    name: &str,
) -> Result<&'l DriverContract, Failure> {
    let workspace = &loaded.workspace;
    if let Some(contract) = workspace.driver(name) {
        return Ok(contract);
    }
    if workspace.source_of(name).is_some() {
        let message = format!("the contract of `{name}` has errors; run `driverc check`");
        return Err(Failure::new(message));
    }
    let names = workspace.drivers().map(|driver| driver.name.as_str());
    Err(Failure::unknown_driver(&truncated(name), names))
}

fn field_of(path: &str, fields: &[Field], table: &str) -> Result<Field, Failure> {
    let found = fields.iter().find(|field| field.path() == path);
    let by_key = || fields.iter().find(|field| field.has_key(path));
    found.or_else(by_key).copied().ok_or_else(|| {
        let help = nearest(path, fields.iter().map(|field| field.path()))
            .map_or_else(String::new, |intended| format!("; did you mean `{intended}`?"));
        Failure::new(format!("a {table} has no value `{}`{help}", truncated(path)))
    })
}

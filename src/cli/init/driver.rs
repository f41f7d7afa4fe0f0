//! Adds a driver to a project.

use std::{
    io::{BufRead, Write},
    path::PathBuf,
};

use super::{
    block, invalid_name,
    place::Place,
    questions::{self, Questions},
    trial, values,
};
use crate::{
    cli::{Failure, Outcome, arguments::Inputs, failure::note, input, load_errors},
    model::{
        ContractValue, DriverClass, DriverContract, DriverName, Field, MaxInFlight, Name,
        TemplateName, Vocabulary,
    },
    project::{Loaded, Project},
    toml::{
        spelling::{intended_word, nearest},
        value::Read,
    },
    workspace::Texts,
};

/// The values that the command line gives for a new driver.
pub(super) struct NewDriver {
    pub(super) name: Option<DriverName>,
    pub(super) class: Option<DriverClass>,
    pub(super) template: Option<TemplateName>,
    /// The document that receives the driver.
    pub(super) document: Option<PathBuf>,
}

/// Adds a driver to the project. Asks for the missing values if a person can answer.
pub(super) fn add(
    wanted: &NewDriver,
    inputs: &Inputs,
    project: Project,
) -> Result<Outcome, Failure> {
    let loaded = input::read(inputs, project, Texts::Kept)?.join_or_empty();
    if load_errors::report(&loaded) != Outcome::Clean {
        // An unread document can declare the same driver.
        return Ok(Outcome::Incomplete);
    }
    if let Some(name) = &wanted.name {
        refuse_declared(name, &loaded).map_err(Failure::new)?;
    }
    if let Some(class) = wanted.class {
        known_class(class.label(), &loaded).map_err(Failure::new)?;
    }
    refuse_unknown_template(wanted, &loaded)?;
    refuse_other_class(wanted, &loaded)?;
    let (name, class) = (wanted.name.as_ref(), class_of(wanted, &loaded));
    let mut contract = match name.zip(class) {
        Some((name, class)) => contract(name, class, &loaded),
        None if questions::are_possible() => ask(name, class, &loaded, questions::on_terminal())?,
        None => return Err(missing(wanted, &loaded)),
    };
    if let Some(slots) = template_slots(wanted, &loaded) {
        values::set_slots(&mut contract, slots);
    }
    write(&contract, wanted, &loaded, inputs.quiet)
}

fn write(
    contract: &DriverContract,
    wanted: &NewDriver,
    loaded: &Loaded,
    quiet: bool,
) -> Result<Outcome, Failure> {
    let place = Place::of(&contract.name, wanted.document.as_deref(), loaded)?;
    let template = wanted.template.as_ref().and_then(|name| loaded.workspace.template(name));
    let is_written =
        |field| template.is_none_or(|template| !template.fields.sets(field) && !is_optional(field));
    let vocabulary = &loaded.project.configuration.vocabulary;
    let driver = block::text(contract, template.map(|it| &it.name), is_written, vocabulary);
    trial::refuse_name(&contract.name, &driver, place.path(), loaded)?;
    let driver = trial::with_idle_limit(driver, place.path(), loaded);
    let budgets = values::budgets(contract, &loaded.workspace);
    let text = driver + &block::budgets(&budgets);
    place.write(&text, loaded, quiet)?;
    note(quiet, format_args!("next: edit `{}`, then run `driverc check`", place.path().display()));
    Ok(Outcome::Clean)
}

/// Returns true if a contract does not require the key.
fn is_optional(field: Field) -> bool {
    matches!(
        field,
        Field::QueueMs
            | Field::DeadlineMs
            | Field::LifetimeMs
            | Field::MultiplierPercent
            | Field::RetryBudgetPercent
            | Field::RetryBudgetMin
    )
}

fn contract(name: &DriverName, class: DriverClass, loaded: &Loaded) -> DriverContract {
    values::contract(name, class, &loaded.project, &loaded.workspace)
}

/// The class that the command line names, or else the class of the template.
fn class_of(wanted: &NewDriver, loaded: &Loaded) -> Option<DriverClass> {
    wanted.class.or_else(|| class_of_template(wanted, loaded))
}

fn class_of_template(wanted: &NewDriver, loaded: &Loaded) -> Option<DriverClass> {
    let template = loaded.workspace.template(wanted.template.as_ref()?)?;
    let ContractValue::Word(word) = template.fields.values.get(Field::Class)? else {
        return None;
    };
    DriverClass::from_any(word)
}

/// Fails if the command line and the template state different classes.
fn refuse_other_class(wanted: &NewDriver, loaded: &Loaded) -> Result<(), Failure> {
    match (&wanted.template, wanted.class, class_of_template(wanted, loaded)) {
        (Some(template), Some(class), Some(own)) if class != own => Err(Failure::new(format!(
            "template `{template}` sets class `{}`; leave out `--class {}`",
            own.label(),
            class.label()
        ))),
        _ => Ok(()),
    }
}

/// The number of slots that the template sets.
fn template_slots(wanted: &NewDriver, loaded: &Loaded) -> Option<MaxInFlight> {
    let values = &loaded.workspace.template(wanted.template.as_ref()?)?.fields.values;
    let ContractValue::Number(slots) = values.get(Field::MaxInFlight)? else { return None };
    MaxInFlight::new(*slots).ok()
}

/// Asks for the name and the class if they are missing, then for the module and the slots.
fn ask<R: BufRead, W: Write>(
    name: Option<&DriverName>,
    class: Option<DriverClass>,
    loaded: &Loaded,
    mut questions: Questions<R, W>,
) -> Result<DriverContract, Failure> {
    let name = match name {
        Some(name) => name.clone(),
        None => questions.ask("Driver name", None, |text| {
            let name = DriverName::new(text).map_err(|_| invalid_name(text).to_string())?;
            refuse_declared(&name, loaded).map(|()| name)
        })?,
    };
    let class = if let Some(class) = class {
        class
    } else {
        let question = format!("Class ({})", classes(loaded).join(", "));
        questions.ask(&question, None, |text| known_class(text, loaded))?
    };
    let mut contract = contract(&name, class, loaded);
    let module = contract.provider_module.to_string();
    contract.provider_module =
        questions.ask("Module that implements the driver", Some(&module), |text| {
            Name::new(text).map_err(|error| error.to_string())
        })?;
    let slots = contract.max_in_flight.get().to_string();
    let slots = questions.ask("Maximum number of operations in flight", Some(&slots), |text| {
        let number = text.parse().ok().and_then(|number| MaxInFlight::new(number).ok());
        number.ok_or_else(|| format!("write {}", MaxInFlight::expected()))
    })?;
    values::set_slots(&mut contract, slots);
    Ok(contract)
}

/// The failure if values are missing and driverc cannot ask for them.
fn missing(wanted: &NewDriver, loaded: &Loaded) -> Failure {
    if wanted.name.is_none() {
        return Failure::new("name the driver: `driverc init NAME`");
    }
    let classes = classes(loaded).join(", ");
    Failure::new(match &wanted.template {
        Some(template) => {
            format!("template `{template}` sets no class; add `--class`, one of {classes}")
        }
        None => format!("add `--class`, one of {classes}, or `--from-template`"),
    })
}

fn classes(loaded: &Loaded) -> Vec<String> {
    let classes = loaded.project.configuration.vocabulary.all::<DriverClass>();
    classes.iter().map(|class| class.label().to_owned()).collect()
}

fn known_class(text: &str, loaded: &Loaded) -> Result<DriverClass, String> {
    let vocabulary = &loaded.project.configuration.vocabulary;
    vocabulary.find(text).ok_or_else(|| {
        let help = match intended_word::<DriverClass>(text, vocabulary) {
            Some(intended) => format!("did you mean `{}`?", intended.label()),
            None => format!("write {}", DriverClass::expected_in(vocabulary)),
        };
        format!("unknown class `{text}`; {help}")
    })
}

fn refuse_unknown_template(wanted: &NewDriver, loaded: &Loaded) -> Result<(), Failure> {
    let Some(name) = &wanted.template else { return Ok(()) };
    if loaded.workspace.template(name).is_some() {
        return Ok(());
    }
    let names = loaded.workspace.templates().map(TemplateName::as_str);
    let help = nearest(name, names)
        .map_or_else(String::new, |intended| format!("; did you mean `{intended}`?"));
    Err(Failure::new(format!("no template `{name}` is declared{help}")))
}

/// Fails if the project declares the driver, or might declare it in a text with syntax errors.
fn refuse_declared(name: &DriverName, loaded: &Loaded) -> Result<(), String> {
    let workspace = &loaded.workspace;
    if let Some(source) = workspace.source_of(name) {
        let document = workspace.sources().source(source).name();
        return Err(format!("driver `{name}` is already declared in `{document}`"));
    }
    if workspace.declared_driver(name).is_some() || workspace.may_have_lost(name) {
        return Err(format!("`{name}` may be declared already; run `driverc check` first"));
    }
    Ok(())
}

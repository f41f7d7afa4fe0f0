//! Says where an adopted value comes from, and why a field is left out.

use super::Reader;
use crate::{
    model::{DriverClass, Field},
    targets::{
        conversion::Conversion,
        options::TargetOptions,
        table::{Behaviour, Gap, Setting},
        texts,
        verify::with_limit,
    },
    toml::quote::quoted,
};

impl Reader<'_> {
    /// Returns the settings from which the field is read.
    pub(super) fn settings(&self, field: Field) -> impl Iterator<Item = &'static Setting> {
        let settings = self.options.settings();
        settings.filter(move |setting| setting.is_adopted && setting.field == Some(field))
    }

    /// Returns the lines of texts, each with its origin. The class of the command line applies
    /// first.
    pub(super) fn texts(&self, class: Option<DriverClass>) -> Vec<(Field, String)> {
        let class = class.map(|class| (Field::Class, format!("class = \"{}\"", class.label())));
        let has_class = class.is_some();
        let texts = texts::settings(self.options).filter_map(|(setting, field)| {
            let (entry, texts) = self.read.texts_of(setting.name)?;
            let quoted: Vec<_> = texts.iter().map(|text| quoted(text)).collect();
            let quoted = quoted.join(", ");
            let quoted = if texts::is_list(field) { format!("[{quoted}]") } else { quoted };
            let line = self.lines.position(entry.key_span.start).line;
            let name = setting.name;
            Some((field, format!("{} = {quoted}  # line {line}: {name}", field.key())))
        });
        class.into_iter().chain(texts.filter(|(it, _)| !has_class || *it != Field::Class)).collect()
    }

    /// Returns the setting of the field whose value is unknown.
    pub(super) fn unknown_setting(&self, field: Field) -> Option<&'static str> {
        let mut names = self
            .settings(field)
            .flat_map(|setting| setting.conversion.needed().into_iter().chain([setting.name]));
        names.find(|name| self.read.unknown.contains(name))
    }

    /// Returns the reason why the program refuses the value of the field.
    pub(super) fn refused(&self, field: Field) -> Option<String> {
        let refusals = self.options.dialect.refusals.iter();
        let refusals = refusals.filter(|refusal| self.options.setting(refusal.setting).is_some());
        let mut refusals = refusals.filter(|refusal| refusal.field == field);
        let refusal = refusals.find(|refusal| (refusal.is_refused)(&self.read.values))?;
        let (program, failure) = (self.options.program(), self.options.dialect.failure);
        Some(format!("{program} {failure}: {}", refusal.message))
    }

    /// Returns the setting that states the value of the field.
    fn setting_with(&self, field: Field, value: u64) -> Option<&'static Setting> {
        let states = |setting: &&Setting| {
            let own = setting.looseness(self.read.values.get(setting.name));
            setting.conversion.read(own, &self.read.values) == Some(value)
        };
        self.settings(field).find(states)
    }

    /// Returns the origin of a value, as a comment.
    pub(super) fn origin(&self, field: Field, value: u64) -> String {
        let Some(setting) = self.setting_with(field, value) else {
            let gap = self.options.gaps().find(|gap| gap.field == field);
            let always = |gap: &Gap| format!("{} always: {}", self.options.program(), gap.meaning);
            return gap.map(always).unwrap_or_default();
        };
        let name = setting.name;
        let partners = setting.conversion.partners().into_iter().filter_map(|partner| {
            let setting = self.options.setting(partner)?;
            let value = self.read.values.get(partner);
            let is_moot = self.read.values.explicit(partner).is_none() && value == 0;
            (!is_moot).then(|| format!(", {partner}={}", setting.spelled(value)))
        });
        let partners: String = partners.collect();
        let spelled = setting.spelled(self.read.values.get(name)) + &partners;
        if let Some((_, condition)) = self.read.values.replacement(setting) {
            return format!("{} uses {name}={spelled}: {condition}", self.options.program());
        }
        match self.read.entry_of(name) {
            Some(entry) => {
                let line = self.lines.position(entry.key_span.start).line;
                format!("line {line}: {name}={spelled}")
            }
            None => format!("default of {}: {name}={spelled}", self.options.program()),
        }
    }

    /// Returns the reason why the configuration does not state a required field.
    pub(super) fn absent(&self, field: Field) -> Option<String> {
        if is_optional(field) {
            return None;
        }
        if field == Field::JitterPercent {
            return Some(why_no_jitter(self.options).to_owned());
        }
        let gap = self.options.gaps().find(|gap| gap.field == field);
        let gap = gap.map(|gap| gap.meaning.to_owned());
        let holds_batches = field == Field::MaxQueueDepth;
        let reason = self.settings(field).next().map(|Setting { name, conversion, .. }| {
            if let Conversion::Idle(floor) = conversion {
                let count = self.read.values.get(floor);
                format!("`{floor}` is {count}, so unused connections stay open")
            } else if holds_batches {
                format!("`{name}` holds less than the requests in flight")
            } else {
                format!("`{name}` is not set")
            }
        });
        Some(gap.or(reason).unwrap_or_else(|| "no setting states it".to_owned()))
    }

    /// Returns the reason why a value cannot be in a contract.
    pub(super) fn outside(&self, field: Field, value: u64, min: u64, max: u64) -> String {
        let Some(setting) = self.setting_with(field, value) else {
            return format!("{value} is outside {min} to {max}");
        };
        let name = setting.name;
        let real = self.read.values.get(name);
        if let Some((_, condition)) = self.read.values.replacement(setting) {
            let value = with_limit(setting, real);
            return format!("{} uses `{name}` = {value}: {condition}", self.options.program());
        }
        if let Some(text) = setting.default_text.filter(|_| real == u64::MAX) {
            return format!("`{name}` is not set, and its default is {text}");
        }
        let partners = setting.conversion.partners();
        if let Some(partner) = partners.iter().find(|name| self.read.values.limit(name) == u64::MAX)
            && value == u64::MAX
        {
            let partner_value = self.read.values.get(partner);
            return format!("`{partner}` is {partner_value}, which means no limit");
        }
        if real == u64::MAX {
            return format!("`{name}` is not set, and there is no limit without it");
        }
        if setting.is_unlimited(real) {
            return format!("`{name}` is {real}, which means no limit");
        }
        format!("`{name}` is {real}, so the value {value} would be outside {min} to {max}")
    }
}

/// Returns the reason why no jitter is adopted.
fn why_no_jitter(options: TargetOptions) -> &'static str {
    let gap = options.gaps().find(|gap| gap.field == Field::JitterPercent);
    let gap = gap.filter(|gap| gap.behaviour == Behaviour::Nothing);
    gap.map_or("a proposal is not a value", |gap| gap.meaning)
}

const fn is_optional(field: Field) -> bool {
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

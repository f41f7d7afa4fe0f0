//! Finds changes to `driverc.toml` that make checks weaker or leave files out.

mod files;

pub use self::files::ConfigurationFile;
use super::{AffectedConsumers, Change, ChangedItem, Difference, Direction, Part, Severity, order};
use crate::{
    configuration::{Configuration, EffectiveLevel, EvidenceTerms, FILE_NAME, LevelOrigin},
    model::{
        Capabilities, DriverClass, DriverContract, DriverName, Field, Name, ProjectClass,
        ProjectVocabulary, Vocabulary,
    },
    rules,
    workspace::Workspace,
};

/// A key of `driverc.toml` with its values as text.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct KeyChange {
    /// The dotted key: `rules.retry-no-jitter`.
    pub key: String,
    /// The value in the base.
    pub old: String,
    /// The value on the new side.
    pub new: String,
    /// The name of the configuration.
    pub file: String,
}

/// Files that belong to the project in the base, but not on the new side.
#[derive(Clone, Debug, Default)]
pub struct DroppedFiles {
    /// Whether `exclude` leaves the files out. Otherwise, `include` no longer covers them.
    pub excluded: bool,
    /// The names of the files.
    pub files: Vec<String>,
    /// The drivers that the files declare.
    pub drivers: Vec<DriverName>,
}

impl Difference {
    /// Adds the changes to the configuration. All these changes are risky.
    pub fn add_configuration(
        &mut self,
        [old, new]: [&Configuration; 2],
        left_out: &[DroppedFiles],
        now: &Workspace,
    ) {
        let mut found = Found { now, changes: Vec::new() };
        found.tiers(old, new);
        found.largest_file(old, new);
        found.baseline(old, new);
        found.levels(old, new);
        found.thresholds(old, new);
        found.per_file(old, new);
        found.vocabulary(&old.vocabulary, &new.vocabulary);
        found.capabilities(old, new);
        found.evidence(old, new);
        for files in left_out {
            found.left_out(files);
        }
        self.changes.extend(found.changes);
        self.changes.sort_by(|left, right| order(left).cmp(&order(right)));
    }
}

struct Found<'w> {
    now: &'w Workspace,
    changes: Vec<Change>,
}

impl Found<'_> {
    fn push(
        &mut self,
        (field, key): (Field, String),
        [old, new]: [String; 2],
        meaning: &'static str,
        concerned: &[DriverName],
    ) {
        let notes = vec![concerns(concerned)];
        self.changes.push(Change {
            severity: Severity::Risky,
            contract: ChangedItem::Configuration(KeyChange {
                key,
                old,
                new,
                file: FILE_NAME.to_owned(),
            }),
            field,
            part: Part::default(),
            direction: Direction::Change,
            old: None,
            new: None,
            meaning,
            template: None,
            drivers: Vec::new(),
            consequences: Vec::new(),
            consumers: AffectedConsumers::default(),
            notes,
            waiver_pending: false,
            accepted: None,
        });
    }

    fn drivers(&self, is_concerned: impl Fn(&DriverContract) -> bool) -> Vec<DriverName> {
        let drivers = self.now.drivers().filter(|driver| is_concerned(driver));
        drivers.map(|driver| driver.name.clone()).collect()
    }

    /// Reports tiers that were removed or reordered, or a new top tier.
    fn tiers(&mut self, old: &Configuration, new: &Configuration) {
        let mut later = new.support_tiers.iter();
        let is_kept = old.support_tiers.iter().all(|tier| later.any(|kept| kept == tier));
        if is_kept && old.top_tier() == new.top_tier() {
            return;
        }
        let texts = [old, new]
            .map(|configuration| list(configuration.support_tiers.iter().map(Name::as_str)));
        let key = (Field::SupportTiers, Field::SupportTiers.key().to_owned());
        let drivers = self.drivers(|_| true);
        self.push(key, texts, "support tiers are compared in another order", &drivers);
    }

    /// Reports a lower `max_file_bytes`.
    fn largest_file(&mut self, old: &Configuration, new: &Configuration) {
        let limits = [old, new].map(|configuration| configuration.max_file_bytes);
        if limits[1] < limits[0] {
            let key = (Field::MaxFileBytes, Field::MaxFileBytes.key().to_owned());
            let texts = limits.map(|limit| limit.get().to_string());
            let drivers = self.drivers(|_| true);
            self.push(key, texts, "larger files are no longer read", &drivers);
        }
    }

    /// Reports a baseline that was added.
    fn baseline(&mut self, old: &Configuration, new: &Configuration) {
        if let (None, Some(file)) = (&old.baseline, &new.baseline) {
            let key = (Field::Baseline, Field::Baseline.key().to_owned());
            let texts = ["none".to_owned(), file.as_str().to_owned()];
            let drivers = self.drivers(|_| true);
            self.push(key, texts, "findings that the file lists are accepted", &drivers);
        }
    }

    /// Reports lower rule levels. Rules that are lowered only by the preset are reported as one
    /// change.
    fn levels(&mut self, old: &Configuration, new: &Configuration) {
        let lowered = rules::configurable()
            .map(|rule| (rule, [old, new].map(|it| it.effective_level(rule, &[]))))
            .filter(|(_, [old, new])| new.level < old.level);
        let is_named = |level: &EffectiveLevel| level.origin > LevelOrigin::Preset;
        let (named, by_preset): (Vec<_>, Vec<_>) =
            lowered.partition(|(_, levels)| levels.iter().any(is_named));
        for (rule, levels) in named {
            let texts = levels.map(|it| it.level.word().to_owned());
            let drivers = self.drivers(|_| true);
            let key = (Field::Rules, format!("rules.{}", rule.name));
            self.push(key, texts, "the rule reports less, or fails fewer runs", &drivers);
        }
        if !by_preset.is_empty() {
            let texts = [old, new].map(|configuration| configuration.preset.word().to_owned());
            let drivers = self.drivers(|_| true);
            let key = (Field::Preset, Field::Preset.key().to_owned());
            self.push(key, texts, "rules report at a lower level", &drivers);
        }
    }

    fn thresholds(&mut self, old: &Configuration, new: &Configuration) {
        for rule in rules::configurable().filter(|rule| old.holds_somewhere(rule)) {
            for parameter in rule.parameters {
                let values =
                    [old, new].map(|configuration| configuration.parameter(rule, parameter));
                if values[0] != values[1] {
                    let texts = values.map(|value| value.to_string());
                    let drivers = self.drivers(|_| true);
                    let key = (Field::Rules, format!("rules.{}.{}", rule.name, parameter.name));
                    self.push(key, texts, "the rule has another limit", &drivers);
                }
            }
        }
    }

    fn per_file(&mut self, old: &Configuration, new: &Configuration) {
        let both = old.per_file_rules.iter().chain(&new.per_file_rules);
        let mut globs: Vec<&str> = both.map(|files| files.files.as_str()).collect();
        globs.sort_unstable();
        globs.dedup();
        for glob in globs {
            let both = [old, new].map(|it| (it, it.globs(|files| files.files.as_str() == glob)));
            for rule in rules::configurable() {
                let levels =
                    both.each_ref().map(|(it, globs)| it.effective_level(rule, globs).level);
                let elsewhere = [old, new].map(|it| it.effective_level(rule, &[]).level);
                // A change for all files is reported once.
                if levels[1] < levels[0] && levels != elsewhere {
                    let drivers = self.drivers(|_| true);
                    let key = format!("per-file-rules.\"{glob}\".{}", rule.name);
                    let meaning = "the rule reports less in these files";
                    let texts = levels.map(|level| level.word().to_owned());
                    self.push((Field::PerFileRules, key), texts, meaning, &drivers);
                }
            }
        }
    }

    /// Reports words whose meaning has changed. A removed word is not reported here, because its
    /// uses are errors.
    fn vocabulary(&mut self, old: &ProjectVocabulary, new: &ProjectVocabulary) {
        for (word, before) in &old.classes {
            let Some(after) = new.classes.get(word).filter(|it| it.like != before.like) else {
                continue;
            };
            let class = DriverClass::Project(*word);
            let drivers = self.drivers(|driver| driver.class == class);
            let meaning = "other rules and thresholds apply to drivers of the class";
            let key = format!("vocabulary.class.{word}.like");
            self.push((Field::Vocabulary, key), [like(before), like(after)], meaning, &drivers);
        }
        for (word, before) in &old.profiles {
            let Some(after) = new.profiles.get(word) else { continue };
            let lost = before.claimed_by.without(&after.claimed_by);
            if lost.is_empty() {
                continue;
            }
            let drivers =
                self.drivers(|driver| lost.iter().any(|it| driver.capabilities.contains(it)));
            let texts = [before, after].map(|profile| {
                let words: Vec<_> = profile.claimed_by.iter().collect();
                list(words.iter().map(Vocabulary::word))
            });
            let meaning = "drivers with the capability no longer claim the profile";
            let key = format!("vocabulary.profile.{word}.claimed_by");
            self.push((Field::Vocabulary, key), texts, meaning, &drivers);
        }
    }

    fn capabilities(&mut self, old: &Configuration, new: &Configuration) {
        let classes = old.vocabulary.all::<DriverClass>().into_iter();
        // Without a list of its own, a class has the list of its `like`, which is reported as such.
        let is_declared = |class: &DriverClass| {
            [old, new].into_iter().any(|it| it.required_capabilities.contains_key(class))
        };
        let classes = classes.filter(|class| new.vocabulary.contains(class) && is_declared(class));
        for class in classes {
            let sets = [old, new].map(|configuration| configuration.required_capabilities(class));
            let words = |set: Capabilities| {
                let words: Vec<_> = set.iter().collect();
                list(words.iter().map(Vocabulary::word))
            };
            if sets[0].iter().any(|capability| !sets[1].contains(capability)) {
                let drivers = self.drivers(|driver| driver.class == class);
                let key = format!("required_capabilities.{}", class.label());
                let meaning = "drivers of the class can lack a capability";
                self.push((Field::RequiredCapabilities, key), sets.map(words), meaning, &drivers);
            }
        }
    }

    fn evidence(&mut self, old: &Configuration, new: &Configuration) {
        for (tier, before) in &old.evidence {
            let after = new.evidence.get(tier);
            if after.is_some_and(|after| !is_weaker(before, after)) {
                continue;
            }
            let drivers = self.drivers(|driver| driver.support_tier == *tier);
            let texts = [terms(before), after.map_or_else(|| "none".to_owned(), terms)];
            let key = format!("evidence.{tier}");
            let meaning = "drivers of the tier need fewer or older benchmarks";
            self.push((Field::Evidence, key), texts, meaning, &drivers);
        }
    }

    fn left_out(&mut self, DroppedFiles { excluded, files, drivers }: &DroppedFiles) {
        const MOST: usize = 3;
        let field = if *excluded { Field::Exclude } else { Field::Include };
        let more = files.len().saturating_sub(MOST);
        let text = list(files.iter().take(MOST).map(String::as_str));
        let text = if more > 0 { format!("{text} and {more} more") } else { text };
        let texts = [text, "left out".to_owned()];
        let meaning = "the files are no longer checked; driverc still compares them";
        self.push((field, field.key().to_owned()), texts, meaning, drivers);
    }
}

/// Returns the note about the number of drivers that a change concerns.
pub(super) fn concerns(drivers: &[DriverName]) -> String {
    let plural = if drivers.len() == 1 { "" } else { "s" };
    format!("affects {} driver{plural}", drivers.len())
}

/// Returns the value of `like`.
fn like(class: &ProjectClass) -> String {
    class.like.as_ref().map_or("none", Vocabulary::word).to_owned()
}

fn list<'t>(texts: impl Iterator<Item = &'t str>) -> String {
    let texts: Vec<_> = texts.collect();
    if texts.is_empty() { "none".to_owned() } else { texts.join(", ") }
}

fn is_weaker(before: &EvidenceTerms, after: &EvidenceTerms) -> bool {
    let fewer = before.profiles.iter().any(|profile| !after.profiles.contains(profile));
    let older = match (before.max_age_days, after.max_age_days) {
        (Some(before), Some(after)) => after > before,
        (Some(_), None) => true,
        (None, _) => false,
    };
    fewer || older
}

fn terms(terms: &EvidenceTerms) -> String {
    let profiles = list(terms.profiles.iter().map(Vocabulary::word));
    match terms.max_age_days {
        Some(days) => format!("{profiles} of {days} days"),
        None => profiles,
    }
}

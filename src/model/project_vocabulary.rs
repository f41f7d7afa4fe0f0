//! The words that a project declares in addition to the built-in ones.

use std::collections::BTreeMap;

use super::{
    BenchmarkProfile, Capabilities, DriverCapability, DriverClass, Text, Vocabulary, Word,
    vocabulary::OpenVocabulary,
};

/// The description of a project's word: 1 to 255 characters.
pub type WordDescription = Text<1, 255>;

/// The classes, capabilities and profiles that a project declares in `[vocabulary]`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ProjectVocabulary {
    /// The classes, by name.
    pub classes: BTreeMap<Word, ProjectClass>,
    /// The descriptions of the capabilities, by name.
    pub capabilities: BTreeMap<Word, WordDescription>,
    /// The profiles, by name.
    pub profiles: BTreeMap<Word, ProjectProfile>,
}

/// A class that a project declares.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProjectClass {
    /// The description.
    pub description: WordDescription,
    /// The built-in class whose rules and thresholds apply. `None` stands for `"none"`: no rules
    /// and thresholds of a class apply.
    pub like: Option<DriverClass>,
}

/// A profile that a project declares.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProjectProfile {
    /// The description.
    pub description: WordDescription,
    /// The capabilities through which a driver claims the profile. One of them is enough. If the
    /// set is empty, the profile applies only to drivers with their own budget for it.
    pub claimed_by: Capabilities,
}

/// A vocabulary without any words.
static EMPTY: ProjectVocabulary = ProjectVocabulary {
    classes: BTreeMap::new(),
    capabilities: BTreeMap::new(),
    profiles: BTreeMap::new(),
};

impl ProjectVocabulary {
    /// Returns the vocabulary of a project that declares no words.
    pub fn empty() -> &'static Self {
        &EMPTY
    }

    /// Returns true if the project declares no words.
    pub fn is_empty(&self) -> bool {
        self.classes.is_empty() && self.capabilities.is_empty() && self.profiles.is_empty()
    }

    /// Returns the words of one vocabulary, by name.
    pub(crate) fn words(&self, vocabulary: OpenVocabulary) -> Vec<Word> {
        match vocabulary {
            OpenVocabulary::Class => self.classes.keys().copied().collect(),
            OpenVocabulary::Capability => self.capabilities.keys().copied().collect(),
            OpenVocabulary::Profile => self.profiles.keys().copied().collect(),
        }
    }

    /// Returns the description of a word, if the project declares it.
    pub fn description(&self, vocabulary: OpenVocabulary, word: &Word) -> Option<&str> {
        let description = match vocabulary {
            OpenVocabulary::Class => &self.classes.get(word)?.description,
            OpenVocabulary::Capability => self.capabilities.get(word)?,
            OpenVocabulary::Profile => &self.profiles.get(word)?.description,
        };
        Some(description.as_str())
    }

    /// Returns true if the project declares this word.
    fn declares(&self, vocabulary: OpenVocabulary, word: &Word) -> bool {
        match vocabulary {
            OpenVocabulary::Class => self.classes.contains_key(word),
            OpenVocabulary::Capability => self.capabilities.contains_key(word),
            OpenVocabulary::Profile => self.profiles.contains_key(word),
        }
    }

    /// Returns all words of a vocabulary: the built-in words in canonical order, then the project's
    /// words by name.
    pub fn all<V: Vocabulary>(&self) -> Vec<V> {
        let own = V::OPEN.map(|vocabulary| self.words(vocabulary)).unwrap_or_default();
        let own = own.into_iter().filter_map(V::from_project);
        V::ALL.iter().copied().chain(own).collect()
    }

    /// Returns the word with this label, if it is built in or the project declares it.
    pub fn find<V: Vocabulary>(&self, label: &str) -> Option<V> {
        V::from_word(label).or_else(|| {
            let word = Word::new(label).ok()?;
            V::OPEN.filter(|vocabulary| self.declares(*vocabulary, &word))?;
            V::from_project(word)
        })
    }

    /// Returns true if the word is built in or the project declares it.
    pub fn contains<V: Vocabulary>(&self, word: &V) -> bool {
        self.find::<V>(word.word()).is_some()
    }

    /// Returns the class whose rules and thresholds apply to drivers of a class: the class that
    /// `like` names, or the class itself if it has no such `like`.
    pub fn like(&self, class: DriverClass) -> DriverClass {
        let DriverClass::Project(word) = class else { return class };
        self.classes.get(&word).and_then(|declared| declared.like).unwrap_or(class)
    }

    /// Returns the capabilities through which a driver claims a profile. One of them is enough.
    pub fn claimed_by(&self, profile: BenchmarkProfile) -> Capabilities {
        match profile {
            BenchmarkProfile::Project(word) => {
                let declared = self.profiles.get(&word);
                declared.map(|declared| declared.claimed_by.clone()).unwrap_or_default()
            }
            BenchmarkProfile::HeavyData | BenchmarkProfile::MixedLatency => {
                profile.claimed_by_default().iter().copied().collect()
            }
        }
    }

    /// Returns true if a driver with these capabilities claims a profile.
    pub fn claims(&self, capabilities: &Capabilities, profile: BenchmarkProfile) -> bool {
        let has = |capability: &DriverCapability| capabilities.contains(*capability);
        match profile {
            BenchmarkProfile::Project(word) => {
                let declared = self.profiles.get(&word);
                declared.is_some_and(|declared| declared.claimed_by.iter().any(|it| has(&it)))
            }
            BenchmarkProfile::HeavyData | BenchmarkProfile::MixedLatency => {
                profile.claimed_by_default().iter().any(has)
            }
        }
    }

    /// Returns all profiles: the built-in profiles, then the project's profiles by name.
    pub fn all_profiles(&self) -> impl Iterator<Item = BenchmarkProfile> {
        let own = self.profiles.keys().copied().map(BenchmarkProfile::Project);
        BenchmarkProfile::ALL.iter().copied().chain(own)
    }

    /// Returns the profiles that a driver with these capabilities claims, in order.
    pub fn claimed_profiles(
        &self,
        capabilities: &Capabilities,
    ) -> impl Iterator<Item = BenchmarkProfile> {
        self.all_profiles().filter(|profile| self.claims(capabilities, *profile))
    }

    /// Returns the words of both vocabularies. If both declare a word, the declaration in this
    /// vocabulary applies.
    #[must_use]
    pub fn union(&self, other: &Self) -> Self {
        let mut union = other.clone();
        union.classes.extend(self.classes.iter().map(|(word, class)| (*word, class.clone())));
        union.capabilities.extend(self.capabilities.iter().map(|(word, it)| (*word, it.clone())));
        union.profiles.extend(self.profiles.iter().map(|(word, it)| (*word, it.clone())));
        union
    }
}

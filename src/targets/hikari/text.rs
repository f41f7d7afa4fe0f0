//! Translates settings to the names of the table: settings of Spring Boot, and settings of
//! PostgreSQL's JDBC driver in the URL and in `options`.

use super::names::{self, Names, of};
use crate::{
    source::{Span, offset},
    targets::syntax::{Entry, NOT_STATED, Parsed, SyntaxFault, is_placeholder, spring},
};

/// The start of the URL of a JDBC driver.
const JDBC: &str = "jdbc:";
/// The start of the URL of PostgreSQL's driver.
const POSTGRESQL: &str = "jdbc:postgresql:";
/// The start of the names of the classes of PostgreSQL's driver.
const CLASSES: &str = "org.postgresql.";
/// The setting of PostgreSQL with the time of a statement.
const STATEMENT: &str = "statement_timeout";
/// The units of PostgreSQL, each with its milliseconds.
const UNITS: [(&str, u64); 6] =
    [("", 1), ("ms", 1), ("s", 1_000), ("min", 60_000), ("h", 3_600_000), ("d", 86_400_000)];

/// Translates a file of HikariCP.
pub(super) fn properties(text: &str, parsed: Parsed) -> Parsed {
    let names = of(false);
    let mut reader = Reader::new(text, names, parsed.faults);
    for entry in parsed.entries {
        let key = bean(&entry.key);
        match key.strip_prefix("dataSource.") {
            Some(name) => reader.driver_setting(name, entry),
            None if key == "jdbcUrl" => reader.url(&entry),
            None if key == names.class => reader.class(entry),
            None if key == "connectionInitSql" => reader.init_sql(Entry { key, ..entry }),
            None if !names.has(&key) && !names::PROPERTIES_OTHERS.contains(&&*key) => {
                reader.fault("HikariCP has no setting with this name", entry.key_span);
            }
            None => {
                // Java does not remove blanks at the end of a value.
                if names.has(&key) && entry.value.ends_with([' ', '\t']) {
                    reader.fault("a number must not end with a blank", entry.value_span);
                }
                reader.entries.push(Entry { key, ..entry });
            }
        }
    }
    reader.parsed(parsed.start)
}

/// Translates `application.properties`, and leaves out all settings of other parts.
pub(super) fn spring(text: &str, parsed: Parsed) -> Parsed {
    let names = of(true);
    let mut reader = Reader::new(text, names, parsed.faults);
    for entry in parsed.entries {
        let key = entry.key.clone();
        let Some(parts) = spring::parts_after(&key, &["spring", "datasource"]) else { continue };
        match parts.as_slice() {
            [url] if spring::uniform(url) == "url" => reader.url(&entry),
            [hikari, rest @ ..] if spring::uniform(hikari) == "hikari" => {
                reader.spring_setting(rest, entry);
            }
            _ => {}
        }
    }
    reader.parsed(parsed.start)
}

/// Returns the name of a setting as HikariCP reads it: its first letter can have either case.
fn bean(key: &str) -> String {
    let mut letters = key.chars();
    letters
        .next()
        .map_or_else(String::new, |first| first.to_ascii_lowercase().to_string() + letters.as_str())
}

struct Reader<'t> {
    text: &'t str,
    names: &'static Names,
    entries: Vec<Entry>,
    /// The settings in the URL, which win over all others.
    of_url: Vec<Entry>,
    /// The name and value of a URL that is a placeholder.
    placeholder: Option<(Span, String)>,
    /// The name of a URL of another driver.
    other_driver: Option<Span>,
    faults: Vec<SyntaxFault>,
    /// The SQL that sets a setting.
    not_computed: Vec<(&'static str, SyntaxFault)>,
}

impl<'t> Reader<'t> {
    fn new(text: &'t str, names: &'static Names, faults: Vec<SyntaxFault>) -> Self {
        let (entries, of_url) = (Vec::new(), Vec::new());
        let (placeholder, other_driver, not_computed) = (None, None, Vec::new());
        Self { text, names, entries, of_url, placeholder, other_driver, faults, not_computed }
    }

    fn parsed(mut self, start: Span) -> Parsed {
        let in_url = self.of_url.iter().map(|entry| entry.key_span).collect();
        self.entries.append(&mut self.of_url);
        let of_driver = [self.names.connect, self.names.login, self.names.statement];
        if self.other_driver.is_some() {
            self.entries.retain(|entry| !of_driver.contains(&&*entry.key));
        }
        let other = self.other_driver.map(|url| (url, NOT_STATED.to_owned()));
        if let Some((url, value)) = other.or(self.placeholder.take()) {
            let is_set = |name: &&str| self.entries.iter().any(|entry| entry.key == **name);
            let unknown: Vec<_> = of_driver.into_iter().filter(|name| !is_set(name)).collect();
            self.entries.extend(unknown.into_iter().map(|name| unknown_value(name, url, &value)));
        }
        let Self { entries, faults, not_computed, .. } = self;
        Parsed { entries, faults, not_computed, in_url, start, ..Parsed::default() }
    }

    fn fault(&mut self, message: &'static str, span: Span) {
        self.faults.push(SyntaxFault { message, span });
    }

    fn spring_setting(&mut self, parts: &[&str], entry: Entry) {
        let name = parts.first().map(|part| spring::uniform(part)).unwrap_or_default();
        match (&*name, parts) {
            ("datasourceproperties", [_, name]) => self.driver_setting(name, entry),
            ("jdbcurl", [_]) => self.url(&entry),
            ("datasourceclassname", [_]) => self.class(entry),
            _ => {
                let all = names::SPRING_OTHERS.iter().copied().chain(self.names.settings());
                let last = |known: &str| {
                    known.trim_end_matches('.').rsplit('.').next().map(spring::uniform)
                };
                let known = all.filter(|known| known.ends_with('.') == (parts.len() > 1));
                let mut known = known.filter(|known| last(known).is_some_and(|last| last == name));
                let unknown = || format!("spring.datasource.hikari.{}", parts.join("."));
                let key = known.next().map_or_else(unknown, str::to_owned);
                if name == "connectioninitsql" {
                    self.init_sql(Entry { key, ..entry });
                } else {
                    self.entries.push(Entry { key, ..entry });
                }
            }
        }
    }

    /// Reads the class of a data source. The settings of another driver have other meanings.
    fn class(&mut self, entry: Entry) {
        let class = &entry.value;
        if !class.is_empty() && !is_placeholder(class) && !class.starts_with(CLASSES) {
            self.other_driver = Some(entry.key_span);
        }
        self.entries.push(Entry { key: self.names.class.to_owned(), ..entry });
    }

    /// Reads a setting of the JDBC driver.
    fn driver_setting(&mut self, name: &str, entry: Entry) {
        let key = match name {
            "connectTimeout" => self.names.connect,
            "loginTimeout" => self.names.login,
            "options" => {
                let statement = self.statement(entry.value_span);
                self.entries.extend(statement);
                return;
            }
            _ => return,
        };
        self.entries.push(Entry { key: key.to_owned(), ..entry });
    }

    /// Reads the SQL of a new connection, which can replace the time of a statement.
    fn init_sql(&mut self, entry: Entry) {
        if entry.value.to_ascii_lowercase().contains(STATEMENT) {
            let message = "`statement_timeout` is not compared: driverc does not run the SQL that \
                           sets it for new connections";
            let fault = SyntaxFault { message, span: entry.key_span };
            self.not_computed.push((self.names.statement, fault));
        }
        self.entries.push(entry);
    }

    /// Reads the parameters of a JDBC URL. Those of another driver have other meanings.
    fn url(&mut self, entry: &Entry) {
        if entry.value.starts_with(JDBC) && !entry.value.starts_with(POSTGRESQL) {
            self.other_driver = Some(entry.key_span);
            return;
        }
        if is_placeholder(&entry.value) {
            self.placeholder = Some((entry.key_span, entry.value.clone()));
        }
        for (name, value) in self.parameters(entry.value_span) {
            let key = match &self.text[name.range()] {
                "connectTimeout" => self.names.connect,
                "loginTimeout" => self.names.login,
                "options" => {
                    let statement = self.statement(value);
                    self.of_url.extend(statement);
                    continue;
                }
                _ => continue,
            };
            self.of_url.push(self.entry(key, name, value));
        }
    }

    fn entry(&self, key: &str, key_span: Span, value_span: Span) -> Entry {
        let value = self.text[value_span.range()].to_owned();
        Entry { key: key.to_owned(), value, key_span, value_span, scope: String::new() }
    }

    /// Returns the names and values after the `?` of a URL.
    fn parameters(&self, url: Span) -> Vec<(Span, Span)> {
        let raw = &self.text[url.range()];
        let Some(question) = raw.find('?') else { return Vec::new() };
        let mut start = question + 1;
        let mut parameters = Vec::new();
        for parameter in raw[start..].split('&') {
            if let Some(equals) = parameter.find('=') {
                let name = parameter[..equals].trim_end_matches('\\');
                let at = |position: usize| url.start + offset(start + position);
                let name = Span::new(at(0), at(name.len()));
                parameters.push((name, Span::new(at(equals + 1), at(parameter.len()))));
            }
            start += parameter.len() + 1;
        }
        parameters
    }

    /// Returns the time of a statement in options of PostgreSQL, such as `-c statement_timeout=5s`.
    fn statement(&self, options: Span) -> Option<Entry> {
        let raw = &self.text[options.range()];
        let name = raw.rfind(STATEMENT)?;
        let after = &raw[name + STATEMENT.len()..];
        let equals = ["=", "\\=", "%3D", "%3d"].into_iter().find(|it| after.starts_with(*it))?;
        let start = name + STATEMENT.len() + equals.len();
        let value = &raw[start..];
        let end = value.find(|it: char| !it.is_ascii_alphanumeric()).unwrap_or(value.len());
        let at = |position: usize| options.start + offset(position);
        let key_span = Span::new(at(name), at(name + STATEMENT.len()));
        let entry =
            self.entry(self.names.statement, key_span, Span::new(at(start), at(start + end)));
        let value = milliseconds(&entry.value).unwrap_or_else(|| entry.value.clone());
        Some(Entry { value, ..entry })
    }
}

/// Returns a setting whose value the text does not contain.
fn unknown_value(name: &str, url: Span, value: &str) -> Entry {
    let (key, value) = (name.to_owned(), value.to_owned());
    let value_span = Span::new(url.end, url.end);
    Entry { key, value, key_span: url, value_span, scope: String::new() }
}

/// Returns the milliseconds of a time of PostgreSQL.
fn milliseconds(time: &str) -> Option<String> {
    let end = time.find(|it: char| !it.is_ascii_digit()).unwrap_or(time.len());
    let (digits, unit) = time.split_at(end);
    let (_, factor) = UNITS.iter().find(|(name, _)| *name == unit)?;
    Some(digits.parse::<u64>().ok()?.saturating_mul(*factor).to_string())
}

impl Names {
    fn settings(&self) -> impl Iterator<Item = &'static str> {
        [self.pool, self.minimum_idle, self.wait, self.lifetime, self.idle, self.keepalive]
            .into_iter()
    }

    fn has(&self, name: &str) -> bool {
        self.settings().any(|own| own == name)
    }
}

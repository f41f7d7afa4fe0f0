//! PgBouncer, a pool of connections in front of PostgreSQL.

mod settings;

use super::{
    Version,
    syntax::{Entry, Parsed, Syntax, SyntaxFault, ini},
    table::{Dialect, TargetTable},
};

/// The section with the settings for all databases.
const GENERAL: &str = "pgbouncer";
/// The line that opens the section. If it occurs again, it resets all settings.
const REOPENED: &str = "[pgbouncer]";
/// The section with one connection string per database.
const DATABASES: &str = "databases";
/// The section with the settings of users.
const USERS: &str = "users";

/// The target.
pub(super) static PGBOUNCER: TargetTable = TargetTable {
    name: "pgbouncer",
    title: "PgBouncer",
    summary: "A part of `pgbouncer.ini`: the start of its section `pgbouncer`. A value in a \
              connection string of `[databases]`, such as `pool_size=20`, replaces the general one, \
              and a value of `[users]` replaces both. driverc compares the loosest value.",
    extension: "ini",
    dialects: &[Dialect {
        name: "pgbouncer",
        product: "PgBouncer",
        measured: Version::new(1, 18, 0),
        oldest: Version::new(1, 18, 0),
        proof: "`.ci/targets/pgbouncer.sh` runs PgBouncer in front of PostgreSQL: `SHOW CONFIG` \
                gives back what `emit` writes, PgBouncer refuses what `drift-rejected` reports, it \
                runs `max_in_flight` queries at a time, and it refuses one client more than \
                `max_in_flight` + `max_queue_depth`. Rows for newer versions come from the source.",
        syntax: Syntax::Ini(GENERAL),
        translated,
        settings: settings::SETTINGS,
        gaps: settings::GAPS,
        refusals: &[],
        dead: &[],
        others: settings::OTHERS,
        ignored: &[],
        resets: &[REOPENED],
        failure: "does not start",
        refuses_unknown: true,
        ignores_text_after_number: false,
    }],
    roles: &[],
    notes: &[
        "If the section `pgbouncer` is opened again, PgBouncer resets all its settings. So include the \
         file with `%include` after `[databases]`, and write your own settings below it without \
         `[pgbouncer]`.",
        "`default_pool_size` limits the connections per pair of database and user. \
         `max_db_connections` limits those of a database for all users.",
        "With `pool_mode = session`, a connection is occupied until its client disconnects, so \
         `max_in_flight` counts clients.",
        "A client that is connected and idle also takes one of the places of `max_client_conn`.",
        "PgBouncer refuses a comment after a value. Write comments on their own lines.",
        "`%include` names a file that driverc does not read. Settings that it can set are unknown.",
    ],
};

/// Names the settings of connection strings as the general settings, and leaves out all other
/// sections.
fn translated(text: &str, parsed: Parsed) -> Parsed {
    let mut translated = Parsed { faults: parsed.faults, start: parsed.start, ..Parsed::default() };
    let mut is_open = false;
    for entry in parsed.entries {
        match entry.scope.as_str() {
            _ if entry.key == ini::INCLUDE => translated.entries.push(general(entry)),
            GENERAL if entry.key == REOPENED => {
                if is_open {
                    translated.entries.retain(|entry| !entry.scope.is_empty());
                    translated.entries.push(general(entry));
                }
                is_open = true;
            }
            DATABASES if entry.key == "[databases]" => {}
            GENERAL => translated.entries.push(general(entry)),
            DATABASES => {
                let value = &text[entry.value_span.range()];
                translated.entries.extend(
                    ini::connection(text, &entry.key, value).into_iter().filter_map(of_database),
                );
                translated.scopes.insert(entry.key);
            }
            USERS if entry.key != "[users]" => {
                // Other users can connect, too, so a user is not a scope that has all settings.
                let value = &text[entry.value_span.range()];
                let scope = format!("user {}", entry.key);
                let settings = ini::connection(text, &scope, value).into_iter();
                translated.entries.extend(settings.filter_map(of_user));
            }
            USERS | "peers" => {}
            _ => translated.faults.push(SyntaxFault {
                message: "a setting must be in the section `pgbouncer`, `databases`, `users` or \
                          `peers`",
                span: entry.key_span,
            }),
        }
    }
    translated
}

fn general(entry: Entry) -> Entry {
    Entry { scope: String::new(), ..entry }
}

/// Returns a setting of a connection string with its general name. Returns `None` for settings that
/// concern no contract, such as the password.
fn of_database(entry: Entry) -> Option<Entry> {
    let name = match entry.key.as_str() {
        "pool_size" => settings::POOL,
        "reserve_pool" | "reserve_pool_size" => settings::RESERVE,
        name => settings::OF_DATABASES.iter().copied().find(|other| *other == name)?,
    };
    Some(Entry { key: name.to_owned(), ..entry })
}

/// Returns a setting of a user with its general name. It replaces the setting of a database. Returns
/// `None` for settings that concern no contract.
fn of_user(entry: Entry) -> Option<Entry> {
    let name = match entry.key.as_str() {
        "pool_size" => settings::POOL,
        name => settings::OF_USERS.iter().copied().find(|other| *other == name)?,
    };
    Some(Entry { key: name.to_owned(), ..entry })
}

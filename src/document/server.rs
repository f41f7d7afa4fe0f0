//! Reads servers and the drivers that connect to them.

use crate::{
    document::{
        OtherDeclarations, Table, nameless,
        record::{self, ReadRecord},
        scalars::{read_key_as_name, read_key_as_server},
        tables::{is_misspelt, tables_in},
    },
    model::{DriverName, Field, InstanceCount, Instances, Server, ServerName, record::Answer},
    toml::{
        entries::{body, is_table, read_as},
        findings::DocumentFindings,
        rules::{MISSING_KEY, OUT_OF_RANGE},
        table::expect_table,
        tree::{NodeId, Tree},
        value::{Read, TomlValue},
    },
};

/// A server, read completely or with errors.
#[derive(Clone, Debug)]
pub enum ServerDeclaration {
    /// Every field was read.
    Complete(Server),
    /// The table has an error.
    Invalid {
        /// The server's name, if it could be read.
        name: Option<ServerName>,
        /// The drivers whose names could be read, in source order.
        drivers: Vec<DriverName>,
    },
}

impl ServerDeclaration {
    /// Returns the server's name, if it could be read.
    pub const fn name(&self) -> Option<&ServerName> {
        match self {
            Self::Complete(server) => Some(&server.name),
            Self::Invalid { name, .. } => name.as_ref(),
        }
    }

    /// Returns true if both declarations have the same name.
    fn is_same(&self, other: &Self) -> bool {
        self.name().is_some() && self.name() == other.name()
    }
}

/// Reads all servers of a document.
pub(super) fn read_all(
    tree: &Tree<'_>,
    findings: &mut DocumentFindings,
    others: &mut OtherDeclarations,
) {
    for table in read_as(tree, tree.root(), Field::DOCUMENT, Field::Server) {
        let direct = nameless::report(tree, table, Field::Server, findings);
        if !direct.is_empty() {
            let drivers = drivers_of(tree, table);
            others.servers.push(ServerDeclaration::Invalid { name: None, drivers });
        }
        let misspelt = is_misspelt(tree, table, Field::Server);
        let header = || "server.<name>".to_owned();
        for id in tables_in(tree, (table, direct), &header, findings) {
            let server = read_server(tree, id, findings);
            let is_double = misspelt && others.servers.iter().any(|it| it.is_same(&server));
            if !is_double {
                others.servers.push(server);
            }
        }
    }
}

fn read_server(tree: &Tree<'_>, id: NodeId, findings: &mut DocumentFindings) -> ServerDeclaration {
    let before = findings.reported();
    let name = read_key_as_server(tree, id, findings);
    let mut table = Table::open(tree, body(tree, id), Field::SERVER, findings);
    require_fact(&mut table);
    require_connections(&mut table);
    let ReadRecord { record, .. } = record::read_named(&mut table, name.clone().map(Into::into));
    check_reserved(&mut table, record.as_ref());
    let whole = findings.reported() == before && is_table(tree, id);
    let is_repeated = tree.node(id).repeated;
    match record.filter(|_| whole && !is_repeated) {
        Some(server) => ServerDeclaration::Complete(server),
        None => ServerDeclaration::Invalid {
            name: name.filter(|_| !is_repeated),
            drivers: drivers_of(tree, body(tree, id)),
        },
    }
}

/// Reports a server that sets neither `max_connections` nor `idle_close_ms`.
fn require_fact(table: &mut Table<'_, '_, '_>) {
    let facts = [Field::MaxConnections, Field::IdleCloseMs];
    let is_set = |field: &Field| table.entry(*field).is_some();
    if table.is_repeated() || facts.iter().any(is_set) {
        return;
    }
    let message = format!("{} sets neither `max_connections` nor `idle_close_ms`", table.title());
    let finding = MISSING_KEY
        .finding(table.header(), message)
        .help("add `max_connections`, `idle_close_ms` or both");
    table.findings.push(finding);
}

/// Reports a `reserved_connections` without a `max_connections`.
fn require_connections(table: &mut Table<'_, '_, '_>) {
    let has = |field| table.entry(field).is_some();
    if !has(Field::ReservedConnections) || has(Field::MaxConnections) {
        return;
    }
    let finding = MISSING_KEY
        .finding(
            table.place(Field::ReservedConnections),
            "`reserved_connections` requires `max_connections`",
        )
        .help("add `max_connections`, or delete `reserved_connections`");
    table.findings.push(finding);
}

/// Reports a server that reserves all its connections.
fn check_reserved(table: &mut Table<'_, '_, '_>, server: Option<&Server>) {
    let Some(server) = server else { return };
    let both = server.reserved_connections.zip(server.max_connections);
    let Some((reserved, all)) = both.filter(|(reserved, all)| reserved.get() >= all.get()) else {
        return;
    };
    let message = format!(
        "`reserved_connections` is {reserved}, but must be below `max_connections` ({all})"
    );
    let finding = OUT_OF_RANGE
        .finding(table.place(Field::ReservedConnections), message)
        .also(table.place(Field::MaxConnections), "the total number of connections")
        .help(format!("write at most {}", all.get() - 1));
    table.findings.push(finding);
}

/// Reads the instances of a server.
pub(super) fn read_instances(server: &mut Table<'_, '_, '_>) -> Answer<Instances> {
    let Some(id) = server.entry(Field::Instances) else {
        server.miss(Field::Instances, "such as `{ orders_db = 8 }`".to_owned());
        return Answer::Fault;
    };
    let (tree, findings) = (server.tree, &mut *server.findings);
    if !expect_table::<Field>(tree, id, || tree.path(id), findings) {
        return Answer::Fault;
    }
    let before = findings.reported();
    let entries = || tree.children(id).filter(|entry| !tree.node(*entry).repeated);
    let read = entries().filter_map(|entry| read_instance(tree, entry, findings));
    let instances: Vec<_> = read.collect();
    if entries().next().is_none() {
        let message = format!("`{}` names no driver", tree.path(id));
        let help =
            "add each driver with the number of processes that run it, such as `orders_db = 8`";
        findings.push(MISSING_KEY.finding(tree.table_place(id), message).help(help));
    }
    if findings.reported() > before {
        return Answer::Fault;
    }
    Instances::of_distinct(instances).map_or(Answer::Fault, Answer::Value)
}

fn read_instance(
    tree: &Tree<'_>,
    id: NodeId,
    findings: &mut DocumentFindings,
) -> Option<(DriverName, InstanceCount)> {
    let name = read_key_as_name(tree, id, findings);
    let value = TomlValue { tree, id, name: &tree.node(id).key };
    let count = InstanceCount::read(value, findings);
    name.zip(count)
}

/// Returns the valid driver names of a server, in source order.
#[cold]
fn drivers_of(tree: &Tree<'_>, server: NodeId) -> Vec<DriverName> {
    let tables = read_as(tree, server, Field::SERVER, Field::Instances);
    let entries = tables.filter(|id| is_table(tree, *id)).flat_map(|id| tree.children(id));
    entries.filter_map(|entry| DriverName::new(&tree.node(entry).key).ok()).collect()
}

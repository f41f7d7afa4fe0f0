//! Joins the servers of all documents, and finds the server of each driver.

use std::mem;

use super::{
    CappedFindings, Declared, Finding, Part, Pending, Workspace, join::double,
    neighbours::Neighbours,
};
use crate::{
    document::{Declaration, DriverDeclaration, ServerDeclaration},
    model::{DriverName, Field, InstanceCount, Server, ServerName},
    source::SourceId,
    toml::rules::DUPLICATE_ITEM,
};

/// The servers of a workspace.
#[derive(Debug, Default)]
pub(super) struct Servers {
    /// The servers in insertion order. No two have the same name.
    declared: Vec<Declared<ServerDeclaration>>,
    /// The indices of the servers with a name, sorted by name.
    by_name: Vec<usize>,
    /// The drivers of all servers, sorted by name, then in insertion order of the servers.
    connections: Vec<Connection>,
}

/// The index of a server, and the index of a driver in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Connection {
    server: usize,
    driver: usize,
}

/// The server to which a driver connects.
#[derive(Clone, Copy, Debug)]
pub struct ServerOfDriver<'w> {
    /// The server.
    pub server: &'w Server,
    /// The number of processes that run the driver.
    pub instances: InstanceCount,
}

/// Whether the server of a driver is known.
#[derive(Clone, Copy, Debug, Default)]
pub enum DriverServer<'w> {
    /// No server names the driver.
    #[default]
    None,
    /// A server names the driver.
    Known(ServerOfDriver<'w>),
    /// A server that could not be read names the driver, or might name it.
    Unknown,
}

impl<'w> DriverServer<'w> {
    /// Returns the server, if it is known.
    pub const fn known(self) -> Option<ServerOfDriver<'w>> {
        if let Self::Known(server) = self { Some(server) } else { None }
    }
}

impl Servers {
    /// Adds the servers of a document. They cannot be found until [`Self::index`] is called.
    pub(super) fn add(&mut self, source: SourceId, servers: Vec<ServerDeclaration>) {
        self.declared.extend(servers.into_iter().map(|item| Declared { source, item }));
    }

    /// Indexes all servers. Passes each server whose name an earlier server has to `duplicate`,
    /// with both documents. The facts of such a server are unknown.
    fn index(&mut self, mut duplicate: impl FnMut(&ServerName, [SourceId; 2])) {
        let mut by_name: Vec<usize> = (0..self.declared.len()).collect();
        by_name.retain(|server| self.name(*server).is_some());
        by_name.sort_by_key(|server| self.name(*server));
        let same_name = |left: &usize, right: &usize| self.name(*left) == self.name(*right);
        let mut again: Vec<[usize; 2]> = by_name
            .chunk_by(same_name)
            .flat_map(|servers| servers[1..].iter().map(|again| [*again, servers[0]]))
            .collect();
        again.sort_unstable();
        by_name.dedup_by(|right, left| self.name(*left) == self.name(*right));
        self.by_name = by_name;
        for [again, first] in again {
            if let Some(name) = self.name(again) {
                duplicate(name, [again, first].map(|server| self.declared[server].source));
            }
            self.declared[again].item.forget_name();
        }
        self.connections = self.sorted();
    }

    /// Returns the drivers of all servers, sorted by name.
    fn sorted(&self) -> Vec<Connection> {
        let connections = self.declared.iter().enumerate().flat_map(|(server, declared)| {
            (0..declared.item.drivers()).map(move |driver| Connection { server, driver })
        });
        let mut connections: Vec<_> = connections.collect();
        connections.sort_by_key(|connection| self.driver(*connection));
        connections
    }

    fn name(&self, server: usize) -> Option<&ServerName> {
        self.declared[server].item.name()
    }

    fn driver(&self, connection: Connection) -> &DriverName {
        self.declared[connection.server].item.driver(connection.driver)
    }

    /// Returns the connections of a driver, in insertion order of their servers.
    fn of(&self, driver: &str) -> &[Connection] {
        let start = self.connections.partition_point(|it| self.driver(*it).as_str() < driver);
        let rest = &self.connections[start..];
        let is_same = |it: &&Connection| self.driver(**it).as_str() == driver;
        &rest[..rest.iter().take_while(is_same).count()]
    }

    /// Returns the document of a server.
    pub(super) fn source_of(&self, name: &str) -> Option<SourceId> {
        let found = self
            .by_name
            .binary_search_by(|server| self.name(*server).map_or("", ServerName::as_str).cmp(name));
        Some(self.declared[self.by_name[found.ok()?]].source)
    }

    /// Returns the place of a driver's name in a server, if the server has a name.
    fn place(&self, connection: Connection) -> Option<Pending> {
        let name = self.name(connection.server)?.clone();
        let driver = self.driver(connection).clone();
        let source = self.declared[connection.server].source;
        Some(Pending {
            source,
            declaration: Declaration::Instances(name, driver),
            part: Part::Name,
        })
    }
}

impl ServerDeclaration {
    /// Marks the facts of a server as unknown.
    #[cold]
    fn forget_name(&mut self) {
        let drivers = match self {
            Self::Complete(server) => {
                server.instances.iter().map(|(name, _)| name.clone()).collect()
            }
            Self::Invalid { drivers, .. } => mem::take(drivers),
        };
        *self = Self::Invalid { name: None, drivers };
    }

    /// Returns the number of drivers.
    fn drivers(&self) -> usize {
        match self {
            Self::Complete(server) => server.instances.len(),
            Self::Invalid { drivers, .. } => drivers.len(),
        }
    }

    /// Returns the driver with this index.
    fn driver(&self, index: usize) -> &DriverName {
        match self {
            Self::Complete(server) => &server.instances[index].0,
            Self::Invalid { drivers, .. } => &drivers[index],
        }
    }
}

impl Workspace {
    /// Returns the servers that were read without errors, sorted by name.
    pub fn servers(&self) -> impl Iterator<Item = &Server> {
        let servers = self.servers.by_name.iter();
        servers.filter_map(|server| match &self.servers.declared[*server].item {
            ServerDeclaration::Complete(server) => Some(server),
            ServerDeclaration::Invalid { .. } => None,
        })
    }

    /// Returns the names of the servers with read errors, sorted.
    pub(crate) fn unread_servers(&self) -> impl Iterator<Item = &ServerName> {
        let servers = self.servers.by_name.iter();
        servers.filter_map(|server| match &self.servers.declared[*server].item {
            ServerDeclaration::Complete(_) => None,
            ServerDeclaration::Invalid { name, .. } => name.as_ref(),
        })
    }

    /// Returns the server to which a driver connects.
    pub fn server_of(&self, driver: &str) -> DriverServer<'_> {
        let connections = self.servers.of(driver);
        let Some(first) = connections.first() else {
            let is_lost = self.unparsed.contains(["server", "instances", driver]);
            return if is_lost { DriverServer::Unknown } else { DriverServer::None };
        };
        let server = |connection: &Connection| &self.servers.declared[connection.server].item;
        let is_invalid = |it: &Connection| matches!(server(it), ServerDeclaration::Invalid { .. });
        match server(first) {
            ServerDeclaration::Complete(server) if !connections.iter().any(is_invalid) => {
                let (_, instances) = server.instances[first.driver];
                DriverServer::Known(ServerOfDriver { server, instances })
            }
            ServerDeclaration::Complete(_) | ServerDeclaration::Invalid { .. } => {
                DriverServer::Unknown
            }
        }
    }

    /// Returns true if the drivers of a server are declared, could be read at least in part, and
    /// are in no other server.
    pub(crate) fn knows_drivers_of(&self, server: &Server) -> bool {
        server.instances.iter().all(|(driver, _)| {
            let is_read = self.declared_driver(driver).is_some_and(|it| match it {
                DriverDeclaration::Complete(_) => true,
                DriverDeclaration::Invalid { partial, .. } => partial.is_some(),
                DriverDeclaration::Like(_) => false,
            });
            is_read && self.servers.of(driver).len() == 1
        })
    }

    /// Indexes the servers, and reports duplicate servers, and drivers that are unknown or in
    /// several servers.
    pub(super) fn join_servers(&mut self, findings: &mut CappedFindings<Pending>) {
        if self.servers.declared.is_empty() {
            return;
        }
        self.servers.index(|name, [again, first]| {
            let title = format!("{}.{name}", Field::Server.key());
            findings.add(double(again, first, &Declaration::Server(name.clone()), &title));
        });
        let mut neighbours = Neighbours::new(Field::Driver, self.driver_names());
        let same_driver = |left: &Connection, right: &Connection| {
            self.servers.driver(*left) == self.servers.driver(*right)
        };
        let mut found = Vec::new();
        for connections in self.servers.connections.chunk_by(same_driver) {
            let name = self.servers.driver(connections[0]);
            for connection in connections {
                let place = self.servers.place(*connection);
                let unknown = place.and_then(|it| self.unknown(name, &mut neighbours, it));
                found.extend(unknown.map(|finding| (*connection, finding)));
            }
            for again in &connections[1..] {
                let finding = self.in_two_servers([connections[0], *again]);
                found.extend(finding.map(|finding| (*again, finding)));
            }
        }
        found.sort_by_key(|(connection, _)| *connection);
        found.into_iter().for_each(|(_, finding)| findings.add(finding));
    }

    /// Reports a driver in a second server.
    #[cold]
    fn in_two_servers(&self, [first, again]: [Connection; 2]) -> Option<Finding<Pending>> {
        let (driver, server) = (self.servers.driver(first), self.servers.name(first.server)?);
        let message = format!("`{driver}` is in two servers");
        let finding = DUPLICATE_ITEM
            .finding(self.servers.place(again)?, message)
            .also(self.servers.place(first)?, format!("first named in `server.{server}`"));
        Some(finding.help("remove one of the two"))
    }
}

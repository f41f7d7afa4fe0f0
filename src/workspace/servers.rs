//! Joins the servers of all documents, and finds the server of each driver.

use std::{collections::HashMap, mem};

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
///
/// The maps are only for lookups. driverc never iterates over a map.
#[derive(Debug, Default)]
pub(super) struct Servers {
    /// The servers in insertion order. No two servers have the same name.
    declared: Vec<Declared<ServerDeclaration>>,
    /// The index of each server that has a name, by name.
    by_name: HashMap<ServerName, usize>,
    /// The servers that name a driver, by the driver's name.
    by_driver: HashMap<DriverName, Connections>,
    /// For each declared driver, in reading order, the first server that names it. Empty if there are
    /// no servers.
    of_declared: Vec<Option<Connection>>,
}

/// The index of a server, and the index of a driver in that server.
#[derive(Clone, Copy, Debug)]
struct Connection {
    server: usize,
    driver: usize,
}

/// The servers that name one driver, in insertion order.
#[derive(Debug)]
struct Connections {
    first: Connection,
    again: Vec<Connection>,
    /// Whether a document declares the driver.
    is_declared: bool,
}

/// The server to which a driver connects.
#[derive(Clone, Copy, Debug)]
pub struct ServerOfDriver<'w> {
    /// The server.
    pub server: &'w Server,
    /// The number of processes that run the driver.
    pub instances: InstanceCount,
}

/// The server of a driver, or the reason why no server is known.
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

    /// Indexes all servers. If an earlier server has the same name, calls `duplicate` with the name
    /// and both documents, and removes the name of the later server.
    fn index(&mut self, mut duplicate: impl FnMut(&ServerName, [SourceId; 2])) {
        self.by_name.reserve(self.declared.len());
        self.by_driver.reserve(self.declared.len());
        for server in 0..self.declared.len() {
            if let Some(name) = self.declared[server].item.name() {
                match self.by_name.get(name) {
                    None => _ = self.by_name.insert(name.clone(), server),
                    Some(first) => {
                        let sources = [server, *first].map(|it| self.declared[it].source);
                        duplicate(name, sources);
                        self.declared[server].item.forget_name();
                    }
                }
            }
            self.index_drivers(server);
        }
    }

    fn index_drivers(&mut self, server: usize) {
        let item = &self.declared[server].item;
        for driver in 0..item.drivers() {
            let connection = Connection { server, driver };
            if let Some(connections) = self.by_driver.get_mut(item.driver(driver)) {
                connections.again.push(connection);
            } else {
                let (again, is_declared) = (Vec::new(), false);
                let connections = Connections { first: connection, again, is_declared };
                self.by_driver.insert(item.driver(driver).clone(), connections);
            }
        }
    }

    /// Marks the drivers that documents declare, and stores the server of each of them. Returns
    /// true if documents declare all drivers that servers name, and each driver is in only one
    /// server.
    fn mark_declared<'d>(&mut self, drivers: impl Iterator<Item = &'d DriverName>) -> bool {
        let mut clean = 0;
        for driver in drivers {
            let connections = self.by_driver.get_mut(driver);
            self.of_declared.push(connections.map(|connections| {
                connections.is_declared = true;
                clean += usize::from(connections.again.is_empty());
                connections.first
            }));
        }
        clean == self.by_driver.len()
    }

    /// Returns all connections, in insertion order.
    fn connections(&self) -> impl Iterator<Item = Connection> {
        self.declared.iter().enumerate().flat_map(|(server, declared)| {
            (0..declared.item.drivers()).map(move |driver| Connection { server, driver })
        })
    }

    /// Returns the server of a connection.
    fn at(&self, connection: Connection) -> DriverServer<'_> {
        match &self.declared[connection.server].item {
            ServerDeclaration::Complete(server) => {
                let (_, instances) = server.instances[connection.driver];
                DriverServer::Known(ServerOfDriver { server, instances })
            }
            ServerDeclaration::Invalid { .. } => DriverServer::Unknown,
        }
    }

    fn name(&self, server: usize) -> Option<&ServerName> {
        self.declared[server].item.name()
    }

    fn driver(&self, connection: Connection) -> &DriverName {
        self.declared[connection.server].item.driver(connection.driver)
    }

    /// Returns the servers with a name, sorted by name.
    fn named(&self) -> impl Iterator<Item = &ServerDeclaration> {
        let servers = self.declared.iter().map(|declared| &declared.item);
        let mut servers: Vec<_> = servers.filter(|server| server.name().is_some()).collect();
        servers.sort_by_key(|server| server.name());
        servers.into_iter()
    }

    /// Returns the document of a server.
    pub(super) fn source_of(&self, name: &str) -> Option<SourceId> {
        self.by_name.get(name).map(|server| self.declared[*server].source)
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
    /// Marks a server as invalid and removes its name. Preserves the names of its drivers.
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
        self.servers.named().filter_map(|server| match server {
            ServerDeclaration::Complete(server) => Some(server),
            ServerDeclaration::Invalid { .. } => None,
        })
    }

    /// Returns the server with this name, if it was read without errors.
    pub(crate) fn server(&self, name: &ServerName) -> Option<&Server> {
        let number = *self.servers.by_name.get(name)?;
        match &self.servers.declared.get(number)?.item {
            ServerDeclaration::Complete(server) => Some(server),
            ServerDeclaration::Invalid { .. } => None,
        }
    }

    /// Returns true if a document declares a server with read errors under this name.
    pub(crate) fn is_unread_server(&self, name: &ServerName) -> bool {
        self.servers.by_name.get(name).is_some_and(|server| {
            matches!(self.servers.declared[*server].item, ServerDeclaration::Invalid { .. })
        })
    }

    /// Returns the server to which a driver connects.
    pub fn server_of(&self, driver: &str) -> DriverServer<'_> {
        let Some(Connections { first, again, .. }) = self.servers.by_driver.get(driver) else {
            let is_lost = self.unparsed.contains(["server", "instances", driver]);
            return if is_lost { DriverServer::Unknown } else { DriverServer::None };
        };
        let is_unknown = |it: &Connection| self.servers.at(*it).known().is_none();
        if again.iter().any(is_unknown) { DriverServer::Unknown } else { self.servers.at(*first) }
    }

    /// Returns the server of each valid driver, in the order in which the drivers were read.
    /// Returns an empty list if there are no servers, or if the workspace has findings.
    pub(crate) fn servers_as_read(&self) -> Vec<DriverServer<'_>> {
        let servers = &self.servers;
        if servers.of_declared.is_empty() || !self.findings.is_empty() {
            return Vec::new();
        }
        let drivers = self.drivers.as_read().zip(&servers.of_declared);
        let valid = drivers.filter(|(driver, _)| driver.item.contract().is_some());
        let of = |first: &Option<Connection>| {
            first.map_or(DriverServer::None, |connection| servers.at(connection))
        };
        valid.map(|(_, first)| of(first)).collect()
    }

    /// Returns true if each driver of a server is declared, could be read at least in part, and is
    /// in no other server.
    pub(crate) fn knows_drivers_of(&self, server: &Server) -> bool {
        server.instances.iter().all(|(driver, _)| {
            let is_read = self.declared_driver(driver).is_some_and(|it| match it {
                DriverDeclaration::Complete(_) => true,
                DriverDeclaration::Invalid { partial, .. } => partial.is_some(),
                DriverDeclaration::Like(_) => false,
            });
            let connections = self.servers.by_driver.get(driver);
            is_read && connections.is_some_and(|it| it.again.is_empty())
        })
    }

    /// Indexes the servers. Reports duplicate servers, and drivers that are unknown or in several
    /// servers.
    pub(super) fn join_servers(&mut self, findings: &mut CappedFindings<Pending>) {
        if self.servers.declared.is_empty() {
            return;
        }
        self.servers.index(|name, [again, first]| {
            let title = format!("{}.{name}", Field::Server.key());
            findings.add(double(again, first, &Declaration::Server(name.clone()), &title));
        });
        let drivers = self.drivers.as_read().map(|driver| driver.item.name());
        if !self.servers.mark_declared(drivers) {
            self.report_connections(findings);
        }
    }

    /// Reports unknown drivers, and drivers in several servers.
    #[cold]
    fn report_connections(&self, findings: &mut CappedFindings<Pending>) {
        let mut neighbours = Neighbours::new(Field::Driver, self.driver_names());
        for connection in self.servers.connections() {
            let driver = self.servers.driver(connection);
            let Some(connections) = self.servers.by_driver.get(driver) else { continue };
            if !connections.is_declared {
                let place = self.servers.place(connection);
                findings.extend(place.and_then(|it| self.unknown(driver, &mut neighbours, it)));
            }
            if connections.first.server != connection.server {
                findings.extend(self.in_two_servers([connections.first, connection]));
            }
        }
    }

    /// Reports a driver that a second server names.
    #[cold]
    fn in_two_servers(&self, [first, again]: [Connection; 2]) -> Option<Finding<Pending>> {
        let (driver, server) = (self.servers.driver(first), self.servers.name(first.server)?);
        let message = format!("two servers list `{driver}`");
        let finding = DUPLICATE_ITEM
            .finding(self.servers.place(again)?, message)
            .also(self.servers.place(first)?, format!("first named in `server.{server}`"));
        Some(finding.help("remove one of the two"))
    }
}

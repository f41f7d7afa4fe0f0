//! Explains the values of servers.

use super::{
    Explanation, OriginRole, ValueOrigin,
    contracts::{origin_at, value_of},
};
use crate::{
    finding::DeclarationId,
    model::{DriverContract, DriverName, Field, InstanceCount, Server},
    workspace::{ServerOfDriver, Workspace},
};

/// The facts of a server, in the order of documents.
const FACTS: [Field; 3] = [Field::MaxConnections, Field::ReservedConnections, Field::IdleCloseMs];

/// Explains the values of the server to which a driver connects, and the number of processes that
/// run the driver. Returns an empty list if the server is not known.
pub fn server_of_driver(workspace: &Workspace, contract: &DriverContract) -> Vec<Explanation> {
    let Some(ServerOfDriver { server, instances }) = workspace.server_of(&contract.name).known()
    else {
        return Vec::new();
    };
    let own = instances_of(workspace, server, (&contract.name, instances));
    std::iter::once(own).chain(facts(workspace, server)).collect()
}

/// Explains all values of a server.
pub fn server_values(workspace: &Workspace, server: &Server) -> Vec<Explanation> {
    let instances = server.instances.iter();
    let instances =
        instances.map(|(driver, count)| instances_of(workspace, server, (driver, *count)));
    facts(workspace, server).chain(instances).collect()
}

fn facts(workspace: &Workspace, server: &Server) -> impl Iterator<Item = Explanation> {
    FACTS.into_iter().map(move |field| {
        let path = format!("server.{}.{}", server.name, field.path());
        let Some(value) = value_of(server, field) else {
            let is_zero = field == Field::ReservedConnections && server.max_connections.is_some();
            return Explanation::of(path, Vec::new(), is_zero.then(|| "0".to_owned()));
        };
        let place = DeclarationId::Server(server.name.clone()).at(field);
        Explanation::of(path, vec![origin_at(workspace, OriginRole::Set, place, value)], None)
    })
}

/// Explains the number of processes that run a driver, and the number of connections that these
/// processes can open.
fn instances_of(
    workspace: &Workspace,
    server: &Server,
    (driver, count): (&DriverName, InstanceCount),
) -> Explanation {
    let path = format!("server.{}.instances.{driver}", server.name);
    let place = DeclarationId::Instances(server.name.clone(), driver.clone()).whole();
    let origin = origin_at(workspace, OriginRole::Set, place, count.to_string());
    let share = workspace.driver(driver).map(|contract| share(server, contract, count));
    let origin = ValueOrigin { declaration: share.unwrap_or_default(), ..origin };
    Explanation::of(path, vec![origin], None)
}

/// Returns the operations that all processes of a driver can have in flight at the server.
fn share(server: &Server, contract: &DriverContract, count: InstanceCount) -> String {
    let all = count.get() * contract.max_in_flight.get();
    let share = format!("{count} × {} slots = {all}", contract.max_in_flight);
    match server.available_connections() {
        Some(available) => {
            format!("{share}; the server accepts {available} connections from drivers")
        }
        None => share,
    }
}

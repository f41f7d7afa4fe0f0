//! The input of the rules about calls: the calls of a workspace as a graph.
//!
//! This module contains no rules.

use super::call_graph::CallGraph;
use crate::{
    configuration::Configuration,
    workspace::{CallEnd, JoinedCall, Workspace},
};

/// The maximum number of other locations that a finding about calls names.
pub(super) const MOST_NAMED: usize = 3;

/// All calls whose caller and driver could be read.
#[derive(Debug)]
#[non_exhaustive]
pub struct CallsView<'w> {
    /// The calls, by file, then by position.
    pub calls: Vec<JoinedCall<'w>>,
    /// The project's configuration.
    pub configuration: &'w Configuration,
    /// The declaration of each node, or `None` if no call names the node.
    pub(super) ends: Vec<Option<CallEnd<'w>>>,
    pub(super) graph: CallGraph,
}

impl<'w> CallsView<'w> {
    /// Joins the calls of a workspace with their declarations. Returns `None` if the workspace has
    /// no call.
    pub fn new(workspace: &'w Workspace, configuration: &'w Configuration) -> Option<Self> {
        let calls: Vec<_> = workspace.joined_calls().collect();
        if calls.is_empty() {
            return None;
        }
        let nodes = workspace.call_nodes();
        let mut ends = vec![None; nodes];
        for call in &calls {
            let [from, to] = call.nodes;
            ends[from as usize] = Some(call.from);
            ends[to as usize] = Some(CallEnd::Driver(call.to));
        }
        let graph = CallGraph::new(nodes, calls.iter().map(|call| call.nodes).collect());
        Some(Self { calls, configuration, ends, graph })
    }

    /// Returns the calls that rules judge. Leaves out a call if its driver is on a cycle, or if a
    /// cycle leads to its driver.
    pub(crate) fn judged(&self) -> impl Iterator<Item = &JoinedCall<'w>> {
        self.calls.iter().filter(|call| self.judges(call))
    }

    /// Returns true if the driver of a call is not on a cycle and no cycle leads to it.
    pub(crate) fn judges(&self, call: &JoinedCall<'_>) -> bool {
        !self.graph.is_behind_cycle(call.nodes[1])
    }

    /// Returns the name of a node, for messages and for sorting.
    pub(super) fn name(&self, node: u32) -> &str {
        self.ends[node as usize].map_or("", |end| end.name().as_str())
    }
}

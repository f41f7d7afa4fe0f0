//! The input of the rules about calls: the calls of a workspace as a graph.
//!
//! This module contains no rules.

use super::{call_cycle, call_graph::CallGraph, run::IsNew};
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
    /// The sets of nodes that call each other.
    pub(super) cycles: Vec<Vec<u32>>,
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
        let cycles = graph.cyclic_components();
        Some(Self { calls, configuration, ends, graph, cycles })
    }

    /// Makes the rules judge the calls of the cycles that the rule `call-cycle` does not report as
    /// new, and the calls behind these cycles. The calls of such a cycle are on no path.
    pub(super) fn judge_known_cycles(&mut self, is_new: &IsNew<'_>) {
        let is_known = |nodes: &&Vec<u32>| !call_cycle::is_new(self, nodes, is_new);
        let known: Vec<_> = self.cycles.iter().filter(is_known).map(Vec::as_slice).collect();
        self.graph.cut(known);
    }

    /// Returns the calls that rules judge. Leaves out a call if its driver is on a new cycle, or if
    /// a new cycle leads to its driver.
    pub(crate) fn judged(&self) -> impl Iterator<Item = &JoinedCall<'w>> {
        self.calls.iter().filter(|call| self.judges(call))
    }

    /// Returns true if the driver of a call is not on a new cycle and no new cycle leads to it.
    pub(crate) fn judges(&self, call: &JoinedCall<'_>) -> bool {
        !self.graph.is_behind_cycle(call.nodes[1])
    }

    /// Returns the judged calls of all paths.
    pub(super) fn on_paths(&self) -> impl Iterator<Item = &JoinedCall<'w>> {
        let calls = self.graph.paths().filter_map(|call| self.calls.get(call as usize));
        calls.filter(|call| self.judges(call))
    }

    /// Returns the name of a node, for messages and for sorting.
    pub(super) fn name(&self, node: u32) -> &str {
        self.ends[node as usize].map_or("", |end| end.name().as_str())
    }
}

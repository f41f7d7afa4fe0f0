//! Orders calls, finds cycles and multiplies attempts, in linear time and without recursion.
//!
//! This module contains no rules. It knows only numbers: nodes and the calls between them.

use std::collections::{BTreeMap, BTreeSet, VecDeque, btree_map::Entry};

/// A graph of calls between nodes. The nodes are numbered from 0.
#[derive(Clone, Debug, Default)]
pub(crate) struct CallGraph {
    /// The nodes of each call: the caller, then the callee.
    ends: Vec<[u32; 2]>,
    /// For each node, the index in `calls` of its first call. The last item is the number of calls.
    starts: Vec<u32>,
    /// The calls, by caller.
    calls: Vec<u32>,
    /// The nodes that are not on a cycle and to which no cycle leads, callers before callees.
    order: Vec<u32>,
    /// Whether each node is in `order`.
    is_ordered: Vec<bool>,
    /// The calls that are on no path.
    cut: BTreeSet<u32>,
}

impl CallGraph {
    /// Creates a graph. `ends` contains the caller and the callee of each call.
    pub(crate) fn new(nodes: usize, ends: Vec<[u32; 2]>) -> Self {
        let mut starts = vec![0; nodes + 1];
        for [from, _] in &ends {
            starts[*from as usize + 1] += 1;
        }
        for node in 0..nodes {
            starts[node + 1] += starts[node];
        }
        let mut next = starts.clone();
        let mut calls = vec![0; ends.len()];
        for (call, [from, _]) in (0..).zip(&ends) {
            let place = &mut next[*from as usize];
            calls[*place as usize] = call;
            *place += 1;
        }
        let mut graph = Self { ends, starts, calls, ..Self::default() };
        graph.sort();
        graph
    }

    /// Removes the calls between nodes of the same component from all paths, so that the components
    /// have no cycle.
    pub(crate) fn cut<'c>(&mut self, components: impl IntoIterator<Item = &'c [u32]>) {
        for nodes in components {
            let nodes: BTreeSet<_> = nodes.iter().copied().collect();
            let between = nodes.iter().flat_map(|node| self.calls_of(*node));
            let between = between.filter(|call| nodes.contains(&self.ends[**call as usize][1]));
            let between: Vec<_> = between.copied().collect();
            self.cut.extend(between);
        }
        if !self.cut.is_empty() {
            self.sort();
        }
    }

    /// Orders the nodes by repeatedly removing a node without callers. The nodes that remain are on
    /// a cycle, or a cycle leads to them.
    fn sort(&mut self) {
        let nodes = self.starts.len() - 1;
        let mut callers = vec![0_u32; nodes];
        for [_, to] in self.paths().map(|call| self.ends[call as usize]) {
            callers[to as usize] += 1;
        }
        let mut order: Vec<u32> =
            (0..).zip(&callers).filter(|(_, callers)| **callers == 0).map(|(it, _)| it).collect();
        let mut is_ordered: Vec<bool> = callers.iter().map(|callers| *callers == 0).collect();
        let mut at = 0;
        while let Some(node) = order.get(at).copied() {
            at += 1;
            for callee in self.callees(node) {
                callers[callee as usize] -= 1;
                if callers[callee as usize] == 0 {
                    is_ordered[callee as usize] = true;
                    order.push(callee);
                }
            }
        }
        (self.order, self.is_ordered) = (order, is_ordered);
    }

    /// Returns the nodes in order, callers before callees. Leaves out nodes on a cycle, and nodes
    /// to which a cycle leads.
    pub(crate) fn order(&self) -> &[u32] {
        &self.order
    }

    /// Returns the calls that a node makes.
    pub(crate) fn calls_of(&self, node: u32) -> &[u32] {
        let node = node as usize;
        &self.calls[self.starts[node] as usize..self.starts[node + 1] as usize]
    }

    /// Returns the calls of all paths.
    pub(crate) fn paths(&self) -> impl Iterator<Item = u32> {
        self.calls.iter().copied().filter(|call| !self.cut.contains(call))
    }

    /// Returns the nodes that a node calls on paths.
    fn callees(&self, node: u32) -> impl Iterator<Item = u32> {
        let calls = self.calls_of(node).iter().filter(|call| !self.cut.contains(call));
        calls.map(|call| self.ends[*call as usize][1])
    }

    /// Returns true if a node is on a cycle of paths, or if a path leads to it from such a cycle.
    pub(crate) fn is_behind_cycle(&self, node: u32) -> bool {
        !self.is_ordered[node as usize]
    }

    /// Returns, for each node, the greatest product of attempts over all paths to the node. The
    /// product includes the attempts of the node itself. The product is 0 for nodes on a cycle and
    /// nodes to which a cycle leads, and at most [`u64::MAX`].
    pub(crate) fn products(&self, attempts: &[u64]) -> Vec<u64> {
        let mut products = vec![0; attempts.len()];
        for node in &self.order {
            let place = *node as usize;
            let product = attempts[place].saturating_mul(products[place].max(1));
            products[place] = product;
            for callee in self.callees(*node) {
                let before = &mut products[callee as usize];
                *before = product.max(*before);
            }
        }
        for (product, is_ordered) in products.iter_mut().zip(&self.is_ordered) {
            *product *= u64::from(*is_ordered);
        }
        products
    }

    /// Returns the largest sets of nodes in which every node has a path to every node of the set,
    /// including a path back to itself. The graph must not be cut.
    pub(crate) fn cyclic_components(&self) -> Vec<Vec<u32>> {
        if self.order.len() == self.is_ordered.len() {
            return Vec::new();
        }
        let mut search = Search::new(self);
        let nodes = (0..).zip(&self.is_ordered).filter(|(_, is_ordered)| !**is_ordered);
        nodes.for_each(|(node, _)| search.visit(node));
        let is_cyclic = |nodes: &Vec<u32>| match nodes[..] {
            [node] => self.callees(node).any(|callee| callee == node),
            _ => true,
        };
        search.components.into_iter().filter(is_cyclic).collect()
    }

    /// Returns the calls of a shortest cycle through a node of a component. `sort` sorts the calls
    /// of one node by preference. Returns an empty list if there is no cycle.
    pub(crate) fn cycle_through(
        &self,
        node: u32,
        component: &[u32],
        sort: impl Fn(&mut [u32]),
    ) -> Vec<u32> {
        let component: BTreeSet<u32> = component.iter().copied().collect();
        let callee = |call: u32| self.ends[call as usize][1];
        let mut reached_by = BTreeMap::new();
        let mut queue = VecDeque::from([node]);
        while let Some(from) = queue.pop_front() {
            let calls = self.calls_of(from).iter().copied();
            let mut calls: Vec<_> = calls.filter(|it| component.contains(&callee(*it))).collect();
            sort(&mut calls);
            for call in calls {
                if let Entry::Vacant(entry) = reached_by.entry(callee(call)) {
                    entry.insert(call);
                    queue.push_back(callee(call));
                }
            }
            if reached_by.contains_key(&node) {
                return self.path(node, &reached_by);
            }
        }
        Vec::new()
    }

    /// Returns the calls from a node back to itself, given the call that reaches each node.
    fn path(&self, node: u32, reached_by: &BTreeMap<u32, u32>) -> Vec<u32> {
        let mut path = Vec::new();
        let mut at = node;
        while let Some(call) = reached_by.get(&at) {
            path.push(*call);
            at = self.ends[*call as usize][0];
            if at == node {
                break;
            }
        }
        path.reverse();
        path
    }
}

/// The state of Tarjan's algorithm for strongly connected components.
struct Search<'g> {
    graph: &'g CallGraph,
    /// The number of each node in the order of visits, from 1. 0 for nodes that are not visited
    /// yet.
    index: Vec<u32>,
    lowest: Vec<u32>,
    is_open: Vec<bool>,
    open: Vec<u32>,
    visited: u32,
    components: Vec<Vec<u32>>,
}

impl<'g> Search<'g> {
    fn new(graph: &'g CallGraph) -> Self {
        let nodes = graph.is_ordered.len();
        Self {
            graph,
            index: vec![0; nodes],
            lowest: vec![0; nodes],
            is_open: vec![false; nodes],
            open: Vec::new(),
            visited: 0,
            components: Vec::new(),
        }
    }

    fn visit(&mut self, node: u32) {
        if self.index[node as usize] != 0 {
            return;
        }
        // The nodes from the start to the current one, each with its next call.
        let mut path = vec![self.enter(node)];
        while let Some((node, next)) = path.last_mut() {
            let node = *node;
            let Some(call) = self.graph.calls_of(node).get(*next) else {
                path.pop();
                self.leave(node, path.last().map(|(caller, _)| *caller));
                continue;
            };
            *next += 1;
            let callee = self.graph.ends[*call as usize][1];
            let place = callee as usize;
            if self.index[place] == 0 {
                path.push(self.enter(callee));
            } else if self.is_open[place] {
                let lowest = &mut self.lowest[node as usize];
                *lowest = self.index[place].min(*lowest);
            }
        }
    }

    fn enter(&mut self, node: u32) -> (u32, usize) {
        self.visited += 1;
        let place = node as usize;
        (self.index[place], self.lowest[place]) = (self.visited, self.visited);
        self.is_open[place] = true;
        self.open.push(node);
        (node, 0)
    }

    /// Ends the visit of a node. If the node is the first visited node of its component, stores the
    /// component.
    fn leave(&mut self, node: u32, caller: Option<u32>) {
        let lowest = self.lowest[node as usize];
        if lowest == self.index[node as usize] {
            let first = self.open.iter().rposition(|open| *open == node).unwrap_or(0);
            let component = self.open.split_off(first);
            for node in &component {
                self.is_open[*node as usize] = false;
            }
            self.components.push(component);
        } else if let Some(caller) = caller {
            let of_caller = &mut self.lowest[caller as usize];
            *of_caller = lowest.min(*of_caller);
        }
    }
}

#[cfg(test)]
mod tests;

//! Compares the results for small graphs with a brute-force search, and checks the cost for large
//! graphs.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::CallGraph;

const MOST_NODES: usize = 6;

/// Returns, for each pair of nodes, whether a path of at least one call leads from the first node
/// to the second.
fn reach(nodes: usize, ends: &[[u32; 2]]) -> Vec<Vec<bool>> {
    let mut reach = vec![vec![false; nodes]; nodes];
    for [from, to] in ends {
        reach[*from as usize][*to as usize] = true;
    }
    for middle in 0..nodes {
        for from in 0..nodes {
            for to in 0..nodes {
                reach[from][to] |= reach[from][middle] && reach[middle][to];
            }
        }
    }
    reach
}

/// Returns the greatest product over all paths that end at a node of an acyclic part.
fn greatest(node: usize, ends: &[[u32; 2]], attempts: &[u64]) -> u64 {
    let callers = ends.iter().filter(|[_, to]| *to as usize == node);
    let before = callers.map(|[from, _]| greatest(*from as usize, ends, attempts)).max();
    attempts[node] * before.unwrap_or(1)
}

fn graphs() -> impl Strategy<Value = (usize, Vec<[u32; 2]>, Vec<u64>)> {
    (1..=MOST_NODES).prop_flat_map(|nodes| {
        let last = u32::try_from(nodes).unwrap();
        let end = [0..last, 0..last];
        let calls = prop::collection::vec(end, 0..12);
        (Just(nodes), calls, prop::collection::vec(1..=100_u64, nodes))
    })
}

proptest! {
    #[test]
    fn products_of_nodes_not_behind_cycles_equal_brute_force((nodes, ends, attempts) in graphs()) {
        let reach = reach(nodes, &ends);
        let graph = CallGraph::new(nodes, ends.clone());
        let products = graph.products(&attempts);
        for node in 0..nodes {
            let is_behind = (0..nodes)
                .any(|other| reach[other][other] && (other == node || reach[other][node]));
            prop_assert_eq!(graph.is_behind_cycle(u32::try_from(node).unwrap()), is_behind);
            let expected = if is_behind { 0 } else { greatest(node, &ends, &attempts) };
            prop_assert_eq!(products[node], expected);
        }
    }

    #[test]
    fn products_of_cut_graph_equal_brute_force((nodes, ends, attempts) in graphs()) {
        let mut graph = CallGraph::new(nodes, ends.clone());
        let components = graph.cyclic_components();
        graph.cut(components.iter().map(Vec::as_slice));
        let is_cut = |[from, to]: &&[u32; 2]| {
            components.iter().any(|nodes| nodes.contains(from) && nodes.contains(to))
        };
        let left: Vec<_> = ends.iter().filter(|call| !is_cut(call)).copied().collect();
        let expected: Vec<_> = (0..nodes).map(|node| greatest(node, &left, &attempts)).collect();
        prop_assert_eq!(graph.products(&attempts), expected);
        prop_assert_eq!(graph.paths().count(), left.len());
    }

    #[test]
    fn each_component_contains_nodes_that_reach_each_other((nodes, ends, _) in graphs()) {
        let reach = reach(nodes, &ends);
        let component = |node: usize| -> BTreeSet<u32> {
            let is_in = |other: &usize| reach[node][*other] && reach[*other][node];
            (0..nodes).filter(is_in).map(|other| u32::try_from(other).unwrap()).collect()
        };
        let expected: BTreeSet<_> =
            (0..nodes).map(component).filter(|nodes| !nodes.is_empty()).collect();
        let found = CallGraph::new(nodes, ends).cyclic_components();
        let sorted: BTreeSet<BTreeSet<u32>> =
            found.iter().map(|nodes| nodes.iter().copied().collect()).collect();
        prop_assert_eq!(found.len(), sorted.len());
        prop_assert_eq!(sorted, expected);
    }

    #[test]
    fn cycle_is_shortest_cycle_through_node((nodes, ends, _) in graphs(), start in 0..MOST_NODES) {
        prop_assume!(start < nodes);
        let node = u32::try_from(start).unwrap();
        let graph = CallGraph::new(nodes, ends.clone());
        let all: Vec<_> = (0..u32::try_from(nodes).unwrap()).collect();
        let calls = graph.cycle_through(node, &all, |_| {});
        let path: Vec<_> = calls.iter().map(|call| ends[*call as usize]).collect();
        prop_assert_eq!(path.is_empty(), !reach(nodes, &ends)[start][start]);
        prop_assert!(path.windows(2).all(|pair| pair[0][1] == pair[1][0]));
        prop_assert!(path.first().is_none_or(|[from, _]| *from == node));
        prop_assert!(path.last().is_none_or(|[_, to]| *to == node));
        // The nodes after a number of calls from the start.
        let mut reached = BTreeSet::from([node]);
        for _ in 1..path.len() {
            let next = ends.iter().filter(|[from, _]| reached.contains(from));
            reached = next.map(|[_, to]| *to).collect();
            prop_assert!(!reached.contains(&node));
        }
    }
}

#[test]
fn long_chain_and_long_cycle_cause_no_stack_or_integer_overflow() {
    let nodes = 200_000;
    let last = u32::try_from(nodes).unwrap() - 1;
    let chain: Vec<_> = (0..last).map(|node| [node, node + 1]).collect();
    let graph = CallGraph::new(nodes, chain.clone());
    assert_eq!(graph.products(&vec![100; nodes])[nodes - 1], u64::MAX);
    assert!(graph.cyclic_components().is_empty());
    let ring = chain.into_iter().chain([[last, 0]]).collect();
    let graph = CallGraph::new(nodes, ring);
    let components = graph.cyclic_components();
    assert_eq!(components.iter().map(Vec::len).collect::<Vec<_>>(), [nodes]);
    assert_eq!(graph.cycle_through(0, &components[0], |_| {}).len(), nodes);
}

#[test]
fn many_paths_between_two_nodes_are_not_enumerated() {
    // Two calls from each node to the next one: 2^1000 paths.
    let calls = (0..1_000).flat_map(|node| [[node, node + 1], [node, node + 1]]);
    let graph = CallGraph::new(1_001, calls.collect());
    assert_eq!(graph.products(&vec![1; 1_001]), vec![1; 1_001]);
}

#[test]
fn cost_of_cycles_does_not_grow_with_rest_of_graph() {
    // Each of 50,000 pairs is a cycle, and calls the next pair.
    let pairs = 50_000;
    let calls = (0..pairs).flat_map(|pair| {
        let (one, other) = (2 * pair, 2 * pair + 1);
        [[one, other], [other, one], [other, (one + 2).min(2 * pairs - 1)]]
    });
    let graph = CallGraph::new(2 * pairs as usize, calls.collect());
    let components = graph.cyclic_components();
    assert_eq!(components.len(), pairs as usize);
    for nodes in &components {
        let length = graph.cycle_through(nodes[0], nodes, |_| {}).len();
        assert!((1..=2).contains(&length), "{length}");
    }
}

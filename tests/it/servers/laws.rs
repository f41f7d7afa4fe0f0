//! Compares the rules about servers with brute force over random servers.

use std::{collections::BTreeMap, fmt::Write};

use driverc::{Workspace, configuration::Configuration, document::read, rules, source::Source};
use proptest::{collection::vec, prelude::*};

use crate::cli::sandbox::driver;

/// The slots of a driver, the number of processes that run it, its server and whether it is
/// relational.
type Load = (u64, u64, usize, bool);

/// The connections that a server accepts and reserves.
type Limits = [(u64, u64); 2];

fn name(driver: usize) -> String {
    format!("driver_{driver}")
}

fn document(loads: &[Load], limits: &Limits) -> String {
    let mut text = String::new();
    for (number, (slots, _, _, is_relational)) in loads.iter().enumerate() {
        let mut one = driver(&name(number))
            .replace("max_in_flight = 20\n", &format!("max_in_flight = {slots}\n"));
        if !is_relational {
            one = one.replace("relational_adapter", "columnar_adapter");
        }
        text += &one;
    }
    for (server, (accepted, reserved)) in limits.iter().enumerate() {
        let mut instances =
            loads.iter().enumerate().filter(|(_, load)| load.2 == server).peekable();
        if instances.peek().is_none() {
            continue;
        }
        let _ = write!(
            text,
            "[server.server_{server}]\nmax_connections = {accepted}\n\
             reserved_connections = {reserved}\n[server.server_{server}.instances]\n"
        );
        for (number, (_, count, ..)) in instances {
            let _ = writeln!(text, "{} = {count}", name(number));
        }
    }
    text
}

/// Returns the help of each finding, by the message.
fn found(text: &str) -> BTreeMap<String, String> {
    let workspace = Workspace::new(vec![(Source::new("a.toml", text), read(text))]);
    assert_eq!(workspace.findings(), [], "{text}");
    let findings = rules::check(&workspace, None, &Configuration::default()).into_iter();
    let findings = findings.filter(|finding| finding.rule.name == "server-oversubscribed");
    findings.map(|it| (it.message, it.help.unwrap_or_default())).collect()
}

/// Returns the connections that the drivers of a server can open.
fn opened(loads: &[Load], server: usize) -> u64 {
    let all = loads.iter().filter(|load| load.2 == server && load.3);
    all.map(|(slots, count, ..)| slots * count).sum()
}

/// Returns the greatest number of slots with which all connections fit, by trying each number.
fn fitting(loads: &[Load], driver: usize, available: u64) -> Option<u64> {
    let server = loads[driver].2;
    let fits = |slots: &u64| {
        let mut changed = loads.to_vec();
        changed[driver].0 = *slots;
        opened(&changed, server) <= available
    };
    (1..=loads[driver].0).rev().find(fits)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn findings_and_help_texts_equal_brute_force(
        loads in vec((1_u64..30, 1_u64..6, 0_usize..2, prop::bool::weighted(0.8)), 1..6),
        limits in prop::array::uniform2((6_u64..200, 0_u64..6)),
    ) {
        let found = found(&document(&loads, &limits));
        let mut expected = 0;
        for (server, (accepted, reserved)) in limits.iter().enumerate() {
            let (all, available) = (opened(&loads, server), accepted - reserved);
            let from = if *reserved > 0 { " from drivers" } else { "" };
            let end = format!("can open {all} connections, but the server accepts only {available}{from}");
            let help = found.iter().find(|(message, _)| message.ends_with(&end));
            if all <= available {
                continue;
            }
            expected += 1;
            let (_, help) = help.expect("a finding");
            for (driver, load) in loads.iter().enumerate() {
                let listed = load.2 == server && load.3;
                let fitting = fitting(&loads, driver, available).filter(|_| listed);
                let expected = fitting.map(|slots| format!(" {slots} in `{}`", name(driver)));
                let shown = help.contains(&format!(" in `{}`", name(driver)));
                let is_right = expected.as_ref().map_or(!shown, |part| help.contains(part));
                prop_assert!(is_right, "{} {:?}", help, expected);
            }
        }
        // Two servers can have equal messages.
        prop_assert!(found.len() <= expected && (expected == 0) == found.is_empty());
    }
}

#[test]
fn largest_values_do_not_overflow() {
    let count = 60;
    let mut text = String::new();
    for number in 0..count {
        text += &driver(&name(number)).replace("max_in_flight = 20\n", "max_in_flight = 1000000\n");
    }
    text += "[server.a]\nmax_connections = 10000000\n[server.a.instances]\n";
    for number in 0..count {
        let _ = writeln!(text, "{} = 100000", name(number));
    }
    let message = found(&text).into_keys().next().expect("a finding");
    assert!(message.contains(" can open 6000000000000 connections"), "{message}");
}

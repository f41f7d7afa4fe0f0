//! Runs the example of `docs/servers.md`.
//!
//! `UPDATE=1 cargo test --test it servers::` writes its output.

use std::{env, fs};

use crate::{
    cli::sandbox::{Sandbox, driver},
    common::files::root,
};

const EXAMPLE: (&str, &str) = ("```toml\n", "```\n");
const RUN: (&str, &str) = ("$ driverc check\n", "```\n");

/// Returns the text between two marks.
fn part<'t>(text: &'t str, (begin, end): (&str, &str)) -> &'t str {
    let (_, rest) = text.split_once(begin).expect("a block");
    rest.split_once(end).expect("an end").0
}

#[test]
fn servers_page_shows_real_output() {
    let path = root().join("docs/servers.md");
    let page = fs::read_to_string(&path).expect("the page");
    let idle = |text: String| text.replace("idle_ms = 600000", "idle_ms = 300000");
    let sandbox = Sandbox::project(&[
        ("contracts/orders.toml", &idle(driver("orders_db"))),
        ("contracts/billing.toml", &idle(driver("billing_db"))),
        ("contracts/servers.toml", part(&page, EXAMPLE)),
    ]);
    let billing = sandbox.read("contracts/billing.toml");
    let billing = billing.replace("= 20\n", "= 5\n").replace("= 200\n", "= 50\n");
    sandbox.write("contracts/billing.toml", billing.replace("sqlx::postgres", "sqlx::billing"));
    let shown = sandbox.run(&["check"]).stdout;
    let shown = shown.trim_end().to_owned() + "\n";
    if part(&page, RUN) == shown {
        return;
    }
    let written = [RUN.0, part(&page, RUN), RUN.1].concat();
    assert!(env::var_os("UPDATE").is_some(), "run `UPDATE=1 cargo test`:\n{shown}");
    fs::write(path, page.replacen(&written, &[RUN.0, &shown, RUN.1].concat(), 1)).expect("a page");
}

//! `driverc explain NAME` shows who calls a driver.

use serde_json::Value;

use super::explained;
use crate::cli::sandbox::{Sandbox, driver};

const CALLS: &str = "\
[caller.edge]
attempt_ms = 16000
max_attempts = 1

[[call]]
from = \"orders_db\"
to = \"users_db\"
times = 2

[[call]]
from = \"edge\"
to = \"users_db\"
times = 3
parallel = true
";

fn project_with_calls() -> Sandbox {
    Sandbox::repository(&[
        ("contracts/orders.toml", &driver("orders_db")),
        ("contracts/users.toml", &driver("users_db")),
        ("contracts/calls.toml", CALLS),
    ])
}

#[test]
fn explain_of_driver_lists_its_callers_and_their_slack() {
    let text = explained(&project_with_calls(), &["users_db"]);
    let (_, callers) = text.split_once("called by\n").unwrap();
    assert_eq!(
        callers,
        "  edge       contracts/calls.toml:10:1   waits 16000 ms, 3 parallel operations can take \
         15150 ms: 850 ms left\n  \
           orders_db  contracts/calls.toml:5:1    waits 5000 ms, 2 operations can take 30300 ms: \
         25300 ms too long\n"
    );
    let one = explained(&project_with_calls(), &["users_db.max_in_flight"]);
    assert!(!one.contains("called by"), "{one}");
    let uncalled = explained(&project_with_calls(), &["orders_db"]);
    assert!(!uncalled.contains("called by"), "{uncalled}");
}

#[test]
fn json_has_callers_only_for_driver_with_callers() {
    let sandbox = project_with_calls();
    let json = |path| -> Value {
        serde_json::from_str(&explained(&sandbox, &[path, "--output-format", "json"])).unwrap()
    };
    let callers = json("users_db")["callers"].clone();
    assert_eq!(callers.as_array().unwrap().len(), 2);
    assert_eq!(
        (&callers[1]["from"], &callers[1]["slack_ms"], &callers[1]["parallel"]),
        (&Value::from("orders_db"), &Value::from(-25_300), &Value::from(false))
    );
    assert_eq!(json("orders_db").get("callers"), None);
}

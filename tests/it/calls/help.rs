//! The help of findings about calls: what it names fits, and leads to no other finding.

use driverc::rules;

use super::{BASE, IMPATIENT, configured, reported, workspace};

/// Returns the help of the findings of a rule.
fn helps(text: &str, rule: &str) -> Vec<String> {
    let workspace = workspace(&[("a.toml", text)]);
    let configuration = configured("");
    let located =
        workspace.findings().iter().map(|finding| (finding.rule.name, finding.help.clone()));
    let found = rules::check(&workspace, None, &configuration);
    let checked = found.iter().map(|finding| (finding.rule.name, finding.help.clone()));
    located.chain(checked).filter(|it| it.0 == rule).filter_map(|it| it.1).collect()
}

/// The base with keys that a call needs: each `key = value` replaces or follows a key of the driver.
fn with_keys(keys: &[(&str, u64)]) -> String {
    let mut lines: Vec<String> = BASE.lines().map(str::to_owned).collect();
    for (key, value) in keys {
        let line = format!("{key} = {value}");
        let known = lines.iter().position(|it| it.starts_with(&format!("{key} = ")));
        if let Some(index) = known {
            lines[index] = line;
        } else {
            let at = lines.iter().position(|it| it.starts_with("request_ms")).unwrap();
            lines.insert(at, line);
        }
    }
    lines.join("\n") + "\n"
}

#[test]
fn following_help_for_overlong_call_causes_no_other_finding() {
    type Keys<'k> = &'k [(&'k str, u64)];
    let cases: &[(Keys<'_>, u64, &str, Keys<'_>)] = &[
        // One attempt fits, and no other starts before a deadline.
        (&[], 30_000, "set `max_attempts` of `example` to 1", &[("max_attempts", 1)]),
        // Two attempts fit, and the third cannot start before a deadline.
        (
            &[("jitter_percent", 0)],
            60_200,
            "set `max_attempts` of `example` to at most 2",
            &[("max_attempts", 2)],
        ),
        (
            &[("jitter_percent", 0)],
            50_000,
            "set `deadline_ms` of `example` to at most 50000 and its `max_attempts` to at most 2, \
             or only its `max_attempts` to 1",
            &[("deadline_ms", 50_000), ("max_attempts", 2)],
        ),
        (
            &[],
            90_000,
            "set `deadline_ms` of `example` to at most 90000, or its `max_attempts` to at most 2",
            &[("deadline_ms", 90_000)],
        ),
        (
            &[],
            5_000,
            "set `request_ms` of `example` to at most 5000 and its `max_attempts` to 1",
            &[("request_ms", 5_000), ("max_attempts", 1)],
        ),
        (
            &[("max_attempts", 1)],
            3_000,
            "set `connect_ms` and `request_ms` of `example` to at most 3000",
            &[("connect_ms", 3_000), ("request_ms", 3_000)],
        ),
    ];
    for (keys, waits, expected, repair) in cases {
        let caller = IMPATIENT.replace("5000", &waits.to_string());
        let text =
            |keys: &[(&str, u64)]| format!("{}\n{caller}to = \"example\"\n", with_keys(keys));
        let found = helps(&text(keys), "call-deadline-short");
        let [help] = &found[..] else { panic!("{found:?}") };
        let (own, raise) = help.split_once(", or `attempt_ms` of `edge` to at least ").unwrap();
        assert_eq!(own, *expected);
        let mended = [*keys, *repair].concat();
        let after = reported(&text(&mended), "");
        let is_kept = |rule: &&str| {
            !["call-deadline-short", "deadline-cuts-retries", "timeout-connect-exceeds-request"]
                .contains(rule)
        };
        assert!(after[0].iter().all(is_kept), "{expected} {after:?}");
        let patient =
            text(keys).replace(&format!("attempt_ms = {waits}"), &format!("attempt_ms = {raise}"));
        assert_eq!(helps(&patient, "call-deadline-short"), [""; 0]);
    }
}

#[test]
fn help_suggests_caller_deadline_but_never_value_above_maximum() {
    let api = BASE.split("[budget").next().unwrap().replace("example", "api");
    let api = api.replace("request_ms = 30000", "request_ms = 40000\ndeadline_ms = 50000");
    let call = |from: &str| format!("\n[[call]]\nfrom = \"{from}\"\nto = \"example\"\n");
    let found = helps(&[BASE, &api, &call("api")].concat(), "call-deadline-short");
    assert!(
        found[0].ends_with("or `request_ms` and `deadline_ms` of `api` to at least 90600"),
        "{found:?}"
    );
    let endless = with_keys(&[("request_ms", 86_400_000), ("max_attempts", 3)]);
    let caller = "[caller.edge]\nattempt_ms = 20000\nmax_attempts = 1\n";
    let found = helps(&[&endless, caller, &call("edge")].concat(), "call-deadline-short");
    assert_eq!(
        found,
        ["set `request_ms` of `example` to at most 20000 and its `max_attempts` to 1"]
    );
}

#[test]
fn too_many_attempts_of_called_driver_give_one_finding() {
    let base = with_keys(&[("max_attempts", 30)]);
    let text = format!("{base}\n{}to = \"example\"\n", IMPATIENT.replace("5000", "9000000"));
    assert_eq!(reported(&text, ""), [vec!["call-amplification"], vec![]]);
    let help = "set `max_attempts` of `example` to at most 3, or retry at one layer only";
    assert_eq!(helps(&text, "call-amplification"), [help]);
    let off = "[rules]\ncall-amplification = \"off\"\n";
    assert_eq!(reported(&text, off), [vec!["retry-attempts-high"], vec![]]);
}

#[test]
fn help_for_repeated_call_counts_every_call() {
    let text = |times: &[u64]| -> String {
        let call = |times: &u64| {
            format!("\n[[call]]\nfrom = \"edge\"\nto = \"example\"\ntimes = {times}\n")
        };
        let calls: String = times.iter().map(call).collect();
        format!("{BASE}\n[caller.edge]\nattempt_ms = 86400000\nmax_attempts = 1\n{calls}")
    };
    let help = |times: &[u64]| helps(&text(times), "duplicate-item");
    let two = "remove one of the two; if both happen, write `times = 5` in the other";
    assert_eq!(help(&[2, 3]), [two]);
    let three = "remove all but one; if all 3 happen, write `times = 3` in that one";
    assert_eq!(help(&[1, 1, 1]), [three; 2]);
    assert_eq!(help(&[600, 700]), ["remove one of the two"]);
    assert_eq!(help(&[600, 400]), [two.replace('5', "1000")]);
}

#[test]
fn lifetime_below_idle_close_of_server_prevents_finding() {
    let text = |lifetime: u64| {
        let driver = with_keys(&[("idle_ms", 300_000), ("lifetime_ms", lifetime)]);
        format!("{driver}\n[server.pg]\nidle_close_ms = 200000\ninstances = {{ example = 1 }}\n")
    };
    let is_reported =
        |lifetime| reported(&text(lifetime), "")[0].contains(&"timeout-idle-beyond-server");
    assert!(is_reported(200_000));
    assert!(!is_reported(199_999));
}

//! Tests the full format.

mod places;

use insta::assert_snapshot;
use proptest::prelude::{Strategy, any, prop, proptest};

use crate::{
    finding::Finding,
    report::{
        Format, Style,
        samples::{ExampleReport, RETRY_ATTEMPTS_HIGH, SUPPORT_TIER_UNUSUAL, UNKNOWN_KEY},
    },
    source::{Location, Span, visible::is_unseen},
};

/// Returns a finding with the message `what` at the first occurrence of `text` in a file.
fn finding_at(sample: &ExampleReport, file: &str, text: &str) -> Finding<Location> {
    let (id, _) = sample.sources.iter().find(|(_, source)| source.name() == file).unwrap();
    UNKNOWN_KEY.finding(sample.find(id, text), "what")
}

fn shown(sample: &ExampleReport, finding: Finding<Location>) -> String {
    sample.written(Format::Full, &[finding])
}

/// Returns the output for a finding with the message `what` at the first occurrence of `place` in a
/// text.
fn shown_at(text: &str, place: &str) -> String {
    let mut sample = ExampleReport::new();
    sample.file("a.toml", text);
    let finding = finding_at(&sample, "a.toml", place).label("here");
    shown(&sample, finding)
}

/// Returns the output for a finding with the message `what` between two bytes of a text, without a
/// label.
fn shown_between(text: &str, start: usize, end: usize) -> String {
    let mut sample = ExampleReport::new();
    let id = sample.file("a.toml", text);
    let finding = UNKNOWN_KEY.finding(sample.place(id, start, end), "what");
    shown(&sample, finding)
}

#[test]
fn blank_line_separates_findings_and_errors_come_last() {
    let mut sample = ExampleReport::new();
    let id = sample.file("a.toml", "a = 1\n");
    let findings = [
        UNKNOWN_KEY.finding(sample.find(id, "a"), "first"),
        RETRY_ATTEMPTS_HIGH.finding(sample.find(id, "1"), "second").help("repair it"),
        SUPPORT_TIER_UNUSUAL.finding(sample.find(id, "="), "third").label("here"),
    ];
    let expected = "\
info[support-tier-unusual]: third
   ╭─[a.toml:1:3]
 1 │ a = 1
   ·   ┬
   ·   ╰── here
   ╰────

warn[retry-attempts-high]: second
   ╭─[a.toml:1:5]
 1 │ a = 1
   ·     ─
   ╰────
  help: repair it

error[unknown-key]: first
   ╭─[a.toml:1:1]
 1 │ a = 1
   · ─
   ╰────
";
    assert_eq!(sample.written(Format::Full, &findings), expected);
}

#[test]
fn names_of_other_drivers_wrap_and_are_counted() {
    let mut sample = ExampleReport::new();
    let findings: Vec<_> = (0..12)
        .map(|number| {
            let name = format!("warehouse_{number:02}");
            let id = sample.file(&format!("{name}.toml"), format!("[driver.{name}]\na = 1\n"));
            UNKNOWN_KEY.finding(sample.find(id, "1"), format!("`{name}` is odd"))
        })
        .collect();
    let style = Style { width: 50, unicode: false, ..Style::default() };
    let text = sample.styled(Format::Full, &findings, style);
    assert!(text.starts_with("error[unknown-key]: `warehouse_00` is odd\n"), "{text}");
    let line = "  and 11 more drivers: `warehouse_01`,\n    `warehouse_02`, `warehouse_03`, ...\n";
    assert!(text.ends_with(line), "{text}");
    assert_eq!(text.matches("error[").count(), 1);
}

#[test]
fn message_and_help_wrap_between_words() {
    let mut sample = ExampleReport::new();
    let id = sample.file("a.toml", "a = 1\n");
    let finding = UNKNOWN_KEY
        .finding(
            sample.find(id, "a"),
            "`a_name_that_is_much_longer_than_the_terminal_is_wide` is no key",
        )
        .help("a help that does not fit into one line of this terminal");
    let style = Style { width: 40, ..Style::default() };
    assert_snapshot!(sample.styled(Format::Full, &[finding], style), @r"
    error[unknown-key]: `a_name_that_is_much_longer_than_the_terminal_is_wide`
      │ is no key
       ╭─[a.toml:1:1]
     1 │ a = 1
       · ─
       ╰────
      help: a help that does not fit into
            one line of this terminal
    ");
}

#[test]
fn blank_context_lines_are_left_out() {
    assert_snapshot!(shown_at("x = 1\n\nbad = 1\n \t\r\ny = 1\n", "bad"), @r"
    error[unknown-key]: what
       ╭─[a.toml:3:1]
     3 │ bad = 1
       · ─┬─
       ·  ╰── here
       ╰────
    ");
}

#[test]
fn byte_order_mark_and_crlf_are_invisible() {
    assert_snapshot!(shown_at("\u{feff}bad = 1\r\nb = 2\r\n", "bad"), @r"
    error[unknown-key]: what
       ╭─[a.toml:1:1]
     1 │ bad = 1
       · ─┬─
       ·  ╰── here
     2 │ b = 2
       ╰────
    ");
}

#[test]
fn underlines_match_tabs_and_wide_characters() {
    assert_snapshot!(shown_at("\ta\t= 1 # bad\n", "bad"), @r"
    error[unknown-key]: what
       ╭─[a.toml:1:10]
     1 │     a   = 1 # bad
       ·               ─┬─
       ·                ╰── here
       ╰────
    ");
    assert_snapshot!(shown_at("name = \"数据库🦀é\" # bad\n", "数据库🦀é"), @r#"
    error[unknown-key]: what
       ╭─[a.toml:1:9]
     1 │ name = "数据库🦀é" # bad
       ·         ────┬────
       ·             ╰── here
       ╰────
    "#);
    assert_snapshot!(shown_at("name = \"数据库🦀é\" # bad\n", "bad"), @r#"
    error[unknown-key]: what
       ╭─[a.toml:1:18]
     1 │ name = "数据库🦀é" # bad
       ·                      ─┬─
       ·                       ╰── here
       ╰────
    "#);
}

#[test]
fn underlines_include_escapes_and_columns_do_not() {
    assert_snapshot!(shown_at("a = \"\u{202e}\u{200b}\0\" # bad\r \n", "bad\r"), @r#"
    error[unknown-key]: what
       ╭─[a.toml:1:13]
     1 │ a = "\u{202e}\u{200b}\u{0}" # bad\r
       ·                               ──┬──
       ·                                 ╰── here
       ╰────
    "#);
    assert_snapshot!(shown_at("a = \"\u{202e}\u{e0041}\"\n", "\u{202e}\u{e0041}"), @r#"
    error[unknown-key]: what
       ╭─[a.toml:1:6]
     1 │ a = "\u{202e}\u{e0041}"
       ·      ────────┬────────
       ·              ╰── here
       ╰────
    "#);
}

#[test]
fn control_characters_are_escaped_everywhere() {
    let steering = "\u{1b}[2J\n\u{9b}\u{202e}";
    let mut sample = ExampleReport::new();
    let id = sample.file(&format!("a{steering}.toml"), steering);
    let finding = UNKNOWN_KEY
        .finding(sample.place(id, 0, 4), steering)
        .label(steering)
        .also(sample.place(id, 5, 7), steering)
        .help(steering);
    assert_snapshot!(shown(&sample, finding), @r"
    error[unknown-key]: \u{1b}[2J\n\u{9b}\u{202e}
       ╭─[a\u{1b}[2J\n\u{9b}\u{202e}.toml:1:1]
     1 │ \u{1b}[2J
       · ────┬────
       ·     ╰── \u{1b}[2J\n\u{9b}\u{202e}
     2 │ \u{9b}\u{202e}
       · ───┬──
       ·    ╰── \u{1b}[2J\n\u{9b}\u{202e}
       ╰────
      help: \u{1b}[2J\n\u{9b}\u{202e}
    ");
}

#[test]
fn long_line_is_cropped_around_finding() {
    let half = "x".repeat(500_000);
    let context = "x".repeat(120);
    let drawn = shown_at(&format!("{half}bad{half}\n"), "bad");
    let lines: Vec<_> = drawn.lines().collect();
    assert_eq!(lines[1], "   ╭─[a.toml:1:500001]");
    assert_eq!(lines[2], format!(" 1 │ …{context}bad{context}…"));
    assert_eq!(lines[3], format!("   · {}─┬─", " ".repeat(121)));
    assert_eq!(lines[4], format!("   · {} ╰── here", " ".repeat(121)));
}

#[test]
fn ascii_style_draws_ascii_frames() {
    let mut sample = ExampleReport::new();
    let id = sample.file("a.toml", format!("bad = [\n  2,\n] # {}", "é".repeat(121)));
    let finding = UNKNOWN_KEY
        .finding(sample.find(id, "bad"), "what")
        .also(sample.find(id, "[\n  2,\n]"), "here");
    let style = Style { unicode: false, ..Style::default() };
    let drawn = sample.styled(Format::Full, &[finding], style);
    assert_snapshot!(drawn.replace('é', ""), @r"
    error[unknown-key]: what
       ,-[a.toml:1:1]
     1 | ,-> bad = [
       : |   ^^^
     2 | |     2,
     3 | |-> ] # ...
       : `---- here
       `----
    ");
}

#[test]
fn colours_distinguish_locations_and_rule_names_link() {
    let mut sample = ExampleReport::new();
    let id = sample.file("a.toml", "bad = 1\n");
    let finding = RETRY_ATTEMPTS_HIGH
        .finding(sample.find(id, "bad"), "what")
        .label("that")
        .also(sample.find(id, "1"), "here")
        .help("repair it");
    let style = Style { color: true, links: true, ..Style::default() };
    let drawn = sample.styled(Format::Full, &[finding], style);
    assert_snapshot!(drawn.replace('\u{1b}', "␛"), @r"
    ␛[33;1mwarn[␛]8;;https://github.com/driverc/driverc/blob/main/docs/rules/retry-attempts-high.md␛\retry-attempts-high␛]8;;␛\]:␛[0m what
       ╭─[␛[36ma.toml:1:1␛[0m]
     ␛[2m1␛[0m │ bad = 1
       · ␛[33;1m─┬─␛[0m␛[34;1m   ┬␛[0m
       ·  ␛[33;1m│␛[0m    ␛[34;1m╰── ␛[34;1mhere␛[0m␛[0m
       ·  ␛[33;1m╰── ␛[33;1mthat␛[0m␛[0m
       ╰────
    ␛[36;1m  help: ␛[0mrepair it
    ");
}

/// Returns sources with characters of unusual width, and locations anywhere in them.
fn sources_and_places() -> impl Strategy<Value = (String, Vec<(u8, u8)>)> {
    let line = "[a\t 数🦀\u{301}\u{202e}\r\u{feff}]{0,9}(x{300})?";
    let text = prop::collection::vec(line, 0..20).prop_map(|lines| lines.join("\n"));
    (text, prop::collection::vec(any::<(u8, u8)>(), 1..5))
}

proptest! {
    #[test]
    fn any_location_in_any_text_can_be_shown((text, places) in sources_and_places()) {
        let mut sample = ExampleReport::new();
        let id = sample.file("a.toml", text);
        let mut places = places.into_iter().map(|(start, length)| {
            let start = u32::from(start);
            Location { source: id, span: Span::new(start, start + u32::from(length)) }
        });
        let finding = UNKNOWN_KEY.finding(places.next().unwrap(), "what");
        let finding = places.fold(finding, |finding, place| finding.also(place, "here"));
        let count = finding.related.len();
        let drawn = shown(&sample, finding);
        assert_eq!(drawn.matches("─ here").count(), count, "{drawn}");
        assert!(!drawn.chars().any(|seen| seen != '\n' && is_unseen(seen)), "{drawn}");
        assert!(!drawn.contains("Failed to read"), "{drawn}");
    }
}

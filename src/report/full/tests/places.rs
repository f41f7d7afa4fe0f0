//! Tests how spans of all kinds are underlined.

use insta::assert_snapshot;

use super::{finding_at, shown, shown_at, shown_between};
use crate::report::samples::{ExampleReport, UNKNOWN_KEY};

#[test]
fn empty_span_gets_pointer() {
    assert_snapshot!(shown_between("a = \n", 4, 4), @r"
    error[unknown-key]: what
       ╭─[a.toml:1:5]
     1 │ a =
       ·     ▲
       ╰────
    ");
    assert_snapshot!(shown_between("a = 1\n", 6, 6), @r"
    error[unknown-key]: what
       ╭─[a.toml:2:1]
     1 │ a = 1
     2 │
       · ▲
       ╰────
    ");
    assert_snapshot!(shown_between("a = ", 4, 4), @r"
    error[unknown-key]: what
       ╭─[a.toml:1:5]
     1 │ a =
       ·     ▲
       ╰────
    ");
    assert_snapshot!(shown_between("", 0, 0), @r"
    error[unknown-key]: what
       ╭─[a.toml:1:1]
     1 │
       · ▲
       ╰────
    ");
}

#[test]
fn line_end_gets_pointer() {
    let expected = shown_between("a = \r\nb\r\n", 4, 6);
    assert_snapshot!(expected, @r"
    error[unknown-key]: what
       ╭─[a.toml:1:5]
     1 │ a =
       ·     ▲
     2 │ b
       ╰────
    ");
    assert_eq!(shown_between("a = \nb\r\n", 4, 5), expected);
}

#[test]
fn multiline_span_gets_bracket() {
    assert_snapshot!(shown_at("a = 1\nb = [\n  1,\n]\nc = 1\n", "[\n  1,\n]"), @r"
    error[unknown-key]: what
       ╭─[a.toml:2:5]
     1 │     a = 1
     2 │ ╭─▶ b = [
     3 │ │     1,
     4 │ ├─▶ ]
       · ╰──── here
     5 │     c = 1
       ╰────
    ");
}

#[test]
fn very_long_span_shows_first_line() {
    let value = format!("[\n{}]", "  1,\n".repeat(99));
    assert_snapshot!(shown_at(&format!("b = {value}\nc = 1\n"), &value), @r"
    error[unknown-key]: what
       ╭─[a.toml:1:5]
     1 │ b = [
       ·     ┬
       ·     ╰── here
     2 │   1,
       ╰────
    ");
}

#[test]
fn near_spans_share_frame_and_primary_frame_is_first() {
    let mut sample = ExampleReport::new();
    let far = "x = 1\n".repeat(50);
    sample.file("a.toml", format!("far\n{far}near\n\n\nmore\nbad\n\n{far}"));
    sample.file("b.toml", "other\n");
    let place = |file, text| finding_at(&sample, file, text).place;
    let finding = finding_at(&sample, "a.toml", "bad")
        .also(place("b.toml", "other"), "in the other file")
        .also(place("a.toml", "near"), "near by")
        .also(place("a.toml", "more"), "")
        .also(place("a.toml", "far"), "far away");
    assert_snapshot!(shown(&sample, finding), @r"
    error[unknown-key]: what
        ╭─[a.toml:56:1]
     51 │ x = 1
     52 │ near
        · ──┬─
        ·   ╰── near by
     53 │
     54 │
     55 │ more
        · ────
     56 │ bad
        · ───
        ╰────
       ╭─[b.toml:1:1]
     1 │ other
       · ──┬──
       ·   ╰── in the other file
       ╰────
       ╭─[a.toml:1:1]
     1 │ far
       · ─┬─
       ·  ╰── far away
     2 │ x = 1
       ╰────
    ");
}

#[test]
fn overlapping_spans_get_separate_frames() {
    let mut sample = ExampleReport::new();
    let id = sample.file("a.toml", "bad = 1\n");
    let finding = UNKNOWN_KEY
        .finding(sample.find(id, "bad"), "what")
        .also(sample.find(id, "bad = 1"), "within this")
        .also(sample.find(id, "="), "after it");
    assert_snapshot!(shown(&sample, finding), @r"
    error[unknown-key]: what
       ╭─[a.toml:1:1]
     1 │ bad = 1
       · ───
       ╰────
       ╭─[a.toml:1:1]
     1 │ bad = 1
       · ───┬───
       ·    ╰── within this
       ╰────
       ╭─[a.toml:1:5]
     1 │ bad = 1
       ·     ┬
       ·     ╰── after it
       ╰────
    ");
}

#[test]
fn span_without_label_has_no_connector() {
    let mut sample = ExampleReport::new();
    let id = sample.file("a.toml", "a = 1, b = 2, c = 3\n");
    let finding = UNKNOWN_KEY
        .finding(sample.find(id, "2"), "what")
        .also(sample.find(id, "1"), "less")
        .also(sample.find(id, "3"), "more");
    assert_snapshot!(shown(&sample, finding), @r"
    error[unknown-key]: what
       ╭─[a.toml:1:12]
     1 │ a = 1, b = 2, c = 3
       ·     ┬      ─
       ·     ╰── less
       ╰────
       ╭─[a.toml:1:19]
     1 │ a = 1, b = 2, c = 3
       ·                   ┬
       ·                   ╰── more
       ╰────
    ");
}

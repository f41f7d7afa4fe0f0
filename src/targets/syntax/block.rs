//! Writes YAML from a template.
//!
//! A line of a template with `{name}` is written if the setting with this name has a value. A line
//! that opens a mapping is written if something is in it.

use super::Written;

/// The place of the driver's name in a template.
const DRIVER: &str = "{driver}";
/// The place of the driver's name with `-` instead of `_`, as names of hosts are written.
const HOST: &str = "{host}";

/// Returns the text of a template with these settings.
pub fn text(template: &str, driver: &str, settings: &[(&str, Written, &str)]) -> String {
    let filled = template.lines().filter_map(|line| filled(line, driver, settings));
    let mut lines: Vec<String> = Vec::new();
    // From the end, so that a line that opens a mapping is met after its content.
    for line in filled.collect::<Vec<_>>().into_iter().rev() {
        let has_content = lines.last().is_some_and(|next| indent(next) > indent(&line));
        if !line.ends_with(':') || has_content {
            lines.push(line);
        }
    }
    lines.reverse();
    lines.join("\n") + "\n"
}

/// Returns a line with its value. Returns `None` if the setting has no value.
fn filled(line: &str, driver: &str, settings: &[(&str, Written, &str)]) -> Option<String> {
    let line =
        line.replace(DRIVER, &plain(driver)).replace(HOST, &plain(&driver.replace('_', "-")));
    let Some((key, name)) = line.strip_suffix('}').and_then(|it| it.split_once(": {")) else {
        return Some(line);
    };
    // An empty mapping, which the line states itself.
    if name.is_empty() {
        return Some(line);
    }
    let (_, value, _) = settings.iter().find(|(it, ..)| *it == name)?;
    Some(format!("{key}: {}", value.plain()))
}

/// Returns a name as a scalar. Quotation marks keep YAML from reading a word as another value.
fn plain(name: &str) -> String {
    let is_word =
        matches!(name, "null" | "true" | "false" | "yes" | "no" | "on" | "off" | "y" | "n");
    if is_word { format!("\"{name}\"") } else { name.to_owned() }
}

/// Returns the column of the first key of a line.
fn indent(line: &str) -> usize {
    line.find(|character| character != ' ' && character != '-').unwrap_or(line.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEMPLATE: &str = "\
a:
- name: {driver}
  b: {x.b}
  c:
    d:
      e: {x.e}
f: {}
g:
  h: {host}
";

    #[test]
    fn lines_without_value_are_left_out_with_their_mappings() {
        let settings = [("x.b", Written::Number("1".to_owned()), "")];
        let expected = "a:\n- name: my_driver\n  b: 1\nf: {}\ng:\n  h: my-driver\n";
        assert_eq!(text(TEMPLATE, "my_driver", &settings), expected);
        let settings = [("x.e", Written::Text("2s".to_owned()), "")];
        let expected = "a:\n- name: \"on\"\n  c:\n    d:\n      e: 2s\nf: {}\ng:\n  h: \"on\"\n";
        assert_eq!(text(TEMPLATE, "on", &settings), expected);
    }
}

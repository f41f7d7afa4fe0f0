//! The names of settings in a `.properties` file of Spring Boot, which can be spelled in several ways.

/// Returns a part of a name without the characters that Spring Boot ignores: it compares only letters
/// and digits, without their case.
pub fn uniform(part: &str) -> String {
    let letters = part.chars().filter(char::is_ascii_alphanumeric);
    letters.map(|letter| letter.to_ascii_lowercase()).collect()
}

/// Returns the parts of a name. A part is separated by `.` or is in brackets.
pub fn parts(name: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut rest = name;
    while !rest.is_empty() {
        let (part, after) = match rest.strip_prefix('[').and_then(|inner| inner.split_once(']')) {
            Some(split) => split,
            None => rest.split_at(rest.find(['.', '[']).unwrap_or(rest.len())),
        };
        parts.push(part);
        rest = after.strip_prefix('.').unwrap_or(after);
        if rest.len() == after.len() && part.is_empty() {
            break;
        }
    }
    parts
}

/// Returns the parts of a name after these parts, in uniform spelling. Returns `None` for another
/// name.
pub fn parts_after<'n>(name: &'n str, prefix: &[&str]) -> Option<Vec<&'n str>> {
    let parts = parts(name);
    let (start, rest) = parts.split_at_checked(prefix.len())?;
    let is_prefix = start.iter().zip(prefix).all(|(part, own)| uniform(part) == *own);
    is_prefix.then(|| rest.to_vec())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_a_name_are_equal() {
        for name in
            ["maximum-pool-size", "maximumPoolSize", "maximum_pool_size", "MAXIMUM-POOL-SIZE"]
        {
            assert_eq!(uniform(name), "maximumpoolsize");
            let name = format!("spring.dataSource.Hikari.{name}");
            let rest = parts_after(&name, &["spring", "datasource", "hikari"]).unwrap();
            assert_eq!(
                rest.iter().map(|part| uniform(part)).collect::<Vec<_>>(),
                ["maximumpoolsize"]
            );
        }
        assert_eq!(parts_after("spring.jpa.x", &["spring", "datasource"]), None);
        assert_eq!(parts_after("spring", &["spring", "datasource"]), None);
    }

    #[test]
    fn part_can_be_in_brackets() {
        for name in ["a.[b.c].d", "a[b.c].d"] {
            assert_eq!(parts(name), ["a", "b.c", "d"]);
        }
        assert_eq!(parts("a[0]"), ["a", "0"]);
        for name in ["", ".", "[", "]", "a..b", "[]", "a[", "a]", "..[", "é[.]"] {
            assert!(parts(name).len() <= name.len() + 1, "{name}");
        }
    }
}

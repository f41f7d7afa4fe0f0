//! The requirements of `schemas/junit.xsd` for elements and attributes, and of XML for text.

use quick_xml::{
    Reader,
    events::{BytesStart, Event},
};

/// An element, its allowed parents, and its attributes. The last attributes are optional if the
/// schema says so.
const ELEMENTS: &[(&str, &str, &[&str])] = &[
    ("testsuites", "", &[]),
    (
        "testsuite",
        "testsuites",
        &[
            "name",
            "package",
            "id",
            "timestamp",
            "hostname",
            "tests",
            "failures",
            "errors",
            "skipped",
            "time",
        ],
    ),
    ("properties", "testsuite", &[]),
    ("property", "properties", &["name", "value"]),
    ("testcase", "testsuite", &["name", "classname", "time"]),
    ("system-out", "testsuite", &[]),
    ("system-err", "testsuite", &[]),
    ("failure", "testcase", &["message", "type"]),
    ("skipped", "testcase", &["message"]),
];

/// A parsed element.
#[derive(Debug, Default)]
pub(crate) struct Element {
    pub(crate) name: String,
    pub(crate) attributes: Vec<(String, String)>,
    pub(crate) children: Vec<Element>,
    pub(crate) text: String,
}

impl Element {
    pub(crate) fn attribute(&self, name: &str) -> &str {
        let found = self.attributes.iter().find(|(key, _)| key == name);
        &found.unwrap_or_else(|| panic!("no {name} in {self:?}")).1
    }

    fn start(tag: &BytesStart<'_>) -> Self {
        let name = tag.name().as_ref().to_owned();
        let attributes = tag.attributes().map(|attribute| {
            let attribute = attribute.unwrap();
            let key = attribute.key.as_ref().to_owned();
            let raw = attribute.value.into_owned();
            assert!(!raw.contains('<'), "{raw}");
            (key, quick_xml::escape::unescape(&raw).unwrap().into_owned())
        });
        Self { name, attributes: attributes.collect(), ..Self::default() }
    }
}

/// Parses a document. Panics if it is not well-formed or does not satisfy the schema.
pub(crate) fn valid(text: &str) -> Element {
    assert!(text.chars().all(is_allowed), "{text:?}");
    let mut reader = Reader::from_str(text);
    let mut open = vec![Element::default()];
    loop {
        match reader.read_event().unwrap() {
            Event::Start(tag) => open.push(Element::start(&tag)),
            Event::Empty(tag) => open.last_mut().unwrap().children.push(Element::start(&tag)),
            Event::End(_) => {
                let element = open.pop().unwrap();
                open.last_mut().unwrap().children.push(element);
            }
            Event::Text(part) => {
                assert!(!part.contains("]]>"), "{part:?}");
                open.last_mut().unwrap().text.push_str(&part);
            }
            Event::GeneralRef(name) => {
                let name = format!("&{};", &*name);
                let text = quick_xml::escape::unescape(&name).unwrap().into_owned();
                open.last_mut().unwrap().text.push_str(&text);
            }
            Event::Decl(_) => assert_eq!(open.len(), 1),
            Event::Eof => break,
            other @ (Event::CData(_) | Event::Comment(_) | Event::PI(_) | Event::DocType(_)) => {
                panic!("{other:?}")
            }
        }
    }
    let document = open.pop().unwrap();
    assert!(open.is_empty() && document.children.len() == 1, "{text}");
    check(&document.children[0], "");
    document.children.into_iter().next().unwrap()
}

/// Returns true for the production `Char` of XML 1.0.
fn is_allowed(character: char) -> bool {
    matches!(character, '\t' | '\n' | '\r' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..)
}

fn check(element: &Element, parent: &str) {
    let known = ELEMENTS.iter().find(|(name, ..)| *name == element.name);
    let (name, within, attributes) = known.unwrap_or_else(|| panic!("{element:?}"));
    assert_eq!(*within, parent, "{element:?}");
    let names: Vec<_> = element.attributes.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, *attributes, "{element:?}");
    if *name == "testsuite" {
        check_suite(element);
    }
    if *name == "testcase" {
        assert!(element.children.len() <= 1, "{element:?}");
    }
    element.children.iter().for_each(|child| check(child, name));
}

/// Checks the order of the children of a suite, and its counts.
fn check_suite(suite: &Element) {
    let names: Vec<_> = suite.children.iter().map(|child| child.name.as_str()).collect();
    let [first, cases @ .., before_last, last] = &*names else { panic!("{suite:?}") };
    assert_eq!([*first, *before_last, *last], ["properties", "system-out", "system-err"]);
    assert!(cases.iter().all(|name| *name == "testcase"), "{suite:?}");
    assert!(!suite.attribute("name").trim().is_empty(), "{suite:?}");
    let with = |name: &str| {
        let children = suite.children.iter().flat_map(|case| &case.children);
        children.filter(|child| child.name == name).count().to_string()
    };
    assert_eq!(suite.attribute("tests"), cases.len().to_string());
    assert_eq!(suite.attribute("failures"), with("failure"));
    assert_eq!(suite.attribute("skipped"), with("skipped"));
}

//! A page as html5ever reads it, which browsers agree with.

use html5ever::{parse_document, tendril::TendrilSink};
use markup5ever_rcdom::{Handle, NodeData, RcDom};

/// The elements of a page, in the order of the page.
pub(super) struct Page {
    elements: Vec<Element>,
    /// What is wrong with the HTML.
    pub(super) errors: Vec<String>,
}

struct Element {
    name: String,
    attributes: Vec<(String, String)>,
    /// All text in it.
    text: String,
}

impl Page {
    pub(super) fn parse(html: &str) -> Self {
        let tree = parse_document(RcDom::default(), html5ever::ParseOpts::default()).one(html);
        let mut elements = Vec::new();
        collect(&tree.document, &mut elements);
        let errors = tree.errors.borrow().iter().map(ToString::to_string).collect();
        Self { elements, errors }
    }

    /// Every element with the names of its attributes. Where a name may be broken depends on it,
    /// so that is left out.
    pub(super) fn structure(&self) -> Vec<String> {
        let elements = self.elements.iter().filter(|element| element.name != "wbr");
        let named = elements.map(|Element { name, attributes, .. }| {
            let attributes: Vec<_> = attributes.iter().map(|(name, _)| name.as_str()).collect();
            format!("{name} {}", attributes.join(" "))
        });
        named.collect()
    }

    /// The elements of a kind.
    fn of<'p>(&'p self, name: &'p str) -> impl Iterator<Item = &'p Element> {
        self.elements.iter().filter(move |element| element.name == name)
    }

    /// How many elements there are of a kind.
    pub(super) fn count(&self, name: &str) -> usize {
        self.of(name).count()
    }

    /// The texts of all elements of a kind.
    pub(super) fn texts(&self, name: &str) -> Vec<String> {
        self.of(name).map(|element| element.text.clone()).collect()
    }

    /// The values of an attribute of all elements of a kind.
    pub(super) fn attributes(&self, name: &str, attribute: &str) -> Vec<String> {
        self.of(name).filter_map(|element| element.values(attribute)).collect()
    }

    /// The values of an attribute of all elements.
    pub(super) fn every(&self, attribute: &str) -> Vec<String> {
        self.elements.iter().filter_map(|element| element.values(attribute)).collect()
    }
}

impl Element {
    fn values(&self, attribute: &str) -> Option<String> {
        let own = self.attributes.iter().find(|(name, _)| name == attribute);
        own.map(|(_, value)| value.clone())
    }
}

/// Collects the elements within a node; returns its text.
fn collect(node: &Handle, elements: &mut Vec<Element>) -> String {
    let place = elements.len();
    match &node.data {
        NodeData::Text { contents } => return contents.borrow().to_string(),
        NodeData::Element { name, attrs, .. } => {
            let attributes = attrs.borrow();
            let attributes = attributes.iter();
            elements.push(Element {
                name: name.local.to_string(),
                attributes: attributes
                    .map(|attribute| {
                        (attribute.name.local.to_string(), attribute.value.to_string())
                    })
                    .collect(),
                text: String::new(),
            });
        }
        NodeData::Document
        | NodeData::Doctype { .. }
        | NodeData::Comment { .. }
        | NodeData::ProcessingInstruction { .. } => {}
    }
    let text: String =
        node.children.borrow().iter().map(|child| collect(child, elements)).collect();
    if let NodeData::Element { .. } = node.data {
        elements[place].text.clone_from(&text);
    }
    text
}

//! Parses a page with html5ever, which follows the same standard as browsers.

use html5ever::{parse_document, tendril::TendrilSink};
use markup5ever_rcdom::{Handle, NodeData, RcDom};

/// The elements of a page, in document order.
pub(super) struct Page {
    elements: Vec<Element>,
    /// The parse errors.
    pub(super) errors: Vec<String>,
}

struct Element {
    name: String,
    attributes: Vec<(String, String)>,
    /// All text inside the element.
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

    /// Returns every element with the names of its attributes, except `wbr`, whose number depends
    /// on the text.
    pub(super) fn structure(&self) -> Vec<String> {
        let elements = self.elements.iter().filter(|element| element.name != "wbr");
        let named = elements.map(|Element { name, attributes, .. }| {
            let attributes: Vec<_> = attributes.iter().map(|(name, _)| name.as_str()).collect();
            format!("{name} {}", attributes.join(" "))
        });
        named.collect()
    }

    /// Returns the elements with this name.
    fn of<'p>(&'p self, name: &'p str) -> impl Iterator<Item = &'p Element> {
        self.elements.iter().filter(move |element| element.name == name)
    }

    /// Returns the number of elements with this name.
    pub(super) fn count(&self, name: &str) -> usize {
        self.of(name).count()
    }

    /// Returns the texts of all elements with this name.
    pub(super) fn texts(&self, name: &str) -> Vec<String> {
        self.of(name).map(|element| element.text.clone()).collect()
    }

    /// Returns the values of an attribute on all elements with this name.
    pub(super) fn attributes(&self, name: &str, attribute: &str) -> Vec<String> {
        self.of(name).filter_map(|element| element.values(attribute)).collect()
    }

    /// Returns the values of an attribute on all elements.
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

/// Collects the elements inside a node, and returns its text.
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

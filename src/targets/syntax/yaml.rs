//! YAML, read with byte spans. JSON is YAML, too.
//!
//! An alias shares the node of its anchor, so that no text can make the reader copy nodes. A text
//! whose aliases would stand for too many nodes is refused.

use std::{
    collections::{BTreeMap, BTreeSet},
    rc::Rc,
};

use saphyr_parser::{Event, Parser, ScalarStyle, Tag};

use super::SyntaxFault;
use crate::source::{Span, offset};

/// The most nodes in each other.
const MAX_DEPTH: usize = 100;
/// The most nodes for which all aliases of a text stand.
const MAX_ALIASED: usize = 200_000;

/// The documents of a text.
#[derive(Debug, Default)]
pub struct Stream {
    /// The top nodes, in order.
    pub documents: Vec<Rc<YamlNode>>,
    /// The places of keys that merge another mapping: `<<`. The reader has merged them.
    pub merges: Vec<Span>,
}

/// A value with its place.
#[derive(Debug)]
pub struct YamlNode {
    /// The bytes. For a list or a mapping, only its start is exact.
    pub span: Span,
    /// The value.
    pub data: Data,
    /// The suffix of a tag of the program, such as `ignore` of `!ignore`.
    pub tag: Option<String>,
    /// The number of nodes, including this one.
    size: usize,
    /// The number of nodes in each other, including this one.
    depth: usize,
}

/// The value of a node.
#[derive(Debug)]
pub enum Data {
    /// No value, such as `null` or `~`.
    Null,
    /// The text of a scalar, without quotes.
    Scalar(String),
    /// A list.
    List(Vec<Rc<YamlNode>>),
    /// A mapping: all pairs in order, even if a key occurs twice. Merged pairs come first.
    Mapping(Vec<(Rc<YamlNode>, Rc<YamlNode>)>),
}

impl YamlNode {
    /// Returns the text of a scalar.
    pub fn text(&self) -> Option<&str> {
        if let Data::Scalar(text) = &self.data { Some(text) } else { None }
    }

    /// Returns the pairs of a mapping. Empty for other nodes.
    pub fn pairs(&self) -> &[(Rc<Self>, Rc<Self>)] {
        if let Data::Mapping(pairs) = &self.data { pairs } else { &[] }
    }

    /// Returns the elements of a list. Empty for other nodes.
    pub fn items(&self) -> &[Rc<Self>] {
        if let Data::List(items) = &self.data { items } else { &[] }
    }

    /// Returns the value of a key: the last, if the key occurs twice.
    pub fn get(&self, key: &str) -> Option<&Rc<Self>> {
        let mut pairs = self.pairs().iter().rev();
        pairs.find(|(it, _)| it.text() == Some(key)).map(|(_, value)| value)
    }

    /// Returns the value at a path of keys.
    pub fn at(&self, path: &[&str]) -> Option<&Self> {
        path.iter().try_fold(self, |node, key| node.get(key).map(Rc::as_ref))
    }
}

/// Reads a text.
///
/// # Errors
///
/// Returns the place at which the text is not YAML, or at which it is too large to read.
pub fn read(text: &str) -> Result<Stream, SyntaxFault> {
    let mut builder = Builder::new(text);
    for event in Parser::new_from_str(text) {
        match event {
            Ok((event, span)) => {
                let mut span = builder.span(span.start.index(), span.end.index());
                if let Event::Scalar(_, style, ..) = event {
                    span = scalar_span(text, span, style);
                }
                builder.add(event, span)?;
            }
            Err(error) => {
                let at = error.marker().index();
                let message = "it is not valid YAML";
                return Err(SyntaxFault { message, span: builder.span(at, at + 1) });
            }
        }
    }
    Ok(builder.stream)
}

/// Returns the bytes of a scalar. The parser counts the blanks and the comment after a closing
/// quotation mark as a part of the scalar.
fn scalar_span(text: &str, span: Span, style: ScalarStyle) -> Span {
    let source = text.get(span.range()).unwrap_or_default();
    let mut is_escaped = false;
    let closing = source.char_indices().skip(1).find(|(at, character)| match style {
        ScalarStyle::DoubleQuoted => {
            let is_end = *character == '"' && !is_escaped;
            is_escaped = *character == '\\' && !is_escaped;
            is_end
        }
        ScalarStyle::SingleQuoted => {
            // A quotation mark in the text is doubled.
            let is_mark = *character == '\'';
            let is_doubled = is_mark && !is_escaped && source[at + 1..].starts_with('\'');
            let is_end = is_mark && !is_escaped && !is_doubled;
            is_escaped = is_doubled;
            is_end
        }
        ScalarStyle::Plain | ScalarStyle::Literal | ScalarStyle::Folded => false,
    });
    closing.map_or(span, |(at, _)| Span::new(span.start, span.start + offset(at + 1)))
}

/// A list or mapping whose end was not reached.
struct Open {
    span: Span,
    anchor: usize,
    tag: Option<String>,
    is_mapping: bool,
    children: Vec<Rc<YamlNode>>,
}

#[derive(Default)]
struct Builder {
    /// The byte offsets of characters, and of the end.
    offsets: Vec<usize>,
    open: Vec<Open>,
    anchors: BTreeMap<usize, Rc<YamlNode>>,
    /// The number of nodes for which the aliases stand.
    aliased: usize,
    stream: Stream,
}

impl Builder {
    fn new(text: &str) -> Self {
        let offsets = text.char_indices().map(|(offset, _)| offset).chain([text.len()]).collect();
        Self { offsets, ..Self::default() }
    }

    /// Returns the bytes of a range of characters.
    fn span(&self, start: usize, end: usize) -> Span {
        let last = self.offsets.len() - 1;
        let at = |index: usize| offset(self.offsets[index.min(last)]);
        Span::new(at(start), at(end.max(start)))
    }

    fn add(&mut self, event: Event<'_>, span: Span) -> Result<(), SyntaxFault> {
        let open = |anchor, tag: Option<_>, is_mapping| {
            let tag = tag.as_deref().and_then(own_tag);
            Open { span, anchor, tag, is_mapping, children: Vec::new() }
        };
        match event {
            Event::Nothing
            | Event::StreamStart
            | Event::StreamEnd
            | Event::DocumentStart(_)
            | Event::DocumentEnd => Ok(()),
            Event::SequenceStart(anchor, tag) => self.enter(open(anchor, tag, false)),
            Event::MappingStart(anchor, tag) => self.enter(open(anchor, tag, true)),
            Event::SequenceEnd | Event::MappingEnd => self.leave(),
            Event::Alias(anchor) => {
                // The anchor of a list or mapping that is not complete would contain itself.
                let message = "an alias must name an anchor above it";
                let node = self.anchors.get(&anchor).cloned();
                let node = node.ok_or(SyntaxFault { message, span })?;
                self.aliased = self.aliased.saturating_add(node.size);
                if self.aliased > MAX_ALIASED {
                    let message = "its aliases stand for too many values";
                    return Err(SyntaxFault { message, span });
                }
                self.push(node)
            }
            Event::Scalar(text, style, anchor, tag) => {
                let is_null = style == ScalarStyle::Plain
                    && tag.is_none()
                    && matches!(&*text, "" | "~" | "null" | "Null" | "NULL");
                let data = if is_null { Data::Null } else { Data::Scalar(text.into_owned()) };
                let tag = tag.as_deref().and_then(own_tag);
                self.anchored(anchor, YamlNode { span, data, tag, size: 1, depth: 1 })
            }
        }
    }

    fn enter(&mut self, open: Open) -> Result<(), SyntaxFault> {
        if self.open.len() >= MAX_DEPTH {
            return Err(SyntaxFault { message: TOO_DEEP, span: open.span });
        }
        self.open.push(open);
        Ok(())
    }

    fn leave(&mut self) -> Result<(), SyntaxFault> {
        let Some(Open { span, anchor, tag, is_mapping, children }) = self.open.pop() else {
            return Ok(());
        };
        let size = children.iter().fold(1, |size: usize, node| size.saturating_add(node.size));
        let depth = 1 + children.iter().map(|node| node.depth).max().unwrap_or_default();
        let data = if is_mapping { self.mapping(children) } else { Data::List(children) };
        self.anchored(anchor, YamlNode { span, data, tag, size, depth })
    }

    /// Returns a mapping of keys and values, which follow one another.
    fn mapping(&mut self, children: Vec<Rc<YamlNode>>) -> Data {
        let mut children = children.into_iter();
        let (mut merged, mut pairs) = (Vec::new(), Vec::new());
        while let Some((key, value)) = children.next().zip(children.next()) {
            if key.text() == Some("<<") {
                self.stream.merges.push(key.span);
                // The first of several mappings in a list is the strongest.
                merged.extend(value.items().iter().rev().flat_map(|it| it.pairs()).cloned());
                merged.extend(value.pairs().iter().cloned());
            } else {
                pairs.push((key, value));
            }
        }
        let own: BTreeSet<_> = pairs.iter().filter_map(|(key, _)| key.text()).collect();
        merged.retain(|(key, _): &(Rc<YamlNode>, _)| {
            key.text().is_some_and(|key| !own.contains(key))
        });
        merged.append(&mut pairs);
        Data::Mapping(merged)
    }

    fn anchored(&mut self, anchor: usize, node: YamlNode) -> Result<(), SyntaxFault> {
        let node = Rc::new(node);
        if anchor > 0 {
            self.anchors.insert(anchor, Rc::clone(&node));
        }
        self.push(node)
    }

    fn push(&mut self, node: Rc<YamlNode>) -> Result<(), SyntaxFault> {
        let span = node.span;
        if node.depth + self.open.len() > MAX_DEPTH {
            return Err(SyntaxFault { message: TOO_DEEP, span });
        }
        match self.open.last_mut() {
            Some(open) => open.children.push(node),
            None => self.stream.documents.push(node),
        }
        Ok(())
    }
}

const TOO_DEEP: &str = "values are nested too deeply";

fn own_tag(tag: &Tag) -> Option<String> {
    (tag.handle == "!").then(|| tag.suffix.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(text: &str) -> (&'static str, usize) {
        let fault = read(text).unwrap_err();
        (fault.message, fault.span.range().start)
    }

    #[test]
    fn values_have_exact_places() {
        let text = "é: 1\na:\n- b: \"x\\ty\"  # c\n  d: 5s # e\n- null\n- 'it''s' # f\n- \"\\\"\\\\\" # g\n";
        let stream = read(text).unwrap();
        let top = &stream.documents[0];
        let item = &top.get("a").unwrap().items()[0];
        let place = |node: &YamlNode| &text[node.span.range()];
        assert_eq!(
            (item.get("b").unwrap().text(), place(item.get("b").unwrap())),
            (Some("x\ty"), "\"x\\ty\"")
        );
        assert_eq!(place(item.get("d").unwrap()), "5s");
        assert_eq!(place(&item.pairs()[1].0), "d");
        let items = top.get("a").unwrap().items();
        assert_eq!((place(&items[2]), place(&items[3])), ("'it''s'", "\"\\\"\\\\\""));
        assert!(matches!(top.get("a").unwrap().items()[1].data, Data::Null));
        assert_eq!(top.at(&["é"]).unwrap().text(), Some("1"));
    }

    #[test]
    fn documents_are_separate_and_json_is_yaml() {
        let stream = read("a: 1\n---\n{\"b\": [1, \"2\"]}\n").unwrap();
        assert_eq!(stream.documents.len(), 2);
        let list = stream.documents[1].get("b").unwrap();
        assert_eq!(list.items()[1].text(), Some("2"));
    }

    #[test]
    fn last_of_equal_keys_applies() {
        let stream = read("a: 1\na: 2\n").unwrap();
        assert_eq!(stream.documents[0].get("a").unwrap().text(), Some("2"));
        assert_eq!(stream.documents[0].pairs().len(), 2);
    }

    #[test]
    fn alias_is_its_anchor_and_own_keys_replace_merged_keys() {
        let text = "x: &x {a: 1, b: 2}\ny: {<<: *x, b: 3}\nz: *x\n";
        let stream = read(text).unwrap();
        let top = &stream.documents[0];
        let value = |path: &[&str]| top.at(path).and_then(YamlNode::text).map(str::to_owned);
        assert_eq!(value(&["y", "a"]), Some("1".to_owned()));
        assert_eq!(value(&["y", "b"]), Some("3".to_owned()));
        assert_eq!(value(&["z", "b"]), Some("2".to_owned()));
        assert_eq!(&text[stream.merges[0].range()], "<<");
    }

    #[test]
    fn aliases_cannot_make_the_reader_copy_values() {
        let aliases = |level: usize| vec![format!("*a{level}"); 10].join(", ");
        let line = |level: usize| format!("a{level}: &a{level} [{}]", aliases(level - 1));
        let lines: Vec<_> = (1..30).map(line).collect();
        let text = format!("a0: &a0 [x, x, x, x]\n{}\n", lines.join("\n"));
        assert_eq!(fault(&text).0, "its aliases stand for too many values");
    }

    #[test]
    fn texts_that_cannot_be_read_are_faults_at_their_place() {
        assert_eq!(fault("a: [1\nb: 2"), ("it is not valid YAML", 7));
        assert_eq!(fault("a: *x\n").0, "it is not valid YAML");
        assert_eq!(fault("a: &x [*x]\n"), ("an alias must name an anchor above it", 7));
        assert_eq!(fault(&"[".repeat(200)), ("values are nested too deeply", 100));
        let block: Vec<_> = (0..200).map(|at| " ".repeat(at) + "a:").collect();
        assert_eq!(fault(&block.join("\n")).0, "values are nested too deeply");
    }

    #[test]
    fn tag_of_program_is_kept() {
        let stream = read("!ignore a: !!str 5\nb: !x 6\n").unwrap();
        let pairs = stream.documents[0].pairs();
        assert_eq!(pairs[0].0.tag.as_deref(), Some("ignore"));
        assert_eq!((pairs[0].1.text(), pairs[0].1.tag.as_deref()), (Some("5"), None));
        assert_eq!(pairs[1].1.text(), Some("6"));
    }
}

//! HTML to blocks.

use scraper::{ElementRef, Html, Node, Selector};

use super::block::{Document, Kind};
use crate::decode::without_nuls;

/// How far above a text its block is looked for.
const DEEPEST: usize = 64;

/// Returns whether a text is HTML.
pub(super) fn is_html(text: &str) -> bool {
    let start: String = text.trim_start().chars().take(512).collect::<String>().to_lowercase();
    start.starts_with('<')
        && [
            "<!doctype html",
            "<html",
            "<head",
            "<body",
            "<p",
            "<h1",
            "<div",
            "<script",
            "<article",
            "<main",
            "<!--",
        ]
        .iter()
        .any(|tag| start.contains(tag))
}

/// How deep tags may stand in each other. The parser's time grows with the square of this.
const NESTED: usize = 1_000;

/// How often the tags of letters that are open may count, once for each tag that is opened. The parser opens all of them
/// again in every block, so that a page of a few kilobytes could hold millions.
const AGAIN: usize = 1_000_000;

/// Tags of letters, which the parser opens again where a block ended before them.
const LETTERS: [&str; 14] =
    ["a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u"];

/// Tags that end by themselves.
const UNCLOSED: [&str; 22] = [
    "p", "li", "dt", "dd", "tr", "td", "th", "thead", "tbody", "option", "br", "hr", "img", "meta", "link",
    "input", "col", "source", "wbr", "area", "base", "embed",
];

/// Returns whether tags are opened inside each other more often than any page does.
pub(super) fn is_too_deep(text: &str) -> bool {
    let (mut depth, mut letters, mut again) = (0_usize, 0_usize, 0_usize);
    for tag in text.split('<').skip(1) {
        let (closes, tag) = tag.strip_prefix('/').map_or((false, tag), |tag| (true, tag));
        if !tag.starts_with(|letter: char| letter.is_ascii_alphabetic()) {
            continue;
        }
        let name = tag.split(|letter: char| !letter.is_ascii_alphanumeric()).next().unwrap_or_default();
        let is_one_of = |names: &[&str]| names.iter().any(|known| known.eq_ignore_ascii_case(name));
        for (open, counts) in [(&mut depth, !is_one_of(&UNCLOSED)), (&mut letters, is_one_of(&LETTERS))] {
            *open = if closes { open.saturating_sub(counts.into()) } else { *open + usize::from(counts) };
        }
        again += letters;
        if depth > NESTED || again > AGAIN {
            return true;
        }
    }
    false
}

/// Most attributes of a tag. The parser's time grows with the square of their number.
const ATTRIBUTES: usize = 1_000;

/// Returns whether a tag has more attributes than any tag does.
pub(super) fn is_too_wide(text: &str) -> bool {
    let mut rest = text.as_bytes();
    while let Some(start) = memchr::memchr(b'<', rest) {
        rest = &rest[start + 1..];
        if rest.first().is_some_and(|byte| *byte == b'/' || byte.is_ascii_alphabetic()) {
            let (count, end) = attributes(rest);
            if count > ATTRIBUTES {
                return true;
            }
            rest = &rest[end..];
        }
    }
    false
}

/// Returns how many words stand in a tag, its name among them, and where it ends.
fn attributes(tag: &[u8]) -> (usize, usize) {
    let (mut count, mut gap, mut value, mut quote) = (0, true, false, None);
    for (place, byte) in tag.iter().enumerate() {
        match (quote, byte) {
            (Some(open), _) if open == byte => (quote, gap) = (None, true),
            (Some(_), _) => {}
            (None, b'"' | b'\'') if value => quote = Some(byte),
            (None, b'>') => return (count, place),
            (None, b'/') => gap = true,
            (None, blank) if blank.is_ascii_whitespace() => gap = !value,
            (None, b'=') => (gap, value) = (false, true),
            (None, _) => {
                count += usize::from(gap && !value);
                (gap, value) = (false, false);
            }
        }
        if quote.is_some() || gap {
            value = false;
        }
    }
    (count, tag.len())
}

/// Cuts a page into blocks, and takes the structured records out of it.
pub(super) fn document(text: &str) -> Document {
    let html = Html::parse_document(text);
    let mut document = Document {
        json_ld: records(&html),
        title: first(&html, "title").map(|title| title.text().collect()),
        modified: modified(&html),
        ..Document::default()
    };
    add_blocks(&html, &mut document);
    document
}

fn first<'a>(html: &'a Html, selector: &str) -> Option<ElementRef<'a>> {
    html.select(&Selector::parse(selector).ok()?).next()
}

fn modified(html: &Html) -> Option<String> {
    let meta = first(html, "meta[property='article:modified_time']").and_then(|meta| meta.attr("content"));
    let time = || first(html, "time[datetime]").and_then(|time| time.attr("datetime"));
    meta.or_else(time).map(ToOwned::to_owned)
}

fn records(html: &Html) -> Vec<serde_json::Value> {
    let Ok(selector) = Selector::parse("script[type='application/ld+json']") else { return Vec::new() };
    let scripts = html.select(&selector).map(|script| script.text().collect::<String>());
    scripts.filter_map(|text| serde_json::from_str(&text).ok()).map(without_nuls).collect()
}

/// Joins the texts that stand in one block.
fn add_blocks(html: &Html, document: &mut Document) {
    let (mut last, mut kind, mut text) = (None, Kind::Paragraph, String::new());
    for node in html.tree.root().descendants() {
        let Node::Text(words) = node.value() else {
            if node.value().as_element().is_some_and(|element| element.name() == "br") {
                text.push('\n');
            }
            continue;
        };
        let mut above = node.ancestors().take(DEEPEST).filter_map(ElementRef::wrap);
        let Some(block) = above.find(|element| is_block(element.value().name())) else { continue };
        if matches!(block.value().name(), "script" | "style" | "noscript" | "template" | "head" | "title") {
            continue;
        }
        if last != Some(block.id()) {
            flush(document, kind, &mut text);
            (last, kind) = (Some(block.id()), kind_of(block.value().name()));
        }
        text.push_str(words);
    }
    flush(document, kind, &mut text);
}

/// A break inside a block parts it.
fn flush(document: &mut Document, kind: Kind, text: &mut String) {
    if kind == Kind::Heading {
        document.push(kind, text);
    } else {
        text.split("\n\n").for_each(|part| document.push(kind, part));
    }
    text.clear();
}

fn kind_of(name: &str) -> Kind {
    match name {
        "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => Kind::Heading,
        "li" => Kind::Item,
        _ => Kind::Paragraph,
    }
}

fn is_block(name: &str) -> bool {
    matches!(
        name,
        "h1" | "h2"
            | "h3"
            | "h4"
            | "h5"
            | "h6"
            | "p"
            | "li"
            | "dt"
            | "dd"
            | "td"
            | "th"
            | "caption"
            | "div"
            | "section"
            | "article"
            | "main"
            | "header"
            | "footer"
            | "aside"
            | "nav"
            | "blockquote"
            | "pre"
            | "figcaption"
            | "body"
            | "ul"
            | "ol"
            | "table"
            | "script"
            | "style"
            | "noscript"
            | "template"
            | "head"
            | "title"
            | "summary"
            | "details"
            | "html"
    )
}

//! HTML to blocks.

use scraper::{ElementRef, Html, Node, Selector};

use super::block::{Document, Kind};

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

/// Tags that end by themselves.
const UNCLOSED: [&str; 22] = [
    "p", "li", "dt", "dd", "tr", "td", "th", "thead", "tbody", "option", "br", "hr", "img", "meta", "link",
    "input", "col", "source", "wbr", "area", "base", "embed",
];

/// Returns whether tags are opened inside each other more often than any page does.
pub(super) fn is_too_deep(text: &str) -> bool {
    let mut depth = 0_usize;
    for tag in text.split('<').skip(1) {
        let name = |tag: &str| {
            tag.split(|letter: char| !letter.is_ascii_alphanumeric())
                .next()
                .unwrap_or_default()
                .to_ascii_lowercase()
        };
        match tag.strip_prefix('/') {
            Some(tag) if !UNCLOSED.contains(&name(tag).as_str()) => depth = depth.saturating_sub(1),
            None if tag.starts_with(|letter: char| letter.is_ascii_alphabetic())
                && !UNCLOSED.contains(&name(tag).as_str()) =>
            {
                depth += 1;
            }
            _ => {}
        }
        if depth > NESTED {
            return true;
        }
    }
    false
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
    scripts.filter_map(|text| serde_json::from_str(&text).ok()).collect()
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

//! What a page says beside figures: title, date, duties, skills, education, career paths, questions and its sources.

use std::sync::LazyLock;

use chrono::NaiveDate;
use entity::SkillKind;
use regex::Regex;

use super::{
    MOST, Page, PageSkill,
    block::{Block, Document, Kind},
    pattern,
    sentence::{self, Sentence},
};

/// Programming languages that prose names.
const LANGUAGES: [&str; 22] = [
    "Java",
    "Python",
    "Ruby",
    "PHP",
    "JavaScript",
    "TypeScript",
    "C#",
    "C++",
    "Go",
    "Golang",
    "Rust",
    "Kotlin",
    "Swift",
    "Scala",
    "Perl",
    "SQL",
    "HTML",
    "CSS",
    "R",
    "MATLAB",
    "Bash",
    ".NET",
];
/// Tools and frameworks that prose names.
const TECHNOLOGIES: [&str; 30] = [
    "Ruby on Rails",
    "Django",
    "Flask",
    "Node.js",
    "MySQL",
    "PostgreSQL",
    "MongoDB",
    "Redis",
    "Docker",
    "Kubernetes",
    "AWS",
    "Azure",
    "Git",
    "React",
    "Angular",
    "Vue.js",
    "Spring",
    "Laravel",
    "Express",
    "GraphQL",
    "Linux",
    "Excel",
    "Photoshop",
    "Figma",
    "Salesforce",
    "AutoCAD",
    "Tableau",
    "Jenkins",
    "Terraform",
    "QuickBooks",
];
/// Names that are also words, or stand inside another name: taken only beside another name of the list.
const ALSO_WORDS: [&str; 5] = ["R", "Go", "Swift", "Express", "Spring"];

/// Most letters of a title.
const TITLE: usize = 120;

static DATE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"\b(?:(?P<iso>\d{4}-\d{2}-\d{2})|(?P<us>[A-Z][a-z]{2,8}\.? \d{1,2}, \d{4})|(?P<day>\d{1,2} [A-Z][a-z]{2,8} \d{4}))",
    )
});
static UPDATED: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?i)\b(?:last (?:updated|modified|reviewed)|updated(?: on)?|modified)\b"));
static SKILLED: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)\b(?:skilled in|understanding of|proficien(?:t|cy) in|knowledge of|experience (?:with|in)) (?P<list>[^.;]+)",
    )
});
static DEGREE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"(?i)\b(?:degree|diploma|certificate|bachelor|master|apprenticeship|licen[cs]e|school)")
});
static CITED: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"^(?P<name>[A-Z][\w .&’'-]{1,40}):(?:\s*(?P<url>https?://\S+)|\s*\S{0,40})?$"));

/// Returns the job a page is about.
pub(super) fn title(document: &Document) -> String {
    let heading =
        document.blocks.iter().find(|block| block.kind == Kind::Heading).map(|block| block.text.as_str());
    let head = document.title.as_deref().map(|title| {
        title.split(['|', '–', '—']).next().unwrap_or(title).split(" - ").next().unwrap_or(title)
    });
    let first = document.blocks.first().map(|block| block.text.as_str());
    let title = heading.or(head).or(first).unwrap_or_default();
    let cut = ["job description", "salary", "career", ":"]
        .iter()
        .filter_map(|word| title.to_lowercase().find(word))
        .min();
    let title = cut.filter(|cut| *cut > 3).and_then(|cut| title.get(..cut)).unwrap_or(title);
    let title = title.split_whitespace().take(8).collect::<Vec<_>>().join(" ");
    title.chars().take(TITLE).collect()
}

/// Returns the day a page says it was last changed.
pub(super) fn updated(document: &Document) -> Option<NaiveDate> {
    let said = document.blocks.iter().position(|block| UPDATED.is_match(&block.text));
    let near =
        said.into_iter().flat_map(|place| &document.blocks[place..document.blocks.len().min(place + 2)]);
    near.map(|block| block.text.as_str()).chain(document.modified.as_deref()).find_map(day)
}

/// Reads the first date in a text.
pub(super) fn day(text: &str) -> Option<NaiveDate> {
    let found = DATE.captures(text)?;
    let as_written = |name: &str, format: &str| {
        let text = found.name(name)?.as_str().replace('.', "");
        NaiveDate::parse_from_str(&text, format).ok()
    };
    let iso = as_written("iso", "%Y-%m-%d");
    iso.or_else(|| as_written("us", "%B %d, %Y")).or_else(|| as_written("day", "%d %B %Y"))
}

/// Adds everything but title, date and figures.
pub(super) fn add(document: &Document, sentences: &[Sentence<'_>], page: &mut Page) {
    let duties = document.section(&["dut", "responsib", "what they do", "what you will do"]);
    let items = duties.filter(|block| block.kind == Kind::Item);
    page.duties = items.take(MOST).map(|block| block.text.clone()).collect();
    let wanted: Vec<&str> = document
        .section(&["education", "experience", "requirement", "qualification", "how to become"])
        .flat_map(|block| sentence::split(&block.text))
        .collect();
    let first =
        |is: &dyn Fn(&str) -> bool| wanted.iter().find(|text| is(text)).map(|text| (*text).to_owned());
    page.education = first(&|text| DEGREE.is_match(text));
    page.experience = first(&|text| text.to_lowercase().contains("experience") && !DEGREE.is_match(text));
    page.faq = questions(&document.blocks);
    page.paths = paths(document, &page.faq);
    page.skills = skills(sentences, &page.faq);
    page.citations = citations(document);
}

/// Pairs `Q:` with `A:`, and headings that ask with the text below them.
fn questions(blocks: &[Block]) -> Vec<(String, String)> {
    let mut pairs: Vec<(String, String)> = Vec::new();
    let mut asked = false;
    for block in blocks {
        let text = block.text.as_str();
        let marked = ["Q:", "Question:", "Q."].iter().find_map(|mark| text.strip_prefix(mark));
        let heading = (block.kind == Kind::Heading && text.ends_with('?')).then_some(text);
        if let Some(question) = marked.or(heading) {
            if pairs.len() == MOST {
                break;
            }
            pairs.push((question.trim().to_owned(), String::new()));
            asked = true;
        } else if block.kind == Kind::Heading {
            asked = false;
        } else if let Some((_, answer)) = pairs.last_mut().filter(|_| asked) {
            let marked = ["A:", "Answer:", "A."].iter().find_map(|mark| text.strip_prefix(mark));
            // After an answer in so many words, only a list may follow.
            if answer.is_empty() || marked.is_none() && block.kind == Kind::Item {
                if !answer.is_empty() {
                    answer.push(' ');
                }
                answer.push_str(marked.unwrap_or(text).trim());
            } else {
                asked = false;
            }
        }
    }
    pairs.retain(|(_, answer)| !answer.is_empty());
    pairs
}

fn paths(document: &Document, faq: &[(String, String)]) -> Vec<String> {
    let answers = faq.iter().filter(|(question, _)| question.to_lowercase().contains("career path"));
    let answers = answers.flat_map(|(_, answer)| sentence::split(answer));
    let section =
        document.section(&["career path", "advancement"]).flat_map(|block| sentence::split(&block.text));
    section.chain(answers).take(MOST).map(ToOwned::to_owned).collect()
}

fn skills(sentences: &[Sentence<'_>], faq: &[(String, String)]) -> Vec<PageSkill> {
    let mut found: Vec<PageSkill> = Vec::new();
    let mut add = |name: &str, kind: SkillKind| {
        let known = found.iter().any(|skill| skill.name.eq_ignore_ascii_case(name));
        if !known && !name.is_empty() && found.len() < MOST {
            found.push(PageSkill { name: name.to_owned(), kind });
        }
    };
    for sentence in sentences {
        for name in named(sentence.text, &TECHNOLOGIES) {
            add(name, SkillKind::Technology);
        }
        for name in named(sentence.text, &LANGUAGES) {
            add(name, SkillKind::Language);
        }
    }
    for (_, answer) in faq.iter().filter(|(question, _)| question.to_lowercase().contains("skill")) {
        for list in SKILLED.captures_iter(answer) {
            for name in list["list"].split([',', '&']).flat_map(|part| part.split(" and ")) {
                let name = name.trim().trim_start_matches("and ").trim_start_matches("the ");
                if name.split_whitespace().count() <= 5 {
                    add(name, SkillKind::Skill);
                }
            }
        }
    }
    found
}

/// Returns whether a name is that of a programming language or tool.
pub(super) fn is_tool(name: &str) -> bool {
    LANGUAGES.contains(&name) || TECHNOLOGIES.contains(&name)
}

/// Returns the names of a list that stand in a text as whole words, longer ones before those inside them.
fn named<'a>(text: &str, names: &[&'a str]) -> Vec<&'a str> {
    let whole = |name: &str| {
        text.match_indices(name).any(|(start, _)| {
            let before = text[..start].chars().next_back();
            let rest = &text[start + name.len()..];
            let after = rest.chars().next();
            let joined = |letter: char| letter.is_alphanumeric() || letter == '_';
            let part = before.is_some_and(joined)
                || after.is_some_and(|letter| joined(letter) || matches!(letter, '#' | '+'))
                || (name == "Ruby" && rest.starts_with(" on Rails"));
            !part
        })
    };
    let found: Vec<&str> = names.iter().copied().filter(|name| whole(name)).collect();
    let certain = found.iter().any(|name| !ALSO_WORDS.contains(name));
    found.into_iter().filter(|name| certain || !ALSO_WORDS.contains(name)).collect()
}

/// Returns the sources listed as `Name:` with an address, or what is left of one.
fn citations(document: &Document) -> Vec<String> {
    let items = document.blocks.iter().filter(|block| block.kind == Kind::Item);
    let cited = items.filter_map(|block| {
        let found = CITED.captures(&block.text)?;
        Some(match found.name("url") {
            Some(url) => format!("{} {}", &found["name"], url.as_str()),
            None => found["name"].to_owned(),
        })
    });
    cited.take(MOST).collect()
}

//! A look at a document's text before it is parsed.

use async_graphql::ServerError;

use super::{MAX_NESTING, MAX_TEXT, too_much};

/// Most directives of a document.
const MAX_DIRECTIVES: usize = 200;

/// Counts tokens and nesting without a parser, whose own recursion a bomb would use up. Returns the tokens.
pub(super) fn scan(document: &str, most: usize) -> Result<usize, ServerError> {
    if document.len() > MAX_TEXT {
        return Err(too_much("is longer than", MAX_TEXT, "bytes"));
    }
    let (mut tokens, mut nesting, mut directives, mut in_word) = (0_usize, 0_usize, 0_usize, false);
    let mut rest = document.as_bytes();
    while let [byte, after @ ..] = rest {
        let word = byte.is_ascii_alphanumeric() || *byte == b'_';
        tokens +=
            usize::from(!(byte.is_ascii_whitespace() || *byte == b',' || *byte == b'#' || (word && in_word)));
        in_word = word;
        rest = match byte {
            b'#' => after_line(after),
            b'"' => after_string(rest),
            _ => after,
        };
        match byte {
            b'{' | b'[' | b'(' => nesting += 1,
            b'@' => directives += 1,
            b'}' | b']' | b')' => nesting = nesting.saturating_sub(1),
            _ => {}
        }
        if nesting > MAX_NESTING {
            return Err(too_much("nests brackets deeper than", MAX_NESTING, "levels"));
        }
        // Each that is wrong makes an error with its own search for likely names.
        if directives > MAX_DIRECTIVES {
            return Err(too_much("has more than", MAX_DIRECTIVES, "directives"));
        }
        if tokens > most {
            return Err(too_much("has more than", most, "tokens"));
        }
    }
    Ok(tokens)
}

fn after_line(rest: &[u8]) -> &[u8] {
    let end = rest.iter().position(|byte| matches!(byte, b'\n' | b'\r')).unwrap_or(rest.len());
    &rest[end..]
}

/// Returns what follows a string that `rest` begins with.
fn after_string(rest: &[u8]) -> &[u8] {
    let (quotes, raw) = if rest.starts_with(b"\"\"\"") { (&rest[..3], true) } else { (&rest[..1], false) };
    let mut place = quotes.len();
    while place < rest.len() {
        match rest[place] {
            b'\\' if raw && rest[place + 1..].starts_with(quotes) => place += 4,
            b'\\' if !raw => place += 2,
            _ if rest[place..].starts_with(quotes) => return &rest[place + quotes.len()..],
            _ => place += 1,
        }
    }
    &[]
}

//! What a publisher calls the file of an answer: `Content-Disposition`, RFC 6266.

use std::sync::LazyLock;

use regex::Regex;
use reqwest::header::{CONTENT_DISPOSITION, HeaderMap};
use url::form_urlencoded;

use super::header;

/// `filename*=UTF-8''na%C3%AFve.csv`.
static ENCODED: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"(?i)filename\*\s*=\s*UTF-8'[^']*'([^;\s]+)").ok());

/// `filename="pay 2025.csv"`, or without quotes.
static PLAIN: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r#"(?i)filename\s*=\s*(?:"([^"]+)"|([^;\s"]+))"#).ok());

/// Returns the name without folders, where there is one.
pub(super) fn named(headers: &HeaderMap) -> Option<String> {
    let said = header(headers, CONTENT_DISPOSITION)?;
    let encoded = ENCODED.as_ref().and_then(|name| name.captures(&said)).map(|found| decoded(&found[1]));
    let plain = || {
        let found = PLAIN.as_ref()?.captures(&said)?;
        Some(found.get(1).or(found.get(2))?.as_str().to_owned())
    };
    let name = encoded.or_else(plain)?;
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default().trim();
    (!last.is_empty() && !last.chars().any(char::is_control)).then(|| last.to_owned())
}

/// The text of `%C3%AF`. The signs that part the fields of a form are signs of a name.
fn decoded(text: &str) -> String {
    let text = text.replace('+', "%2B").replace('&', "%26").replace('=', "%3D");
    form_urlencoded::parse(text.as_bytes()).next().map(|(name, _)| name.into_owned()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use reqwest::header::HeaderValue;

    use super::*;

    #[test]
    fn a_name_is_read_in_each_of_its_forms_and_leads_to_no_folder() {
        for (said, name) in [
            ("attachment; filename=pay_2025.csv", Some("pay_2025.csv")),
            ("attachment; filename=\"pay 2025; final.csv\"; size=7", Some("pay 2025; final.csv")),
            (
                "attachment; filename=\"salaires.csv\"; filename*=UTF-8''salaires%20d%C3%A9but+fin.csv",
                Some("salaires d\u{e9}but+fin.csv"),
            ),
            ("attachment; filename=\"../../etc/passwd\"", Some("passwd")),
            ("attachment; filename=\"C:\\pay\\2025.csv\"", Some("2025.csv")),
            ("attachment; filename*=UTF-8''a%0Ab.csv", None),
            ("attachment; filename=\"folder/\"", None),
            ("inline", None),
        ] {
            let headers = HeaderMap::from_iter([(CONTENT_DISPOSITION, HeaderValue::from_static(said))]);
            assert_eq!(named(&headers).as_deref(), name, "{said}");
        }
        assert_eq!(named(&HeaderMap::new()), None);
    }
}

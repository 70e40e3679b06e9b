//! Which media type a client wants an answer in.

use axum::http::HeaderValue;

/// A media type of answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Media {
    /// `application/graphql-response+json`: the status says whether the request ran.
    GraphQl,
    /// `application/json`: for older clients.
    Json,
}

impl Media {
    /// Returns the best of what the client accepts; `None` if it accepts neither. A client that does not say, or takes
    /// anything, is an older one.
    pub(super) fn wanted(accept: Option<&HeaderValue>) -> Option<Self> {
        let Some(accept) = accept.filter(|accept| !accept.is_empty()) else { return Some(Self::Json) };
        let ranges = accept.to_str().unwrap_or_default().split(',').filter_map(range);
        let mut best: Option<(f32, Self)> = None;
        for (media, quality) in ranges.filter(|(_, quality)| *quality > 0.0) {
            if best.is_none_or(|(known, _)| quality > known) {
                best = Some((quality, media));
            }
        }
        best.map(|(_, media)| media)
    }

    /// Returns the value of the header.
    pub(super) fn content_type(self) -> &'static str {
        match self {
            Self::GraphQl => "application/graphql-response+json; charset=utf-8",
            Self::Json => "application/json; charset=utf-8",
        }
    }
}

fn range(text: &str) -> Option<(Media, f32)> {
    let mut parts = text.split(';').map(str::trim);
    let media = match parts.next()?.to_ascii_lowercase().as_str() {
        "application/graphql-response+json" => Media::GraphQl,
        "application/json" | "application/*" | "*/*" => Media::Json,
        _ => return None,
    };
    let quality =
        parts.find_map(|part| part.strip_prefix("q=")).map_or(Some(1.0), |quality| quality.parse().ok());
    Some((media, quality.unwrap_or(1.0)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_best_accepted_type_is_chosen() {
        let wanted = |accept: &'static str| Media::wanted(Some(&HeaderValue::from_static(accept)));
        assert_eq!(Media::wanted(None), Some(Media::Json));
        assert_eq!(wanted("*/*"), Some(Media::Json));
        assert_eq!(wanted(""), Some(Media::Json));
        assert_eq!(wanted("application/graphql-response+json, application/json;q=0.9"), Some(Media::GraphQl));
        assert_eq!(
            wanted("application/json;q=0.5, application/graphql-response+json; charset=utf-8;q=0.9"),
            Some(Media::GraphQl)
        );
        assert_eq!(wanted("application/graphql-response+json;q=0, */*"), Some(Media::Json));
        assert_eq!(wanted("text/html"), None);
    }
}

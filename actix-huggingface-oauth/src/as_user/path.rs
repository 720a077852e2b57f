//! Which paths lead to the Hub's API, and nowhere else.

use oauth2::url::Url;

/// The URL of a path under `api_url`; `None` for what could lead elsewhere: a token is sent there.
pub fn on(api_url: &str, path: &str) -> Option<Url> {
    if !is_plain(path) {
        return None;
    }
    let base = Url::parse(api_url).ok()?;
    let url = Url::parse(&format!("{}{path}", api_url.trim_end_matches('/'))).ok()?;
    (url.origin() == base.origin()).then_some(url)
}

/// Whether a path begins with exactly one slash, and a parser of URLs reads what a person does.
fn is_plain(path: &str) -> bool {
    let one_slash = path.starts_with('/') && !path.starts_with("//");
    let is_read_otherwise =
        |letter: char| letter.is_control() || letter.is_whitespace() || "\\#".contains(letter);
    let is_dots = |segment: &str| {
        let segment = segment.to_ascii_lowercase().replace("%2e", ".");
        matches!(segment.as_str(), "." | "..")
    };
    let folders = path.split('?').next().unwrap_or_default();
    one_slash && !path.contains(is_read_otherwise) && !folders.split('/').any(is_dots)
}

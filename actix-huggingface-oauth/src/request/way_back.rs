//! Where a visitor goes after signing in or out: a path on this app, never another site.

use actix_web::HttpRequest;
use actix_web::http::Method;
use oauth2::url::{Url, form_urlencoded};
use percent_encoding::percent_decode_str;

/// The longest way back, in bytes, that is kept during a sign-in; a longer one becomes `/`.
const MAX_WAY_BACK_LENGTH: usize = 512;

/// The query parameter with which the Hub opens a private Space: a credential.
const SIGN: &str = "__sign";

/// The query parameter of a login that was moved to the name the Hub redirects to.
const MOVED: &str = "__moved";

/// The way back that the query of a login or logout link asks for: `_target_url`, else `/` with
/// the link's other parameters. `sign_in_path` is the path in front of the sign-in's endpoints.
pub fn from_query(query: &str, sign_in_path: &str) -> String {
    let target = form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "_target_url");
    match target {
        Some((_, target)) => checked(&target, sign_in_path),
        None => checked(&format!("/?{query}"), sign_in_path),
    }
}

/// `target` where it is a path on this app outside of the sign-in's endpoints, else `/`.
///
/// The result is in the form in which a browser would request it, without `__sign`.
pub fn checked(target: &str, sign_in_path: &str) -> String {
    parse(target, sign_in_path)
        .filter(|target| target.len() <= MAX_WAY_BACK_LENGTH)
        .unwrap_or_else(|| "/".to_owned())
}

/// The way back to the page that answers a request: what it asks for, `/` where it does not read.
pub fn here(request: &HttpRequest) -> &str {
    let reads = matches!(*request.method(), Method::GET | Method::HEAD);
    request.uri().path_and_query().filter(|_| reads).map_or("/", |here| here.as_str())
}

fn parse(target: &str, sign_in_path: &str) -> Option<String> {
    let path = target.strip_prefix('/')?;
    let start = percent_decode_str(path).next()?;
    if matches!(start, b'/' | b'\\') || target.contains('\\') || target.contains(char::is_control) {
        return None;
    }

    // Browsers drop dot segments: the checks below have to see the path that is requested in the end.
    let url = Url::parse("http://app.invalid").ok()?.join(target).ok()?;
    let path = percent_decode_str(url.path()).decode_utf8_lossy();
    if url.host_str() != Some("app.invalid")
        || path.starts_with("//")
        || path.starts_with("/\\")
        || path.starts_with(sign_in_path)
    {
        return None;
    }

    let query: Vec<&str> = url
        .query()
        .unwrap_or_default()
        .split('&')
        .filter(|pair| !pair.is_empty() && !is_named(pair, &[SIGN, MOVED]))
        .collect();
    let mut way_back = url.path().to_owned();
    if !query.is_empty() {
        way_back = format!("{way_back}?{}", query.join("&"));
    }
    if let Some(fragment) = url.fragment() {
        way_back = format!("{way_back}#{fragment}");
    }
    Some(way_back)
}

/// The query of a login that is moved to the name the Hub redirects to.
pub fn moved(query: &str) -> String {
    let rest = if query.is_empty() { String::new() } else { format!("&{query}") };
    format!("{MOVED}=1{rest}")
}

/// Whether a login with this query was moved already.
pub fn was_moved(query: &str) -> bool {
    is_named(query, &[MOVED])
}

fn is_named(query: &str, names: &[&str]) -> bool {
    form_urlencoded::parse(query.as_bytes()).any(|(name, _)| names.contains(&&*name))
}

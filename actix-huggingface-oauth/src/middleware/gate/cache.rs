//! What a gate lets somebody see is kept by that somebody's browser alone, if at all.

use actix_web::http::header::{CACHE_CONTROL, HeaderMap, HeaderValue};

/// Takes from an answer that caches for many may keep it. One that says nothing is kept nowhere. RFC 9111 §5.2.2.
pub fn keep_private(headers: &mut HeaderMap) {
    let said: Vec<_> =
        headers.get_all(CACHE_CONTROL).filter_map(|value| value.to_str().ok()).collect();
    let said = said.join(",").to_ascii_lowercase();
    let mut directives: Vec<&str> =
        said.split(',').map(str::trim).filter(|directive| !is_for_many(directive)).collect();
    let is_private = |directive: &&str| {
        let name = directive.split('=').next().unwrap_or_default();
        matches!(name, "private" | "no-store")
    };
    if directives.is_empty() {
        directives.push(if said.is_empty() { "no-store" } else { "private" });
    } else if !directives.iter().any(is_private) {
        directives.insert(0, "private");
    }
    let directives = HeaderValue::try_from(directives.join(", "));
    headers.insert(CACHE_CONTROL, directives.unwrap_or(HeaderValue::from_static("no-store")));
}

fn is_for_many(directive: &str) -> bool {
    directive.is_empty() || directive == "public" || directive.starts_with("s-maxage")
}

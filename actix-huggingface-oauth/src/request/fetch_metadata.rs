//! What a browser says of why it asks. <https://www.w3.org/TR/fetch-metadata/>

use actix_web::http::header::{HeaderMap, HeaderName};

pub const SEC_FETCH_MODE: HeaderName = HeaderName::from_static("sec-fetch-mode");
const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");
const SEC_FETCH_DEST: HeaderName = HeaderName::from_static("sec-fetch-dest");

/// The headers in which browsers say that a visitor may want this later.
pub const PREFETCH_HEADERS: [&str; 4] = ["Sec-Purpose", "Purpose", "X-Purpose", "X-Moz"];

/// Whether the answer becomes a page.
pub fn is_navigation(headers: &HeaderMap) -> bool {
    headers.get(SEC_FETCH_MODE).is_some_and(|mode| mode == "navigate")
}

/// Whether a page of another origin asks.
pub fn is_from_another_origin(headers: &HeaderMap) -> bool {
    headers.get(SEC_FETCH_SITE).is_some_and(|site| site == "cross-site" || site == "same-site")
}

/// Whether a page of this origin asks.
pub fn is_from_this_origin(headers: &HeaderMap) -> bool {
    headers.get(SEC_FETCH_SITE).is_some_and(|site| site == "same-origin")
}

/// Whether the answer is shown in a frame.
pub fn is_frame(headers: &HeaderMap) -> bool {
    headers.get(SEC_FETCH_DEST).is_some_and(|dest| dest == "iframe" || dest == "frame")
}

/// Whether a visitor goes to another page, in a tab or in a frame. What a client does not say is taken to be so.
pub fn is_visit(headers: &HeaderMap) -> bool {
    headers.get(SEC_FETCH_MODE).is_none_or(|mode| mode == "navigate")
        && (headers.get(SEC_FETCH_DEST).is_none_or(|dest| dest == "document") || is_frame(headers))
}

/// Whether the visitor has just clicked or pressed something.
pub fn is_user_activated(headers: &HeaderMap) -> bool {
    headers.get("Sec-Fetch-User").is_some_and(|user| user == "?1")
}

/// Whether the visitor has not asked for this yet, and may never do.
pub fn is_prefetch(headers: &HeaderMap) -> bool {
    PREFETCH_HEADERS.into_iter().flat_map(|name| headers.get_all(name)).any(|purpose| {
        let purpose = purpose.to_str().unwrap_or_default().to_ascii_lowercase();
        ["prefetch", "prerender", "preview"].iter().any(|early| purpose.contains(early))
    })
}

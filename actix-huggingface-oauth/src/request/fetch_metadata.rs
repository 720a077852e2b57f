//! What a browser says of why it asks. <https://www.w3.org/TR/fetch-metadata/>

use actix_web::http::header::HeaderMap;

/// Whether the answer becomes a page.
pub fn is_navigation(headers: &HeaderMap) -> bool {
    headers.get("Sec-Fetch-Mode").is_some_and(|mode| mode == "navigate")
}

/// Whether a page of another origin asks.
pub fn is_from_another_origin(headers: &HeaderMap) -> bool {
    headers.get("Sec-Fetch-Site").is_some_and(|site| site == "cross-site" || site == "same-site")
}

/// Whether the answer is shown in a frame.
pub fn is_frame(headers: &HeaderMap) -> bool {
    headers.get("Sec-Fetch-Dest").is_some_and(|dest| dest == "iframe")
}

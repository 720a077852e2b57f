//! Whether a request came through a proxy. What the headers of one say is never used for more: anybody can send them.

use actix_web::http::header::HeaderMap;

/// Whether a header says that a proxy has passed the request on: `Forwarded` (RFC 7239), `X-Forwarded-…` or `Via`.
pub fn passed_on(headers: &HeaderMap) -> bool {
    headers.keys().any(|name| {
        let name = name.as_str();
        name == "forwarded" || name == "via" || name.starts_with("x-forwarded-")
    })
}

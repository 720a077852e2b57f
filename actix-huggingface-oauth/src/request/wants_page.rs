//! Whether an answer is to be a page, or JSON.

use actix_web::HttpRequest;
use actix_web::http::Method;
use actix_web::http::header::ACCEPT;

use super::fetch_metadata::{SEC_FETCH_MODE, is_navigation};

/// Whether the answer to a request is to be a page rather than JSON: that to a navigation, or, of a client that does not
/// say what it does, that to an `Accept` with `text/html`. At `/` all get a page but those who ask for JSON alone, since
/// Hugging Face looks there whether a Space is up.
#[must_use]
pub fn wants_page(request: &HttpRequest) -> bool {
    let headers = request.headers();
    let accepts = |wanted: &str| {
        let mut accept = headers.get_all(ACCEPT).filter_map(|accept| accept.to_str().ok());
        accept.any(|accept| accept.contains(wanted))
    };
    if asks_whether_up(request) {
        return !accepts("application/json") || accepts("*/*");
    }
    if headers.contains_key(SEC_FETCH_MODE) { is_navigation(headers) } else { accepts("text/html") }
}

/// Whether a request is one with which Hugging Face looks whether a Space is up.
pub fn asks_whether_up(request: &HttpRequest) -> bool {
    matches!(*request.method(), Method::GET | Method::HEAD) && request.path() == "/"
}

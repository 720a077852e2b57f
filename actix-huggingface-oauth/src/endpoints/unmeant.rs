//! What no visitor means: a prefetch, an image, a script's request. It signs nobody in or out.

use actix_web::http::header::{ALLOW, CACHE_CONTROL, HeaderValue, VARY};
use actix_web::{HttpRequest, HttpResponse};
use serde_json::json;

use crate::auth::Auth;
use crate::request::fetch_metadata::{PREFETCH_HEADERS, is_prefetch, is_visit};
use crate::request::head;

/// The answer to a GET that no visitor means, at an endpoint that takes the methods `allow`. `None` where one does.
///
/// A prefetch gets what browsers throw away, to ask anew when it is meant: neither success nor a redirect.
/// <https://wicg.github.io/nav-speculation/prefetch.html>
pub fn refusal(request: &HttpRequest, allow: &'static str) -> Option<HttpResponse> {
    let mut response = if is_prefetch(request.headers()) {
        HttpResponse::ServiceUnavailable()
            .insert_header((VARY, PREFETCH_HEADERS.join(", ")))
            .finish()
    } else if head::is_head(request) {
        // RFC 9110 §9.2.1.
        HttpResponse::MethodNotAllowed().insert_header((ALLOW, allow)).finish()
    } else if !is_visit(request.headers()) {
        let error = "Signing in and out takes a link or a form that a visitor follows.";
        HttpResponse::Forbidden().json(json!({ "error": error }))
    } else {
        return None;
    };
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if let Some(auth) = Auth::of(request) {
        auth.send_no_cookies();
    }
    Some(response)
}

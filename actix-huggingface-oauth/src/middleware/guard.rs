//! Which requests are let in: those for a name of ours, and of those that change something only
//! the ones that pages of ours send, or that an owner has opened to those of others.
//!
//! Cookies alone do not tell who sends a request: another Space on the same page of the Hub posts
//! with our cookies, too. Hence the check of `Origin`.

use actix_web::HttpResponse;
use actix_web::dev::ServiceRequest;
use actix_web::http::Method;
use actix_web::http::header::{self, HeaderMap};
use serde_json::json;

use super::misdirected::Misdirected;
use crate::auth::cookies;
use crate::oauth::HuggingFaceOAuth;
use crate::pages::see_other;
use crate::request::fetch_metadata::{is_from_another_origin, is_navigation};

/// The answer to a request for another host, to one from elsewhere while sign-in is mocked, and to one from another origin
/// that changes something. `None` for those that are let in.
pub fn refusal_of(request: &ServiceRequest, oauth: &HuggingFaceOAuth) -> Option<HttpResponse> {
    let headers = request.headers();
    if !is_in_process(request)
        && let Some(misdirected) = Misdirected::of(request.request(), oauth)
    {
        return Some(misdirected.answer(request.request(), oauth));
    }
    let is_ours = || {
        let says_ours =
            || !is_from_another_origin(headers) && !carries_cookie_of_ours(headers, oauth);
        oauth.shared.origins.sent_by_us(headers).unwrap_or_else(says_ours)
    };
    let is_refused = changes_something(request) && !is_ours() && !is_opened(request, oauth);
    is_refused.then(|| refusal(headers))
}

/// Whether pages of other sites may send this request. It is answered as if no cookie had come with it, so that one that
/// carries a cookie of ours is none that they should send.
fn is_opened(request: &ServiceRequest, oauth: &HuggingFaceOAuth) -> bool {
    let (headers, shared) = (request.headers(), &oauth.shared);
    // As the router decodes it.
    let path = request.match_info().as_str();
    let is_sign_ins = || path.starts_with(&shared.paths.folder) || oauth.serves(path);
    shared.opened_paths.have(path)
        && !is_sign_ins()
        && headers.contains_key(header::ORIGIN)
        && shared.origins.is_under_a_name(headers)
        && !is_navigation(headers)
        && !headers.contains_key(header::UPGRADE)
        && !carries_cookie_of_ours(headers, oauth)
}

fn carries_cookie_of_ours(headers: &HeaderMap, oauth: &HuggingFaceOAuth) -> bool {
    let names = oauth.cookie_names(headers);
    cookies(headers).any(|(name, _)| names.is_credential(name))
}

/// The answer to a request that did not come from a page of this app.
pub fn refusal(headers: &HeaderMap) -> HttpResponse {
    if is_navigation(headers) {
        // Never a page: its reload would post again, with our own Origin.
        return see_other("/");
    }
    HttpResponse::Forbidden()
        .json(json!({ "error": "This request did not come from a page of this app." }))
}

/// Whether an app's own test makes this request, with neither a peer nor a `Host`.
fn is_in_process(request: &ServiceRequest) -> bool {
    cfg!(feature = "test-util") && request.request().peer_addr().is_none()
}

fn changes_something(request: &ServiceRequest) -> bool {
    let only_reads = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    !only_reads || request.headers().contains_key(header::UPGRADE)
}

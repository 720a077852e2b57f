//! Which requests are let in: those for a name of ours, and of those that change something only
//! the ones that pages of ours send.
//!
//! Cookies alone do not tell who sends a request: another Space on the same page of the Hub posts
//! with our cookies, too. Hence the check of `Origin`.

use actix_web::body::BoxBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{self, HeaderMap};
use actix_web::http::{Method, StatusCode};
use actix_web::middleware::Next;
use actix_web::{Error, HttpRequest, HttpResponse};
use serde_json::json;

use crate::oauth::HuggingFaceOAuth;
use crate::pages::{MessagePage, see_other};
use crate::request::fetch_metadata::is_navigation;

/// Refuses requests for another host, requests from elsewhere while sign-in is mocked, and requests from another origin
/// that change something.
pub async fn refuse_others(
    oauth: HuggingFaceOAuth,
    request: ServiceRequest,
    next: Next<BoxBody>,
) -> Result<ServiceResponse, Error> {
    let headers = request.headers();
    let origins = &oauth.shared.origins;
    let is_elsewhere = || oauth.is_mocked() && !is_from_loopback(&request);
    if !is_in_process(&request) && (origins.canonical(headers).is_none() || is_elsewhere()) {
        let refusal = misdirected(request.request(), &oauth);
        return Ok(request.into_response(refusal));
    }
    let is_ours = || {
        let carries_ours = || oauth.shared.cookie_names.any_carried(headers);
        origins.sent_by_us(headers).unwrap_or_else(|| !carries_ours())
    };
    if changes_something(&request) && !is_ours() {
        let refusal = refusal(headers);
        return Ok(request.into_response(refusal));
    }
    next.call(request).await
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

/// On a laptop only loopback names are served, so that no site can reach the app through a DNS
/// name of its own, and mocked users are for this computer alone.
fn misdirected(request: &HttpRequest, oauth: &HuggingFaceOAuth) -> HttpResponse {
    let heading = "Not under this name";
    let message = "On your computer, this app is served at http://localhost only.";
    MessagePage::new(oauth.site_for(request), heading, message)
        .respond(StatusCode::MISDIRECTED_REQUEST)
}

/// Whether an app's own test makes this request, with neither a peer nor a `Host`.
fn is_in_process(request: &ServiceRequest) -> bool {
    cfg!(feature = "test-util") && request.request().peer_addr().is_none()
}

/// A peer without an address is on a socket that anything may stand behind.
fn is_from_loopback(request: &ServiceRequest) -> bool {
    let peer = request.request().peer_addr();
    peer.is_some_and(|peer| peer.ip().to_canonical().is_loopback())
}

fn changes_something(request: &ServiceRequest) -> bool {
    let only_reads = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    !only_reads || request.headers().contains_key(header::UPGRADE)
}

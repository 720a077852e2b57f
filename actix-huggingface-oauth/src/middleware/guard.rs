//! Which requests are let in: those for a name of ours, and of those that change something only
//! the ones that pages of ours send.
//!
//! Cookies alone do not tell who sends a request: another Space on the same page of the Hub posts
//! with our cookies, too. Hence the check of `Origin`.

use actix_web::body::{EitherBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{self, HeaderMap};
use actix_web::http::{Method, StatusCode};
use actix_web::middleware::Next;
use actix_web::{Error, HttpRequest, HttpResponse, web};
use serde_json::json;

use super::HuggingFaceOAuth;
use super::cookies::carries;
use super::pages::{MessagePage, respond};

/// Refuses requests for another host, and requests from another origin that change something.
pub async fn refuse_others<B: MessageBody + 'static>(
    oauth: web::Data<HuggingFaceOAuth>,
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<EitherBody<B>>, Error> {
    let headers = request.headers();
    if oauth.origins.canonical(headers).is_none() {
        let refusal = other_host(request.request(), &oauth);
        return Ok(request.into_response(refusal).map_into_right_body());
    }
    let is_ours = || {
        oauth.origins.sent_by_us(headers).unwrap_or_else(|| !carries_our_cookie(headers, &oauth))
    };
    if changes_something(&request) && !is_ours() {
        let refusal = refusal(headers);
        return Ok(request.into_response(refusal).map_into_right_body());
    }
    next.call(request).await.map(ServiceResponse::map_into_left_body)
}

/// The answer to a request that did not come from a page of this app.
pub fn refusal(headers: &HeaderMap) -> HttpResponse {
    if is_navigation(headers) {
        // Never a page: its reload would post again, with our own Origin.
        return HttpResponse::SeeOther().insert_header((header::LOCATION, "/")).finish();
    }
    HttpResponse::Forbidden()
        .json(json!({ "error": "This request did not come from a page of this app." }))
}

/// On a laptop only loopback names are served, so that no site can reach the app through a DNS
/// name of its own.
fn other_host(request: &HttpRequest, oauth: &HuggingFaceOAuth) -> HttpResponse {
    let page = MessagePage {
        site: oauth.site.clone(),
        heading: "Not under this name",
        message: "On your computer, this app is served at http://localhost only.",
        hint: None,
        login: None,
        actions: Vec::new(),
    };
    respond(request, page, StatusCode::MISDIRECTED_REQUEST)
}

fn changes_something(request: &ServiceRequest) -> bool {
    let only_reads = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    !only_reads || request.headers().contains_key(header::UPGRADE)
}

fn carries_our_cookie(headers: &HeaderMap, oauth: &HuggingFaceOAuth) -> bool {
    let names = oauth.cookie_names;
    [names.session, names.sign_in, names.hand_off].iter().any(|name| carries(headers, name))
}

/// Whether the answer becomes a page. <https://www.w3.org/TR/fetch-metadata/#sec-fetch-mode-header>
pub fn is_navigation(headers: &HeaderMap) -> bool {
    headers.get("Sec-Fetch-Mode").is_some_and(|mode| mode == "navigate")
}

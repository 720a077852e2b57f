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
use actix_web::{Error, HttpResponse, ResponseError, web};

use super::HuggingFaceOAuth;
use super::cookies::carries;
use super::errors::as_json;

/// Why a request is not let in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RequestRefused {
    /// On a laptop only loopback names are served, so that no site can reach the app through a DNS
    /// name of its own.
    #[error("This app is served at http://localhost only.")]
    OtherHost,
    /// The request would change something and does not come from a page of this app.
    #[error("This request did not come from a page of this app.")]
    OtherOrigin,
}

impl ResponseError for RequestRefused {
    fn status_code(&self) -> StatusCode {
        match self {
            Self::OtherHost => StatusCode::MISDIRECTED_REQUEST,
            Self::OtherOrigin => StatusCode::FORBIDDEN,
        }
    }

    fn error_response(&self) -> HttpResponse {
        as_json(self)
    }
}

/// Refuses requests for another host, and requests from another origin that change something.
pub async fn refuse_others<B: MessageBody + 'static>(
    oauth: web::Data<HuggingFaceOAuth>,
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<EitherBody<B>>, Error> {
    let headers = request.headers();
    if oauth.origins.canonical(headers).is_none() {
        return Ok(request.error_response(RequestRefused::OtherHost).map_into_right_body());
    }
    let ours =
        oauth.origins.sent_by_us(headers).unwrap_or_else(|| !carries_our_cookie(headers, &oauth));
    if changes_something(&request) && !ours {
        if !is_navigation(headers) {
            return Ok(request.error_response(RequestRefused::OtherOrigin).map_into_right_body());
        }
        // Never a page: its reload would post again, with our own Origin.
        let home = HttpResponse::SeeOther().insert_header((header::LOCATION, "/")).finish();
        return Ok(request.into_response(home).map_into_right_body());
    }
    next.call(request).await.map(ServiceResponse::map_into_left_body)
}

fn changes_something(request: &ServiceRequest) -> bool {
    let only_reads = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    !only_reads || request.headers().contains_key(header::UPGRADE)
}

fn carries_our_cookie(headers: &HeaderMap, oauth: &HuggingFaceOAuth) -> bool {
    let names = oauth.cookie_names;
    [names.session, names.sign_in].iter().any(|name| carries(headers, name))
}

fn is_navigation(headers: &HeaderMap) -> bool {
    headers.get("Sec-Fetch-Mode").is_some_and(|mode| mode == "navigate")
}

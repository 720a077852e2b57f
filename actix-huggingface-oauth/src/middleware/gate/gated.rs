//! What a gate does with each request.

use std::rc::Rc;

use actix_web::dev::{ResourceDef, Service, ServiceRequest, ServiceResponse};
use actix_web::error::ErrorInternalServerError;
use actix_web::http::header::{CACHE_CONTROL, HeaderValue};
use actix_web::http::{Method, StatusCode};
use actix_web::{Error, HttpMessage, HttpRequest, ResponseError};
use oauth2::url::Position;

use super::cache::keep_private;
use super::rule::Rule;
use crate::auth::Auth;
use crate::middleware::erased::{AnyService, Layer};
use crate::middleware::refused::RefusedByGate;
use crate::oauth::HuggingFaceOAuth;
use crate::pages::see_other;
use crate::request::wants_page;
use crate::user::Refusal;

/// Whom a gate lets in, and what it leaves open.
#[derive(Clone, Default)]
pub struct Terms {
    pub rule: Rule,
    /// The resources that are open, by their patterns.
    pub open: Rc<[(String, ResourceDef)]>,
    /// Whether programs with bearer tokens are let in.
    pub or_bearer: bool,
}

impl Layer for Terms {
    async fn pass(
        self,
        request: ServiceRequest,
        service: AnyService,
    ) -> Result<ServiceResponse, Error> {
        let oauth = request.app_data::<HuggingFaceOAuth>().cloned();
        let Some(oauth) = oauth.filter(|_| Auth::of(request.request()).is_some()) else {
            tracing::error!(
                "a gate that has no session lets nobody in: wrap it on the App that is given to \
                 attach_huggingface_oauth, or on a scope or a resource of that app"
            );
            let error = ErrorInternalServerError("This app cannot tell who you are.");
            return Ok(request.error_response(error));
        };
        // Before the router, what it will match is told by the path as it decodes it.
        let matched = request.resource_map().match_pattern(request.match_info().as_str());
        if self.is_open(matched.as_deref(), request.request(), &oauth) {
            let response = service.call(request).await?;
            let matched = response.request().match_pattern();
            if self.is_open(matched.as_deref(), response.request(), &oauth) {
                return Ok(response);
            }
            return Ok(match self.rule.refusal_too_late(response.request(), &oauth).await {
                None => response,
                Some(refusal) => {
                    refused(ServiceRequest::from_request(response.into_parts().0), refusal)
                }
            });
        }
        let Some(refusal) = self.rule.refusal(request.request(), &oauth, self.or_bearer).await
        else {
            let mut response = service.call(request).await?;
            keep_private(response.headers_mut());
            return Ok(response);
        };
        let is_form = *request.method() == Method::POST && wants_page(request.request());
        if is_form && refusal.status_code() == StatusCode::UNAUTHORIZED && !refusal.is_of_token() {
            // Never a page: its reload would post again. Never here by GET, which may do something else.
            let page = page_of_the_form(request.request(), &oauth);
            return Ok(request.into_response(see_other(&page)));
        }
        Ok(refused(request, refusal))
    }
}

impl Terms {
    /// Whether everybody gets what the router matched.
    fn is_open(
        &self,
        matched: Option<&str>,
        request: &HttpRequest,
        oauth: &HuggingFaceOAuth,
    ) -> bool {
        let path = request.match_info().as_str();
        matched.is_some_and(|matched| {
            oauth.serves(matched)
                || self.open.iter().any(|(pattern, resource)| {
                    // A resource with several patterns is known by its first one alone.
                    pattern == matched && resource.is_match(path)
                })
        })
    }
}

/// An answer that says nothing of what stands behind the gate.
fn refused(request: ServiceRequest, refusal: Refusal) -> ServiceResponse {
    if !refusal.is_of_token() {
        request.extensions_mut().insert(RefusedByGate);
    }
    let mut response = request.error_response(refusal);
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// The page on which a posted form stood.
fn page_of_the_form(request: &HttpRequest, oauth: &HuggingFaceOAuth) -> String {
    let page = oauth.shared.origins.referring_page(request.headers());
    page.map_or("/".to_owned(), |page| oauth.way_back(&page[Position::BeforePath..]))
}

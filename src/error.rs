//! What a visitor sees when something fails: a page in the app's dress where the browser wants
//! one, JSON otherwise. Handlers return plain errors; this is the one place that dresses them.

use actix_web::body::{EitherBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::StatusCode;
use actix_web::http::header::{ACCEPT, CONTENT_TYPE};
use actix_web::middleware::Next;
use actix_web::{Error, HttpRequest, HttpResponse, Responder};
use serde_json::json;

use crate::huggingface::{MembershipError, NotSignedIn};
use crate::pages::error::ErrorPage;

/// Dresses the errors of handlers, extractors and the router. An answer that a handler made itself
/// stays as it is.
pub async fn dress_errors<B: MessageBody + 'static>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<EitherBody<B>>, Error> {
    let response = next.call(request).await?;
    let status = response.status();
    let is_own =
        response.response().error().is_none() && response.headers().contains_key(CONTENT_TYPE);
    if !(status.is_client_error() || status.is_server_error()) || is_own {
        return Ok(response.map_into_left_body());
    }

    let error = response.response().error();
    if status.is_server_error()
        && let Some(error) = error
    {
        tracing::error!(%error, path = response.request().path(), "request failed");
    }
    let message = error.and_then(public_text).unwrap_or_else(|| default_text(status).to_owned());
    let (request, failed) = response.into_parts();
    let mut dressed = if wants_page(&request) {
        page(&request, status, message)
    } else {
        HttpResponse::build(status).json(json!({ "error": message }))
    };
    for (name, value) in failed.headers() {
        if name != CONTENT_TYPE {
            dressed.headers_mut().append(name.clone(), value.clone());
        }
    }
    Ok(ServiceResponse::new(request, dressed).map_into_right_body())
}

/// The text of errors that are written for visitors. Add those of your own here.
fn public_text(error: &Error) -> Option<String> {
    error
        .as_error::<NotSignedIn>()
        .map(ToString::to_string)
        .or_else(|| error.as_error::<MembershipError>().map(ToString::to_string))
}

fn default_text(status: StatusCode) -> &'static str {
    match status.as_u16() {
        400 => "This request cannot be understood.",
        401 => "Please sign in with Hugging Face.",
        403 => "This is not for you to see.",
        404 => "There is nothing here. The link may be old, or mistyped.",
        405 => "This address does not answer to that method.",
        413 => "This is more than the app takes.",
        503 => "The app cannot do this right now. Please try again in a minute.",
        _ if status.is_client_error() => "This request cannot be answered.",
        _ => "Something went wrong in the app. Its log says what.",
    }
}

fn page(request: &HttpRequest, status: StatusCode, message: String) -> HttpResponse {
    let page = ErrorPage::new(request, status, message);
    page.customize().with_status(status).respond_to(request).map_into_boxed_body()
}

fn wants_page(request: &HttpRequest) -> bool {
    let accept = request.headers().get(ACCEPT).and_then(|accept| accept.to_str().ok());
    accept.is_some_and(|accept| accept.contains("text/html"))
}

/// The answer where no URL matches.
pub async fn not_found() -> HttpResponse {
    HttpResponse::NotFound().finish()
}

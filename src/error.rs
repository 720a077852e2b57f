//! What a visitor sees when something fails: a page in the app's dress where the browser wants
//! one, JSON otherwise. Handlers return plain errors; this is the one place that dresses them.

use actix_huggingface_oauth::{HubCallError, LoginControl, Refusal, wants_page};
use actix_web::body::{EitherBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::error::InternalError;
use actix_web::http::StatusCode;
use actix_web::http::header::{CONTENT_TYPE, ContentType};
use actix_web::middleware::Next;
use actix_web::{Error, HttpMessage, HttpResponse};
use askama::Template;
use serde_json::json;

use crate::pages::error::ErrorPage;
use crate::pages::layout::Layout;

/// Dresses the errors of handlers, extractors, the router, and middleware inside. An answer that a handler made itself
/// stays as it is.
pub async fn dress_errors<B: MessageBody + 'static>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<EitherBody<B>>, Error> {
    let path = request.path().to_owned();
    // The `Err` of a middleware comes back without the request.
    let layout = wants_page(request.request()).then(|| Layout::with_link(request.request()));
    match next.call(request).await {
        Err(error) => {
            let dressed = dressed(&error.error_response(), Some(&error), &path, layout, None);
            Err(InternalError::from_response(error, dressed).into())
        }
        Ok(response) if is_undressed(&response) => {
            let (request, error) = (response.request(), response.response().error());
            let is_json = request.extensions().contains::<AsJson>();
            let layout = (wants_page(request) && !is_json).then(|| Layout::new(request));
            let remedy = error.and_then(refusal).zip(layout.as_ref());
            let remedy = remedy
                .and_then(|(refusal, layout)| layout.oauth.remedy(request, refusal, &layout.here));
            let dressed = dressed(response.response(), error, &path, layout, remedy);
            Ok(response.into_response(dressed).map_into_right_body())
        }
        Ok(response) => Ok(response.map_into_left_body()),
    }
}

/// For a `scope` whose errors are JSON in browsers, too: `.wrap(from_fn(error::as_json))`.
pub async fn as_json(
    request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    request.extensions_mut().insert(AsJson);
    next.call(request).await
}

struct AsJson;

fn is_undressed<B>(response: &ServiceResponse<B>) -> bool {
    let status = response.status();
    let is_own =
        response.response().error().is_none() && response.headers().contains_key(CONTENT_TYPE);
    (status.is_client_error() || status.is_server_error()) && !is_own
}

/// The answer in place of one that failed: a page in this layout, JSON without. `remedy` helps one who is refused.
fn dressed<B>(
    failed: &HttpResponse<B>,
    error: Option<&Error>,
    path: &str,
    layout: Option<Layout>,
    remedy: Option<LoginControl>,
) -> HttpResponse {
    let status = failed.status();
    if status.is_server_error()
        && let Some(error) = error
    {
        tracing::error!(%error, path, "request failed");
    }
    let message = error.and_then(public_text).unwrap_or_else(|| default_text(status).to_owned());
    let mut dressed = HttpResponse::build(status);
    for (name, value) in failed.headers().iter().filter(|(name, _)| *name != CONTENT_TYPE) {
        dressed.append_header((name, value));
    }
    let heading = error.and_then(own_heading).unwrap_or(default_heading(status));
    let status = status.as_u16();
    let page = layout
        .map(|layout| ErrorPage { layout, status, heading, message: &message, remedy }.render());
    match page {
        Some(Ok(page)) => dressed.insert_header(ContentType::html()).body(page),
        Some(Err(_)) | None => dressed.json(json!({ "error": message })),
    }
}

/// The text of an error that is written for visitors: a line for each such type. Add those of your own here.
fn public_text(error: &Error) -> Option<String> {
    let refusal = error.as_error::<Refusal>().map(ToString::to_string);
    refusal.or_else(|| error.as_error::<HubCallError>().map(ToString::to_string))
}

fn refusal(error: &Error) -> Option<&Refusal> {
    error.as_error().or_else(|| error.as_error::<HubCallError>()?.refusal())
}

/// The heading of an error that has one of its own.
fn own_heading(error: &Error) -> Option<&'static str> {
    let refusal = error.as_error::<Refusal>().map(Refusal::heading);
    refusal.or_else(|| error.as_error::<HubCallError>().map(HubCallError::heading))
}

fn default_heading(status: StatusCode) -> &'static str {
    match status.as_u16() {
        401 => "You are not signed in",
        403 => "Not for you",
        404 => "Not found",
        503 => "Not right now",
        _ if status.is_client_error() => "That did not work",
        _ => "Something went wrong",
    }
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

/// The answer where no URL matches.
pub async fn not_found() -> HttpResponse {
    HttpResponse::NotFound().finish()
}

//! What a visitor sees when something fails: a page in the app's dress where the browser wants
//! one, JSON otherwise. Handlers return plain errors; this is the one place that dresses them.

use actix_huggingface_oauth::{LoginControl, VisitorError, wants_page};
use actix_web::body::MessageBody;
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
) -> Result<ServiceResponse, Error> {
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
            let refusal = error.and_then(VisitorError::of).and_then(|error| error.refusal);
            let remedy = refusal
                .zip(layout.as_ref())
                .and_then(|(refusal, layout)| layout.oauth.remedy(request, refusal, &layout.here));
            let dressed = dressed(response.response(), error, &path, layout, remedy);
            Ok(response.into_response(dressed))
        }
        Ok(response) => Ok(response.map_into_boxed_body()),
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
    let (heading, message) = error.and_then(public).unwrap_or_else(|| {
        let (heading, text) = default_texts(status);
        (heading, text.to_owned())
    });
    let mut dressed = HttpResponse::build(status);
    for (name, value) in failed.headers().iter().filter(|(name, _)| *name != CONTENT_TYPE) {
        dressed.append_header((name, value));
    }
    let status = status.as_u16();
    let page = layout
        .map(|layout| ErrorPage { layout, status, heading, message: &message, remedy }.render());
    match page {
        Some(Ok(page)) => dressed.insert_header(ContentType::html()).body(page),
        Some(Err(_)) | None => dressed.json(json!({ "error": message })),
    }
}

/// The heading and the text of an error that is written for visitors: a line for each such type. Add those of your own here.
fn public(error: &Error) -> Option<(&'static str, String)> {
    VisitorError::of(error).map(|error| (error.heading, error.text))
}

fn default_texts(status: StatusCode) -> (&'static str, &'static str) {
    match status.as_u16() {
        400 => ("That did not work", "This request cannot be understood."),
        401 => ("You are not signed in", "Please sign in with Hugging Face."),
        403 => ("Not for you", "This is not for you to see."),
        404 => ("Not found", "There is nothing here. The link may be old, or mistyped."),
        405 => ("That did not work", "This address does not answer to that method."),
        413 => ("That did not work", "This is more than the app takes."),
        503 => ("Not right now", "The app cannot do this right now. Please try again in a minute."),
        _ if status.is_client_error() => ("That did not work", "This request cannot be answered."),
        _ => ("Something went wrong", "Something went wrong in the app. Its log says what."),
    }
}

/// The answer where no URL matches.
pub async fn not_found() -> HttpResponse {
    HttpResponse::NotFound().finish()
}

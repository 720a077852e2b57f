//! The page of everything that fails.

use actix_web::HttpRequest;
use actix_web::http::StatusCode;
use askama::Template;
use askama_web::WebTemplate;

use super::layout::Layout;
use crate::huggingface::signed_in_user;

/// What failed, and how to go on.
#[derive(Template, WebTemplate)]
#[template(path = "error.html")]
pub struct ErrorPage {
    layout: Layout,
    status: u16,
    heading: &'static str,
    message: String,
    offer_login: bool,
    retry_url: Option<String>,
}

impl ErrorPage {
    /// The page for an answer with this status.
    #[must_use]
    pub fn new(request: &HttpRequest, status: StatusCode, message: String) -> Self {
        Self {
            layout: Layout::new(request, signed_in_user(request)),
            status: status.as_u16(),
            heading: heading(status),
            message,
            offer_login: status == StatusCode::UNAUTHORIZED,
            retry_url: (status == StatusCode::SERVICE_UNAVAILABLE)
                .then(|| request.path().to_owned()),
        }
    }
}

fn heading(status: StatusCode) -> &'static str {
    match status.as_u16() {
        401 => "You are not signed in",
        403 => "Not for you",
        404 => "Not found",
        503 => "Not right now",
        _ if status.is_client_error() => "That did not work",
        _ => "Something went wrong",
    }
}

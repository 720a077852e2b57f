//! The page of everything that fails.

use actix_web::http::StatusCode;
use askama::Template;

use super::layout::Layout;

/// What failed, and how to go on.
#[derive(Template)]
#[template(path = "error.html")]
pub struct ErrorPage<'a> {
    layout: Layout,
    status: u16,
    heading: &'static str,
    message: &'a str,
}

impl<'a> ErrorPage<'a> {
    /// The page for an answer with this status.
    pub fn new(layout: Layout, status: StatusCode, message: &'a str) -> Self {
        Self { layout, status: status.as_u16(), heading: heading(status), message }
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

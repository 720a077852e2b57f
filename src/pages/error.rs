//! The page of everything that fails.

use actix_huggingface_oauth::LoginControl;
use askama::Template;

use super::layout::Layout;

/// What failed, and how to go on.
#[derive(Template)]
#[template(path = "error.html")]
pub struct ErrorPage<'a> {
    pub layout: Layout,
    pub status: u16,
    pub heading: &'static str,
    pub message: &'a str,
    /// What helps one who is refused.
    pub remedy: Option<LoginControl>,
}

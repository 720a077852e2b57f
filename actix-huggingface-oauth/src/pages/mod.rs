//! The pages of sign-in itself, with the templates in `templates/huggingface/`.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, Responder};
use askama::Template;
use askama_web::WebTemplate;

use super::LoginControl;

/// What the pages of sign-in show of the app around them.
#[derive(Clone, Debug)]
pub struct Site {
    /// The app's title.
    pub app_title: String,
    /// URL of a stylesheet; the pages are plain without one.
    pub stylesheet: Option<String>,
    /// Whether sign-in is mocked, which every page says.
    pub mocked: bool,
    /// `light` or `dark`; the system's without.
    pub theme: Option<&'static str>,
}

/// A message with ways to go on.
#[derive(Template, WebTemplate)]
#[template(path = "huggingface/message.html")]
pub struct MessagePage {
    pub site: Site,
    pub heading: &'static str,
    pub message: &'static str,
    pub hint: Option<&'static str>,
    pub login: Option<LoginControl>,
    pub actions: Vec<Action>,
}

/// A link on a [`MessagePage`].
pub struct Action {
    pub label: &'static str,
    pub href: String,
    pub primary: bool,
    pub new_tab: bool,
}

/// Asks before signing out.
#[derive(Template, WebTemplate)]
#[template(path = "huggingface/logout.html")]
pub struct LogoutPage {
    pub site: Site,
    /// Where the form posts.
    pub action: String,
    /// The way back for one who stays.
    pub cancel_url: String,
}

/// A page as an answer with this status, never kept in a cache.
pub fn respond(
    request: &HttpRequest,
    page: impl Responder<Body = actix_web::body::BoxBody>,
    status: StatusCode,
) -> HttpResponse {
    let page = page.customize().with_status(status).insert_header(("Cache-Control", "no-store"));
    page.respond_to(request).map_into_boxed_body()
}

/// A redirect that is followed with GET. RFC 9110 §15.4.4.
pub fn see_other(location: &str) -> HttpResponse {
    HttpResponse::SeeOther()
        .insert_header(("Location", location))
        .insert_header(("Cache-Control", "no-store"))
        .finish()
}

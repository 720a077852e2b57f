//! Greets everybody, and by name those who are signed in.

use actix_web::{HttpRequest, Responder};
use askama::Template;
use askama_web::WebTemplate;

use super::layout::Layout;
use crate::huggingface::OAuthInfo;

#[derive(Template, WebTemplate)]
#[template(path = "home.html")]
struct HomePage {
    layout: Layout,
}

pub async fn home(request: HttpRequest, oauth_info: Option<OAuthInfo>) -> impl Responder {
    HomePage { layout: Layout::new(&request, oauth_info.map(|info| info.user_info)) }
}

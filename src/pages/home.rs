//! Greets everybody, and by name those who are signed in.

use actix_web::{HttpRequest, Responder};
use askama::Template;
use askama_web::WebTemplate;

use super::layout::{Layout, UserCard};
use crate::huggingface::OAuthInfo;

#[derive(Template, WebTemplate)]
#[template(path = "home.html")]
struct HomePage {
    layout: Layout,
    user: Option<UserCard>,
}

pub async fn home(request: HttpRequest, oauth_info: Option<OAuthInfo>) -> impl Responder {
    let user = oauth_info.as_ref().map(|info| &info.user_info);
    HomePage { layout: Layout::new(&request, user), user: user.map(UserCard::from) }
}

//! Greets everybody, and by name those who are signed in.

use actix_huggingface_oauth::{OAuthInfo, OAuthOrgs, OAuthUserInfo};
use actix_web::{HttpRequest, Responder};
use askama::Template;
use askama_web::WebTemplate;

use super::layout::Layout;

#[derive(Template, WebTemplate)]
#[template(path = "home.html")]
struct HomePage {
    layout: Layout,
    user: Option<OAuthUserInfo>,
}

pub async fn home(request: HttpRequest, oauth_info: Option<OAuthInfo>) -> impl Responder {
    HomePage { layout: Layout::new(&request), user: oauth_info.map(|info| info.user_info) }
}

//! What every page shows around its content.

use actix_web::http::Method;
use actix_web::{HttpRequest, web};

use crate::assets;
use crate::huggingface::{HuggingFaceOAuth, LoginControl, OAuthUserInfo};

/// What `templates/layout.html` shows.
pub struct Layout {
    pub app_title: String,
    pub mocked: bool,
    /// Who is signed in.
    pub user: Option<OAuthUserInfo>,
    /// For those who are not.
    pub login: Option<LoginControl>,
    pub logout_url: String,
    pub stylesheet: String,
    pub favicon: String,
    pub theme: Option<&'static str>,
}

impl Layout {
    /// The layout of the page that answers a request, for `user` where somebody is signed in.
    pub fn new(request: &HttpRequest, user: Option<OAuthUserInfo>) -> Self {
        let here = match *request.method() {
            Method::GET => request.uri().path_and_query().map_or("/", |here| here.as_str()),
            _ => "/",
        };
        let oauth = request
            .app_data::<web::Data<HuggingFaceOAuth>>()
            .expect("attach_huggingface_oauth brings it");
        Self {
            app_title: oauth.site().app_title.clone(),
            mocked: oauth.site().mocked,
            login: user.is_none().then(|| oauth.login_control(request, here)),
            logout_url: oauth.logout_url("/"),
            user,
            stylesheet: assets::url("app.css"),
            favicon: assets::url("favicon.svg"),
            theme: oauth.theme(request),
        }
    }
}

/// A URL that may become a link: a user may have written anything, `javascript:` included.
pub fn web_link(url: &str) -> Option<&str> {
    (url.starts_with("https://") || url.starts_with("http://")).then_some(url)
}

//! What every page shows around its content.

use actix_web::http::Method;
use actix_web::{HttpRequest, web};
use oauth2::url::form_urlencoded;

use crate::assets;
use crate::huggingface::{HuggingFaceOAuth, OAuthUserInfo};

/// What `templates/layout.html` shows.
pub struct Layout {
    pub app_title: String,
    pub mocked: bool,
    /// Who is signed in.
    pub user: Option<OAuthUserInfo>,
    pub login_url: String,
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
        let oauth = request.app_data::<web::Data<HuggingFaceOAuth>>();
        let site = oauth.map(|oauth| oauth.site());
        Self {
            app_title: site.map(|site| site.app_title.clone()).unwrap_or_default(),
            mocked: site.is_some_and(|site| site.mocked),
            user,
            login_url: oauth.map(|oauth| oauth.login_url(here)).unwrap_or_default(),
            logout_url: oauth.map(|oauth| oauth.logout_url("/")).unwrap_or_default(),
            stylesheet: assets::url("app.css"),
            favicon: assets::url("favicon.svg"),
            theme: theme(request.query_string()),
        }
    }
}

/// The theme of the Hub's page around the frame. `system` is as without one.
fn theme(query: &str) -> Option<&'static str> {
    let (_, theme) =
        form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "__theme")?;
    match &*theme {
        "light" => Some("light"),
        "dark" => Some("dark"),
        _ => None,
    }
}

/// A URL that may become a link: a user may have written anything, `javascript:` included.
pub fn web_link(url: &str) -> Option<&str> {
    (url.starts_with("https://") || url.starts_with("http://")).then_some(url)
}

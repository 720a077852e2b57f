//! What every page shows around its content, and how users and organizations look on it.

use actix_web::http::Method;
use actix_web::{HttpRequest, web};
use oauth2::url::{Url, form_urlencoded};

use crate::assets;
use crate::huggingface::{HuggingFaceOAuth, OAuthOrgInfo, OAuthUserInfo, initials};

/// What `templates/layout.html` shows.
pub struct Layout {
    pub app_title: String,
    pub mocked: bool,
    pub user: Option<Badge>,
    pub login_url: String,
    pub logout_url: String,
    pub stylesheet: String,
    pub favicon: String,
    pub theme: Option<&'static str>,
}

impl Layout {
    /// The layout of the page that answers a request, for `user` where somebody is signed in.
    pub fn new(request: &HttpRequest, user: Option<&OAuthUserInfo>) -> Self {
        let here = match *request.method() {
            Method::GET => request.uri().path_and_query().map_or("/", |here| here.as_str()),
            _ => "/",
        };
        let oauth = request.app_data::<web::Data<HuggingFaceOAuth>>();
        let site = oauth.map(|oauth| oauth.site());
        Self {
            app_title: site.map(|site| site.app_title.clone()).unwrap_or_default(),
            mocked: site.is_some_and(|site| site.mocked),
            user: user.map(Badge::from),
            login_url: oauth.map(|oauth| oauth.login_url(here)).unwrap_or_default(),
            logout_url: oauth.map(|oauth| oauth.logout_url("/")).unwrap_or_default(),
            stylesheet: assets::url("app.css"),
            favicon: assets::url("favicon.svg"),
            theme: theme(request.query_string()),
        }
    }
}

/// A user or an organization: picture, or initials where it does not load, and name.
pub struct Badge {
    pub initials: String,
    pub name: String,
    pub username: Option<String>,
    pub picture: Option<String>,
}

impl From<&OAuthUserInfo> for Badge {
    fn from(user: &OAuthUserInfo) -> Self {
        Self {
            initials: initials(user.display_name()),
            name: user.display_name().to_owned(),
            username: user.preferred_username.clone(),
            picture: user.picture.clone(),
        }
    }
}

impl From<&OAuthOrgInfo> for Badge {
    fn from(org: &OAuthOrgInfo) -> Self {
        Self {
            initials: initials(org.display_name()),
            name: org.display_name().to_owned(),
            username: org.preferred_username.clone(),
            picture: org.picture.clone(),
        }
    }
}

/// What `templates/partials/user.html` shows.
pub struct UserCard {
    pub badge: Badge,
    pub is_pro: bool,
    pub profile_url: Option<String>,
    pub email: Option<String>,
    /// How many; `None` where they are unknown at the moment.
    pub organizations: Option<usize>,
}

impl From<&OAuthUserInfo> for UserCard {
    fn from(user: &OAuthUserInfo) -> Self {
        Self {
            badge: Badge::from(user),
            is_pro: user.is_pro == Some(true),
            profile_url: user.profile.clone().and_then(web_link),
            email: user.email.clone(),
            organizations: user.orgs.as_ref().map(|orgs| orgs.len()),
        }
    }
}

/// A URL that may become a link: a user may have written anything, `javascript:` included.
pub fn web_link(url: String) -> Option<String> {
    let scheme = Url::parse(&url).ok()?;
    matches!(scheme.scheme(), "http" | "https").then_some(url)
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

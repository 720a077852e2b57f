//! What every page shows around its content.

use actix_huggingface_oauth::{
    HuggingFaceOAuth, LoginControl, RequestId, SignedInUser, signed_in_user, take_flash,
};
use actix_web::http::Method;
use actix_web::{HttpMessage, HttpRequest};

/// What `templates/layout.html` shows.
pub struct Layout {
    pub oauth: HuggingFaceOAuth,
    /// Who is signed in.
    pub user: Option<SignedInUser>,
    /// For those who are not.
    pub login: Option<LoginControl>,
    pub theme: Option<&'static str>,
    /// The message that the page before left: "Your note is saved."
    pub flash: Option<String>,
    /// Whether the page says that sign-in is mocked.
    pub says_mocked: bool,
    /// The URL of the page.
    pub here: String,
    /// What the log calls the request.
    pub request_id: Option<RequestId>,
}

impl Layout {
    /// The layout of the page that answers a request.
    pub fn new(request: &HttpRequest) -> Self {
        Self::with(request, |oauth, here| oauth.login_control(request, here))
    }

    /// The same for a page that answers without the request.
    pub fn with_link(request: &HttpRequest) -> Self {
        Self::with(request, HuggingFaceOAuth::login_link)
    }

    fn with(
        request: &HttpRequest,
        login: impl Fn(&HuggingFaceOAuth, &str) -> LoginControl,
    ) -> Self {
        let oauth = request.app_data::<HuggingFaceOAuth>().expect("attach brings it");
        let here = match *request.method() {
            Method::GET => request.uri().path_and_query().map_or("/", |here| here.as_str()),
            _ => "/",
        };
        let user = signed_in_user(request);
        Self {
            login: user.is_none().then(|| login(oauth, here)),
            user,
            theme: oauth.theme(request),
            flash: take_flash(request),
            says_mocked: oauth.says_mocked(request),
            here: here.to_owned(),
            request_id: request.extensions().get::<RequestId>().cloned(),
            oauth: oauth.clone(),
        }
    }
}

/// A URL that may become a link: a user may have written anything, `javascript:` included.
pub fn web_link(url: &str) -> Option<&str> {
    (url.starts_with("https://") || url.starts_with("http://")).then_some(url)
}

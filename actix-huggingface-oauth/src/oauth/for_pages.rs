//! What pages ask: titles, links, and the login control.

use actix_web::{HttpMessage, HttpRequest};
use oauth2::PkceCodeChallenge;
use oauth2::url::form_urlencoded;

use super::HuggingFaceOAuth;
use crate::pages::{HandOffForm, LoginControl, Site};
use crate::request::fetch_metadata::is_frame;
use crate::request::{theme, way_back};
use crate::session::challenge_of;

/// Says that the answer to a request sets no cookie.
pub struct WithoutCookies;

/// A verifier that the answer to a request has to bring to the browser.
pub struct NewVerifier(pub String);

impl HuggingFaceOAuth {
    /// The app's title: `SPACE_TITLE`, else the default one.
    #[must_use]
    pub fn app_title(&self) -> &str {
        &self.shared.site.app_title
    }

    /// Whether sign-in is mocked, which every page should say.
    #[must_use]
    pub fn is_mocked(&self) -> bool {
        self.shared.site.mocked
    }

    /// Whether visitors come over https alone.
    #[must_use]
    pub fn is_https(&self) -> bool {
        self.shared.origins.are_https()
    }

    /// The origin of the provider, for a Content-Security-Policy: `frame-ancestors`, and `form-action`, which Chromium
    /// applies to the redirect after a post. That of the mock Hub is this computer with any port, since ports are
    /// forwarded.
    #[must_use]
    pub fn provider_origin(&self) -> Option<String> {
        self.shared.provider_origin.clone()
    }

    /// The theme of the page that answers `request`, as the Hub's page around it has it: `light` or `dark`; `None` for
    /// the system's.
    #[must_use]
    pub fn theme(&self, request: &HttpRequest) -> Option<&'static str> {
        let name = self.cookie_names(request.headers()).theme();
        let kept = || theme::known(request.cookie(&name)?.value());
        theme::asked(request.query_string()).or_else(kept).filter(|theme| *theme != "system")
    }

    /// The link that signs in and comes back to `target`, a path on this app.
    #[must_use]
    pub fn login_url(&self, target: &str) -> String {
        self.with_target(&self.shared.paths.login, target)
    }

    /// The link that signs out and goes on to `target`, a path on this app.
    #[must_use]
    pub fn logout_url(&self, target: &str) -> String {
        self.with_target(&self.shared.paths.logout, target)
    }

    /// The login control of the page that answers `request`, which comes back to `target`.
    #[must_use]
    pub fn login_control(&self, request: &HttpRequest, target: &str) -> LoginControl {
        let paths = &self.shared.paths;
        let hand_off = is_frame(request.headers()).then(|| HandOffForm {
            login: paths.login.clone(),
            claim: paths.claim.clone(),
            script: paths.script.clone(),
            challenge: self.challenge(request),
            target: self.way_back(target),
        });
        LoginControl::new(self.login_url(target), hand_off)
    }

    /// The login control as a link, for a page that is made without the request: in a frame, it leads to a page with the
    /// form.
    #[must_use]
    pub fn login_link(&self, target: &str) -> LoginControl {
        LoginControl::new(self.login_url(target), None)
    }

    /// `target` where it is a path on this app, else `/`.
    pub(crate) fn way_back(&self, target: &str) -> String {
        way_back::checked(target, &self.shared.paths.folder)
    }

    /// What the page that answers `request` shows of the app around it.
    pub(crate) fn site_for(&self, request: &HttpRequest) -> Site {
        Site { theme: self.theme(request), ..self.shared.site.clone() }
    }

    /// The challenge of the frame's verifier, which the frame gets if it has none.
    fn challenge(&self, request: &HttpRequest) -> String {
        let verifier = request.cookie(&self.cookie_names(request.headers()).hand_off());
        verifier.and_then(|cookie| challenge_of(cookie.value().to_owned())).unwrap_or_else(|| {
            let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
            request.extensions_mut().insert(NewVerifier(verifier.into_secret()));
            challenge.as_str().to_owned()
        })
    }

    fn with_target(&self, path: &str, target: &str) -> String {
        match self.way_back(target).as_str() {
            "/" => path.to_owned(),
            target => {
                let query = form_urlencoded::Serializer::new(String::new())
                    .append_pair("_target_url", target)
                    .finish();
                format!("{path}?{query}")
            }
        }
    }
}

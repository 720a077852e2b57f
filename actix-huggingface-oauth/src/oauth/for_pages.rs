//! What pages ask: titles, links, and the login control.

use actix_web::http::Method;
use actix_web::{HttpMessage, HttpRequest};
use oauth2::PkceCodeChallenge;
use oauth2::url::form_urlencoded;

use super::HuggingFaceOAuth;
use crate::auth::{Auth, CookieContext, challenge_of};
use crate::hub::Asking;
use crate::pages::{HandOffForm, LoginControl, SIGN_IN, Site};
use crate::request::fetch_metadata::is_frame;
use crate::request::{RequestId, theme, way_back};
use crate::user::{Refusal, is_sub};

/// Verifier of the page that answers a request: one for all of its login controls.
struct NewVerifier(String);

impl HuggingFaceOAuth {
    /// The app's title: `SPACE_TITLE`, else the default one.
    #[must_use]
    pub fn app_title(&self) -> &str {
        &self.shared.site.app_title
    }

    /// Whether the page that answers `request` should say that sign-in is mocked: every page but one in a frame, around which
    /// the mock Hub says so.
    #[must_use]
    pub fn says_mocked(&self, request: &HttpRequest) -> bool {
        self.is_mocked() && !is_frame(request.headers())
    }

    /// Whether sign-in is mocked.
    #[must_use]
    pub fn is_mocked(&self) -> bool {
        self.shared.site.mocked
    }

    /// Models of the mock Hub that show how a chat fails; none where sign-in is real.
    #[must_use]
    pub fn failing_models(&self) -> &'static [&'static str] {
        #[cfg(feature = "mock-hub")]
        if self.is_mocked() {
            return &crate::mock_hub::FAILING_MODELS;
        }
        &[]
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
        let headers = request.headers();
        let stored = || theme::known(self.cookie(headers, &self.cookie_names(headers).theme())?);
        theme::asked(request.query_string()).or_else(stored).filter(|theme| *theme != "system")
    }

    /// The link that signs in and comes back to `target`, a path on this app.
    #[must_use]
    pub fn login_url(&self, target: &str) -> String {
        self.asking_url(target, &Asking::default())
    }

    /// The link that signs out and goes on to `target`, a path on this app.
    #[must_use]
    pub fn logout_url(&self, target: &str) -> String {
        with_fields(&self.shared.paths.logout, self.fields(target, &Asking::default()))
    }

    /// The link that has the Hub ask the user again, for what one chooses there: scopes and organizations. It comes back to
    /// `target`, a path on this app.
    #[must_use]
    pub fn consent_url(&self, target: &str) -> String {
        self.asking_url(target, &Asking::again(Vec::new()))
    }

    /// The login control of the page that answers `request`, which comes back to `target`.
    #[must_use]
    pub fn login_control(&self, request: &HttpRequest, target: &str) -> LoginControl {
        self.asking_control(request, target, SIGN_IN, &Asking::default())
    }

    /// The login control as a link, for a page that is made without the request: in a frame, it leads to a page with the
    /// form.
    #[must_use]
    pub fn login_link(&self, target: &str) -> LoginControl {
        self.asking_link(target, SIGN_IN, &Asking::default())
    }

    /// What helps one who is refused, on the page that answers `request` and comes back to `target`: the login control, or
    /// a button that has the Hub ask again. `None` where neither would change anything.
    #[must_use]
    pub fn remedy(
        &self,
        request: &HttpRequest,
        refusal: &Refusal,
        target: &str,
    ) -> Option<LoginControl> {
        let (label, asking) = self.asking_for(refusal)?;
        Some(self.asking_control(request, target, label, &asking))
    }

    /// The same as a link, for a page that is made without the request, and for a script.
    #[must_use]
    pub fn remedy_link(&self, refusal: &Refusal, target: &str) -> Option<LoginControl> {
        let (label, asking) = self.asking_for(refusal)?;
        Some(self.asking_link(target, label, &asking))
    }

    /// How to ask the Hub where that helps, and what to call it.
    fn asking_for(&self, refusal: &Refusal) -> Option<(&'static str, Asking)> {
        let again = |organizations: &[String]| {
            let org_ids = organizations.iter().filter(|name| is_sub(name)).cloned().collect();
            ("Choose organizations again", Asking::again(org_ids))
        };
        match refusal {
            Refusal::NotSignedIn | Refusal::NotSignedInFor { .. } => {
                Some((SIGN_IN, Asking::default()))
            }
            Refusal::NotAMember { organizations } => Some(again(organizations)),
            Refusal::RoleUnknown { organization, .. } => {
                Some(again(std::slice::from_ref(organization)))
            }
            // What the app does not ask for nobody can allow.
            Refusal::MissingScope { scope } => {
                let mut asked = self.shared.provider.as_ref()?.asked_scopes().split_whitespace();
                asked
                    .any(|asked| asked == scope)
                    .then_some(("Allow this", Asking::again(Vec::new())))
            }
            Refusal::NotAttached
            | Refusal::InvalidToken
            | Refusal::TokenUnchecked { .. }
            | Refusal::ReadOnlyToken
            | Refusal::RoleTooLow { .. }
            | Refusal::SecurityRestrictions { .. }
            | Refusal::NoSpaceOwner
            | Refusal::Unknown { .. } => None,
        }
    }

    pub(crate) fn asking_control(
        &self,
        request: &HttpRequest,
        target: &str,
        label: &'static str,
        asking: &Asking,
    ) -> LoginControl {
        let paths = &self.shared.paths;
        // Where a page answers a form, its script would send the form once more when it loads the page again.
        let in_frame = is_frame(request.headers()) && *request.method() == Method::GET;
        let hand_off = in_frame.then(|| HandOffForm {
            login: paths.login.clone(),
            claim: if asking.is_again() {
                format!("{}?{}", paths.claim, Asking::CLAIM_QUERY)
            } else {
                paths.claim.clone()
            },
            challenge: self.challenge(request),
            fields: self.fields(target, asking),
        });
        LoginControl::new(label, self.asking_url(target, asking), paths.script.clone(), hand_off)
    }

    fn asking_link(&self, target: &str, label: &'static str, asking: &Asking) -> LoginControl {
        let script = self.shared.paths.script.clone();
        LoginControl::new(label, self.asking_url(target, asking), script, None)
    }

    fn asking_url(&self, target: &str, asking: &Asking) -> String {
        with_fields(&self.shared.paths.login, self.fields(target, asking))
    }

    fn fields(&self, target: &str, asking: &Asking) -> Vec<(&'static str, String)> {
        let mut fields = vec![("_target_url", self.way_back(target))];
        fields.extend(asking.params());
        fields
    }

    /// `target` where it is a path on this app, else `/`.
    pub(crate) fn way_back(&self, target: &str) -> String {
        way_back::checked(target, &self.shared.paths.folder)
    }

    /// What the page that answers `request` shows of the app around it.
    pub(crate) fn site_for(&self, request: &HttpRequest) -> Site {
        let request_id = request.extensions().get::<RequestId>().map(ToString::to_string);
        let (theme, mocked) = (self.theme(request), self.says_mocked(request));
        Site { mocked, theme, request_id, ..self.shared.site.clone() }
    }

    /// The challenge of the iframe's verifier, which the response sets if the iframe has none: one for all controls of a page.
    fn challenge(&self, request: &HttpRequest) -> String {
        let new = request.extensions().get::<NewVerifier>().map(|new| new.0.clone());
        let cookie = self.cookie_names(request.headers()).handoff();
        let stored = || self.cookie(request.headers(), &cookie).map(str::to_owned);
        new.or_else(stored).and_then(challenge_of).unwrap_or_else(|| {
            let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
            let verifier = verifier.into_secret();
            if let Some(auth) = Auth::of(request) {
                auth.add_cookies([cookie.set(&verifier, None, CookieContext::Embedded)]);
            }
            request.extensions_mut().insert(NewVerifier(verifier));
            challenge.as_str().to_owned()
        })
    }
}

/// A link of sign-in, without a query where it comes back to `/`.
fn with_fields(path: &str, fields: Vec<(&'static str, String)>) -> String {
    if matches!(&fields[..], [(_, target)] if target == "/") {
        return path.to_owned();
    }
    let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
    format!("{path}?{query}")
}

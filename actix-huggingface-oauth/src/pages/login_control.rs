//! What lets somebody sign in, or be asked again, on any page of the app.

use std::fmt;

use askama::Template;

/// What the control says where nobody is signed in.
pub const SIGN_IN: &str = "Sign in with Hugging Face";

/// A link, or in a frame a form, with its script. It says "Sign in with Hugging Face", or what being asked again is for.
///
/// It displays itself as HTML, for any template engine: in Askama `{{ login|safe }}`. What it is made of has the
/// classes `login`, `button`, `primary` and `muted` for a stylesheet.
#[derive(Clone, Debug)]
pub struct LoginControl {
    label: &'static str,
    href: String,
    /// URL of the script that keeps what only the browser knows, and claims the sign-in of a frame without a click.
    script: String,
    hand_off: Option<HandOffForm>,
}

/// The form that signs a frame in, instead of the link.
#[derive(Clone, Debug)]
pub struct HandOffForm {
    /// Where it posts, into a new tab.
    pub login: String,
    /// Where the frame claims the sign-in.
    pub claim: String,
    /// base64url(SHA-256(verifier)).
    pub challenge: String,
    /// The way back, and what else the link has in its query.
    pub fields: Vec<(&'static str, String)>,
}

impl LoginControl {
    pub(crate) fn new(
        label: &'static str,
        href: String,
        script: String,
        hand_off: Option<HandOffForm>,
    ) -> Self {
        Self { label, href, script, hand_off }
    }

    /// The login link, which works everywhere: in a frame it leads to a page with the form.
    #[must_use]
    pub fn href(&self) -> &str {
        &self.href
    }
}

/// Private, so that Askama's traits are none of the public type's.
#[derive(Template)]
#[template(path = "login.html")]
struct LoginTemplate<'a> {
    login: &'a LoginControl,
}

impl fmt::Display for LoginControl {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        LoginTemplate { login: self }.render_into(formatter).map_err(|_| fmt::Error)
    }
}

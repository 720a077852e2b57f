//! A page that says what happened, and one that asks before signing out.

use std::borrow::Cow;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use askama::Template;

use super::response::respond;
use super::{LoginControl, Site};

/// A message with ways to go on.
#[derive(Template)]
#[template(path = "message.html")]
pub struct MessagePage {
    pub site: Site,
    pub heading: &'static str,
    pub message: Cow<'static, str>,
    pub hint: Option<Cow<'static, str>>,
    pub login: Option<LoginControl>,
    pub actions: Vec<Action>,
}

/// A link on a [`MessagePage`].
pub struct Action {
    pub label: &'static str,
    pub href: String,
    pub primary: bool,
    pub new_tab: bool,
}

/// Asks before signing out.
#[derive(Template)]
#[template(path = "logout.html")]
pub struct LogoutPage {
    pub site: Site,
    /// Where the form posts.
    pub action: String,
    /// The way back for one who stays.
    pub cancel_url: String,
}

impl MessagePage {
    /// A page without a hint, a login control or actions.
    pub fn new(site: Site, heading: &'static str, message: impl Into<Cow<'static, str>>) -> Self {
        let message = message.into();
        Self { site, heading, message, hint: None, login: None, actions: Vec::new() }
    }

    pub fn respond(mut self, status: StatusCode) -> HttpResponse {
        if status.is_success() {
            self.site.request_id = None;
        }
        respond(&self, &self.site.policy, status)
    }
}

impl LogoutPage {
    pub fn respond(&self) -> HttpResponse {
        respond(self, &self.site.policy, StatusCode::OK)
    }
}

impl Action {
    /// A link that stands out.
    pub fn primary(label: &'static str, href: impl Into<String>) -> Self {
        Self { label, href: href.into(), primary: true, new_tab: false }
    }

    /// A link beside others.
    pub fn secondary(label: &'static str, href: impl Into<String>) -> Self {
        Self { primary: false, ..Self::primary(label, href) }
    }

    /// The same link, opened in a tab of its own.
    pub fn in_new_tab(self) -> Self {
        Self { new_tab: true, ..self }
    }
}

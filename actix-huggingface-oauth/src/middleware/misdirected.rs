//! Requests that are not for this app: under a name that is not its own, or, while sign-in is mocked, from another computer.
//! RFC 9110 §15.5.20.
//!
//! No site can reach an app on a laptop through a DNS name of its own, and mocked users are for that computer alone.

use std::sync::atomic::{AtomicBool, Ordering};

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse};

use crate::oauth::HuggingFaceOAuth;
use crate::pages::MessagePage;
use crate::request::proxy;

/// Why a request is not for this app.
#[derive(Clone, Copy)]
pub enum Misdirected {
    /// It came through a proxy, as from Codespaces, while sign-in is mocked.
    Forwarded,
    /// It came from another computer while sign-in is mocked, as through a port that Docker publishes.
    FromElsewhere,
    /// Its `Host` is none of the app's.
    OtherName,
}

impl Misdirected {
    /// `None` where the request is for this app.
    pub fn of(request: &HttpRequest, oauth: &HuggingFaceOAuth) -> Option<Self> {
        let (headers, origins) = (request.headers(), &oauth.shared.origins);
        if oauth.is_mocked() {
            if !is_from_loopback(request) {
                return Some(Self::FromElsewhere);
            }
            if proxy::passed_on(headers) && !origins.is_https(headers) {
                return Some(Self::Forwarded);
            }
        }
        (!origins.is_reached_by(headers)).then_some(Self::OtherName)
    }

    /// The page, and once in the log, what to do about it.
    pub fn answer(self, request: &HttpRequest, oauth: &HuggingFaceOAuth) -> HttpResponse {
        static IS_SAID: [AtomicBool; 3] = [const { AtomicBool::new(false) }; 3];
        let cure = self.cure(request, oauth);
        if !IS_SAID[self as usize].swap(true, Ordering::Relaxed) {
            tracing::warn!("a request was refused (421). {} {cure}", self.message());
        }
        let page = MessagePage::new(oauth.site_for(request), "Not under this name", self.message());
        MessagePage { hint: Some(cure.into()), ..page }.respond(StatusCode::MISDIRECTED_REQUEST)
    }

    fn message(self) -> &'static str {
        match self {
            Self::Forwarded => "This request came through a proxy, and sign-in is mocked.",
            Self::FromElsewhere => {
                "This request came from another computer, and mocked users are for this one alone."
            }
            Self::OtherName => "This app does not know the name under which you reached it.",
        }
    }

    fn cure(self, request: &HttpRequest, oauth: &HuggingFaceOAuth) -> String {
        let named_by = if let Self::Forwarded = self { "x-forwarded-host" } else { "host" };
        let name = name_in(request, named_by);
        let port = oauth.addresses()[0].port();
        let tunnel = format!("ssh -L {port}:localhost:{port}");
        match self {
            Self::Forwarded => format!(
                "In Codespaces, Gitpod and the like, start it with SPACE_HOST={name} HF_MOCK_USER=ask: whoever reaches \
                 that name over https can then be anybody."
            ),
            Self::FromElsewhere => {
                format!(
                    "In a container, use a devcontainer's forwarding or --network host; from another computer, use \
                     {tunnel}. Or set OAUTH_CLIENT_ID, for real sign-in."
                )
            }
            Self::OtherName if oauth.is_mocked() => format!(
                "On this computer it is http://localhost:{port}. In a local network, use {tunnel}. Behind https, start it \
                 with SPACE_HOST={name} HF_MOCK_USER=ask."
            ),
            Self::OtherName => format!(
                "On this computer it is http://localhost:{port}. Behind https, start it with SPACE_HOST={name}. Over plain http \
                 nobody can sign in under another name."
            ),
        }
    }
}

/// A peer without an address is on a socket that anything may stand behind.
fn is_from_loopback(request: &HttpRequest) -> bool {
    request.peer_addr().is_some_and(|peer| peer.ip().to_canonical().is_loopback())
}

/// The name in a header, without its port, where it is one; it is shown and no more.
fn name_in(request: &HttpRequest, header: &str) -> String {
    let value = request.headers().get(header).and_then(|value| value.to_str().ok());
    let name = value.and_then(|value| value.split([',', ':']).next()).unwrap_or_default().trim();
    let is_name = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.');
    if (1..=253).contains(&name.len()) && name.bytes().all(is_name) {
        name.to_owned()
    } else {
        "THE-NAME".to_owned()
    }
}

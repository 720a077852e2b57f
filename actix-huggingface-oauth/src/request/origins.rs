//! Under which origins this app is reached: in a Space those in `SPACE_HOST`, on a laptop loopback
//! names. Forwarded headers are never asked, since anybody can send them.

use actix_web::http::header::{self, HeaderMap};
use oauth2::url::Url;

use super::fetch_metadata::{is_from_another_origin, is_navigation};

/// The names of this very machine.
const LOOPBACK: [&str; 3] = ["localhost", "127.0.0.1", "[::1]"];

/// The addresses under which visitors reach this app.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Origins {
    /// `https` with each of these host names; the first is the one the Hub redirects to.
    Https(Vec<String>),
    /// `http` with the request's `Host`, where that is localhost, 127.0.0.1 or `[::1]`.
    Loopback,
}

impl Origins {
    /// Whether cookies and absolute URLs are those of `https`.
    pub(crate) fn are_https(&self) -> bool {
        matches!(self, Self::Https(_))
    }

    /// The origin to which the Hub sends users back. `None` where the request's `Host` is not ours.
    pub(crate) fn canonical(&self, headers: &HeaderMap) -> Option<String> {
        match self {
            Self::Https(hosts) => hosts.first().map(|host| format!("https://{host}")),
            Self::Loopback => loopback_host(headers).map(|host| format!("http://{host}")),
        }
    }

    /// Whether the request came in under another of our names than the one the Hub redirects to.
    pub(crate) fn is_other_name(&self, headers: &HeaderMap) -> bool {
        match self {
            Self::Https(hosts) => text(headers, header::HOST).is_some_and(|name| {
                hosts.iter().skip(1).any(|host| host.eq_ignore_ascii_case(name))
            }),
            Self::Loopback => false,
        }
    }

    /// Whether the `Origin` header names one of ours; `None` without one.
    pub(crate) fn sent_by_us(&self, headers: &HeaderMap) -> Option<bool> {
        let origin = headers.get(header::ORIGIN)?;
        let ours = match self {
            Self::Https(hosts) => origin
                .to_str()
                .ok()
                .and_then(|origin| origin.strip_prefix("https://"))
                .is_some_and(|host| hosts.iter().any(|ours| ours == host)),
            Self::Loopback => {
                self.canonical(headers).is_some_and(|ours| origin.as_bytes() == ours.as_bytes())
            }
        };
        Some(ours)
    }

    /// Whether another site loads what it asks for into a page of its own: another Space on the same page of the Hub
    /// sends our cookies with that, and the Hub's edge lets it read the answer.
    pub(crate) fn is_read_by_others(&self, headers: &HeaderMap) -> bool {
        !is_navigation(headers)
            && match self.sent_by_us(headers) {
                Some(ours) => !ours,
                None => is_from_another_origin(headers),
            }
    }
}

fn loopback_host(headers: &HeaderMap) -> Option<&str> {
    let host = text(headers, header::HOST)?;
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host,
    };
    LOOPBACK.contains(&name).then_some(host)
}

/// Whether a URL leads to this very machine.
pub fn is_loopback_url(url: &str) -> bool {
    Url::parse(url).is_ok_and(|url| url.host_str().is_some_and(|name| LOOPBACK.contains(&name)))
}

fn text(headers: &HeaderMap, name: header::HeaderName) -> Option<&str> {
    headers.get(name)?.to_str().ok()
}

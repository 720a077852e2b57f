//! Under which origins this app is reached: in a Space those in `SPACE_HOST`, on a laptop loopback
//! names. Forwarded headers are never asked for a name, since anybody can send them.

use std::net::IpAddr;

use actix_web::http::header::{self, HeaderMap};
use oauth2::url::Url;

use super::fetch_metadata::{is_from_another_origin, is_from_this_origin, is_navigation};
use super::proxy;

/// The names of this very machine.
const LOOPBACK: [&str; 3] = ["localhost", "127.0.0.1", "[::1]"];

/// The addresses under which visitors reach this app.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Origins {
    /// `https` with each of these host names; the first is the one the Hub redirects to. Requests for other names are
    /// answered, too, as those that ask whether the app is up.
    Https(Vec<String>),
    /// `http` with the request's `Host`, where that is localhost, 127.0.0.1 or `[::1]`.
    Loopback,
    /// Either of the two, and nothing else: on a computer that a tunnel or a forwarded port makes known under these names.
    HttpsOrLoopback(Vec<String>),
}

/// How a request reached this app.
enum Reached<'a> {
    /// Under a name of ours, or one that is answered nevertheless; with the name the Hub redirects to.
    Https { first: &'a str },
    /// On this computer, under this `Host`.
    Loopback { host: &'a str },
}

impl Origins {
    /// Whether visitors come over `https` alone.
    pub(crate) fn are_https(&self) -> bool {
        matches!(self, Self::Https(_))
    }

    /// Whether cookies and absolute URLs of the answer to a request are those of `https`.
    pub(crate) fn is_https(&self, headers: &HeaderMap) -> bool {
        matches!(self.reached(headers), Some(Reached::Https { .. }))
    }

    /// The origin to which the Hub sends users back. `None` where the request's `Host` is not ours.
    pub(crate) fn canonical(&self, headers: &HeaderMap) -> Option<String> {
        Some(match self.reached(headers)? {
            Reached::Https { first } => format!("https://{first}"),
            Reached::Loopback { host } => format!("http://{host}"),
        })
    }

    /// Whether the request's `Host` is one of ours, or is answered nevertheless.
    pub(crate) fn is_reached_by(&self, headers: &HeaderMap) -> bool {
        self.reached(headers).is_some()
    }

    /// The port in the request's `Host` on this computer, where all ports share their cookies. `None` for `https`, and
    /// where the `Host` is not ours.
    pub(crate) fn loopback_port<'a>(&self, headers: &'a HeaderMap) -> Option<&'a str> {
        match self.reached(headers)? {
            Reached::Https { .. } => None,
            Reached::Loopback { .. } => Some(split_port(host(headers)?).1.unwrap_or("80")),
        }
    }

    /// Whether the request came in under another name than the one the Hub redirects to. Loopback names and addresses are
    /// none: who asks there is no visitor.
    pub(crate) fn is_other_name(&self, headers: &HeaderMap) -> bool {
        let (Some(Reached::Https { first }), Some(host)) = (self.reached(headers), host(headers))
        else {
            return false;
        };
        let name = https_name(host);
        !LOOPBACK.contains(&split_port(&name).0) && !is_address(&name) && name != first
    }

    /// Whether the `Origin` header names one of ours; `None` without one.
    pub(crate) fn sent_by_us(&self, headers: &HeaderMap) -> Option<bool> {
        let origin = headers.get(header::ORIGIN)?.to_str().unwrap_or_default();
        Some(self.is_ours(origin, headers))
    }

    /// The URL in the `Referer` header, where it is one of this app.
    pub(crate) fn referring_page(&self, headers: &HeaderMap) -> Option<Url> {
        let url = Url::parse(headers.get(header::REFERER)?.to_str().ok()?).ok()?;
        self.is_ours(&url.origin().ascii_serialization(), headers).then_some(url)
    }

    fn is_ours(&self, origin: &str, headers: &HeaderMap) -> bool {
        match self.reached(headers) {
            Some(Reached::Https { .. }) => {
                let is_named = |host: &str| self.names().iter().any(|name| name == host);
                origin.strip_prefix("https://").is_some_and(is_named)
                    || self.is_rewritten(origin, headers)
            }
            Some(Reached::Loopback { host }) => {
                origin.strip_prefix("http://").is_some_and(|origin| origin == host)
            }
            None => false,
        }
    }

    /// Whether the `Origin` header names the one to which the Hub sends users back.
    pub(crate) fn sent_by_canonical(&self, headers: &HeaderMap) -> bool {
        let origin = headers.get(header::ORIGIN).and_then(|origin| origin.to_str().ok());
        let (Some(origin), Some(canonical)) = (origin, self.canonical(headers)) else {
            return false;
        };
        origin == canonical || self.is_rewritten(origin, headers)
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

    /// Whether the request came under one of our names, which is none of this computer: no site can send it to an app that
    /// is reached by its address, or on a laptop.
    pub(crate) fn is_under_a_name(&self, headers: &HeaderMap) -> bool {
        let Some(host) = host(headers) else {
            return false;
        };
        let name = https_name(host);
        self.is_https(headers) && self.names().contains(&name) && !is_of_this_computer(&name)
    }

    /// Whether `https` with this host is one of ours, or `http` with a name of this computer.
    #[cfg(feature = "mock-hub")]
    pub(crate) fn has(&self, url: &Url) -> bool {
        let host = url.host_str().unwrap_or_default();
        match url.scheme() {
            "https" => url.port().is_none() && self.names().iter().any(|name| name == host),
            "http" => LOOPBACK.contains(&host),
            _ => false,
        }
    }

    fn names(&self) -> &[String] {
        match self {
            Self::Https(names) | Self::HttpsOrLoopback(names) => names,
            Self::Loopback => &[],
        }
    }

    /// `None` where the request's `Host` is not ours.
    fn reached<'a>(&'a self, headers: &'a HeaderMap) -> Option<Reached<'a>> {
        let https = |names: &'a [String]| Some(Reached::Https { first: names.first()? });
        match self {
            Self::Https(names) => https(names),
            Self::Loopback => Some(Reached::Loopback { host: loopback_host(headers)? }),
            Self::HttpsOrLoopback(names) => match loopback_host(headers) {
                // What forwards the name's requests may give them a `Host` of this computer.
                Some(host) if !proxy::passed_on(headers) => Some(Reached::Loopback { host }),
                Some(_) => https(names),
                None => {
                    let name = https_name(host(headers)?);
                    https(names).filter(|_| names.contains(&name))
                }
            },
        }
    }

    /// Whether what forwards the requests of a name has given them an `Origin` of this computer, as some do. The browser's
    /// own word that the page is the app's is asked besides.
    fn is_rewritten(&self, origin: &str, headers: &HeaderMap) -> bool {
        matches!(self, Self::HttpsOrLoopback(_))
            && proxy::passed_on(headers)
            && is_from_this_origin(headers)
            && is_loopback_url(origin)
    }
}

fn host(headers: &HeaderMap) -> Option<&str> {
    headers.get(header::HOST)?.to_str().ok()
}

fn loopback_host(headers: &HeaderMap) -> Option<&str> {
    host(headers).filter(|host| LOOPBACK.contains(&split_port(host).0))
}

/// The name in a `Host` of `https`, whose port is 443.
fn https_name(host: &str) -> String {
    host.strip_suffix(":443").unwrap_or(host).to_ascii_lowercase()
}

/// A `Host` without its port, and that.
fn split_port(host: &str) -> (&str, Option<&str>) {
    match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => (name, Some(port)),
        _ => (host, None),
    }
}

/// Whether a name is one of this computer's, or an address. RFC 6761 §6.3.
fn is_of_this_computer(name: &str) -> bool {
    let bare = name.trim_end_matches('.');
    bare == "localhost" || bare.ends_with(".localhost") || is_address(name)
}

fn is_address(host: &str) -> bool {
    let name = split_port(host).0;
    name.trim_matches(['[', ']']).parse::<IpAddr>().is_ok()
}

/// Whether a URL leads to this very machine.
pub fn is_loopback_url(url: &str) -> bool {
    Url::parse(url).is_ok_and(|url| url.host_str().is_some_and(|name| LOOPBACK.contains(&name)))
}

//! The cookies of sign-in: their names and attributes.

use std::borrow::Cow;

use actix_web::cookie::Cookie;
use actix_web::http::header::{COOKIE, HeaderMap, HeaderValue, SET_COOKIE};
use sha2::{Digest, Sha256};

/// The name by which actix-session knows the session cookie, whatever its name is outside.
pub const SESSION: &str = "__Host-session";

/// How many cookies of one name are looked at.
const MAX_OF_A_NAME: usize = 8;

/// Names of the cookies, as the visitor's browser knows them.
///
/// `__Host-` keeps other hosts and plain http from setting them (RFC 6265bis §4.1.3.2). All ports of one computer share
/// their cookies (RFC 6265 §8.5), so that there the names carry the port.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CookieNames {
    /// `None` for https.
    port: Option<String>,
}

impl CookieNames {
    /// Those of https, or of this port on a computer.
    pub fn new(port: Option<&str>) -> Self {
        Self { port: port.map(str::to_owned) }
    }

    pub fn session(&self) -> Cow<'static, str> {
        self.name(SESSION)
    }

    pub fn hand_off(&self) -> Cow<'static, str> {
        self.name("__Host-hand-off")
    }

    pub fn theme(&self) -> Cow<'static, str> {
        self.name("__Host-theme")
    }

    /// That of the sign-in with this state, so that two that begin or end at once do not overwrite each other.
    pub fn pending(&self, state: &str) -> String {
        let hash = Sha256::digest(state);
        let hash = hash[..4].iter().fold(String::new(), |hash, byte| hash + &format!("{byte:02x}"));
        format!("{}-{hash}", self.name("__Host-sign-in"))
    }

    /// Whether a cookie of this name keeps a sign-in under way.
    pub fn is_pending(&self, name: &str) -> bool {
        let hash = name.strip_prefix(&*self.name("__Host-sign-in"));
        hash.and_then(|rest| rest.strip_prefix('-')).is_some_and(|hash| {
            hash.len() == 8 && hash.bytes().all(|byte| byte.is_ascii_hexdigit())
        })
    }

    /// Whether a cookie of this name is one of ours.
    pub fn has(&self, name: &str) -> bool {
        self.signs_in(name) || name == self.theme()
    }

    /// Whether one signs in, or is signed in, with a cookie of this name.
    pub fn signs_in(&self, name: &str) -> bool {
        name == self.session() || name == self.hand_off() || self.is_pending(name)
    }

    fn name(&self, of_https: &'static str) -> Cow<'static, str> {
        match &self.port {
            None => of_https.into(),
            Some(port) => format!("{}-{port}", &of_https["__Host-".len()..]).into(),
        }
    }
}

/// Where a cookie is sent: the part of its attributes that depends on how the app is reached.
#[derive(Clone, Copy)]
pub enum Sent {
    /// From pages of this app, and when a link or redirect leads to it.
    SameSite { https: bool },
    /// From this app in a frame of another site, too, with a jar for each such site.
    InFrames,
}

/// A `Set-Cookie` header; a `max_age` in seconds, zero to remove the cookie, `None` for the browser's session.
pub fn set_cookie(name: &str, value: &str, max_age: Option<i64>, sent: Sent) -> HeaderValue {
    let max_age = max_age.map(|seconds| format!("; Max-Age={seconds}")).unwrap_or_default();
    let sent = match sent {
        Sent::SameSite { https: true } => "; Secure; SameSite=Lax",
        Sent::SameSite { https: false } => "; SameSite=Lax",
        Sent::InFrames => "; Secure; SameSite=None; Partitioned",
    };
    HeaderValue::try_from(format!("{name}={value}; Path=/; HttpOnly{max_age}{sent}"))
        .expect("base64 in ASCII attributes")
}

/// Names and values of the cookies of a request, without what is none: with that in a header Actix finds no cookie at all.
pub fn cookies(headers: &HeaderMap) -> impl Iterator<Item = (&str, &str)> {
    let pairs = headers.get_all(COOKIE).flat_map(|header| {
        let header = header.as_bytes();
        // Mostly all of it is text, which is split sooner than bytes.
        let whole = str::from_utf8(header).ok();
        let in_parts = whole.is_none().then(|| header.split(|byte| *byte == b';'));
        let in_parts = in_parts.into_iter().flatten().filter_map(|pair| str::from_utf8(pair).ok());
        whole.into_iter().flat_map(|pairs| pairs.split(';')).chain(in_parts)
    });
    let cookies = pairs.filter_map(|pair| pair.trim().split_once('='));
    cookies.filter(|(name, _)| !name.is_empty())
}

/// The values of the cookies of this name.
pub fn values_of<'a>(
    cookies: impl IntoIterator<Item = (&'a str, &'a str)>,
    wanted: &str,
) -> Vec<&'a str> {
    let values = cookies.into_iter().filter(|(name, _)| *name == wanted).map(|(_, value)| value);
    values.take(MAX_OF_A_NAME).collect()
}

/// The `Cookie` header with these cookies; `None` without any.
pub fn cookie_header<'a>(
    cookies: impl IntoIterator<Item = (&'a str, &'a str)>,
) -> Option<HeaderValue> {
    let mut header = String::new();
    for (name, value) in cookies {
        let separator = if header.is_empty() { "" } else { "; " };
        header.extend([separator, name, "=", value]);
    }
    HeaderValue::try_from(header).ok().filter(|header| !header.is_empty())
}

/// Takes a cookie out of the headers of an answer.
pub fn take_cookie(headers: &mut HeaderMap, name: &str) -> Option<String> {
    let mut taken = None;
    let others: Vec<HeaderValue> = headers.remove(SET_COOKIE).collect();
    for header in others {
        match header.to_str().ok().and_then(|text| Cookie::parse_encoded(text).ok()) {
            Some(cookie) if cookie.name() == name => taken = Some(cookie.value().to_owned()),
            _ => headers.append(SET_COOKIE, header),
        }
    }
    taken
}

/// Leaves out of an answer the cookies whose name is `unwanted`.
pub fn drop_set_cookies(headers: &mut HeaderMap, unwanted: impl Fn(&str) -> bool) {
    let all: Vec<HeaderValue> = headers.remove(SET_COOKIE).collect();
    for header in all {
        let name = header.as_bytes().split(|byte| *byte == b'=').next().unwrap_or_default();
        if !std::str::from_utf8(name).is_ok_and(&unwanted) {
            headers.append(SET_COOKIE, header);
        }
    }
}

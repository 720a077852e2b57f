//! The cookies of sign-in: their names and attributes.

use actix_web::cookie::Cookie;
use actix_web::dev::ServiceRequest;
use actix_web::http::header::{COOKIE, HeaderMap, HeaderValue, SET_COOKIE};

/// Names of the cookies. `__Host-` keeps other hosts and plain http from setting them (RFC 6265bis §4.1.3.2).
#[derive(Clone, Copy)]
pub struct CookieNames {
    pub session: &'static str,
    pub pending: &'static str,
    pub hand_off: &'static str,
    pub theme: &'static str,
}

impl CookieNames {
    pub fn new(https: bool) -> Self {
        if https {
            Self {
                session: "__Host-session",
                pending: "__Host-sign-in",
                hand_off: "__Host-hand-off",
                theme: "__Host-theme",
            }
        } else {
            Self { session: "session", pending: "sign-in", hand_off: "hand-off", theme: "theme" }
        }
    }

    /// Whether a cookie of this name is one of ours.
    pub fn has(&self, name: &str) -> bool {
        [self.session, self.pending, self.hand_off, self.theme].contains(&name)
    }

    /// Whether a request carries a cookie with which one signs in or is signed in.
    pub fn any_carried(&self, headers: &HeaderMap) -> bool {
        [self.session, self.pending, self.hand_off].iter().any(|name| carries(headers, name))
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

/// Whether a request carries a cookie of this name, readable or not.
pub fn carries(headers: &HeaderMap, name: &str) -> bool {
    let mut pairs =
        headers.get_all(COOKIE).flat_map(|header| header.as_bytes().split(|byte| *byte == b';'));
    pairs.any(|pair| {
        let rest = pair.trim_ascii_start().strip_prefix(name.as_bytes());
        rest.is_some_and(|rest| rest.starts_with(b"="))
    })
}

/// Drops cookies that are no text, since with one of them in a header Actix finds none; and those whose name is `unwanted`.
pub fn drop_cookies(request: &mut ServiceRequest, unwanted: impl Fn(&str) -> bool) {
    let is_wanted = |pair: &&[u8]| {
        let text = std::str::from_utf8(pair);
        text.is_ok_and(|text| !unwanted(text.split('=').next().unwrap_or_default().trim()))
    };
    let headers = request.headers().get_all(COOKIE);
    let pairs = headers.flat_map(|header| header.as_bytes().split(|byte| *byte == b';'));
    if pairs.clone().all(|pair| is_wanted(&pair)) {
        return;
    }
    let wanted = pairs.filter(is_wanted).collect::<Vec<_>>().join(&b';');
    request.headers_mut().remove(COOKIE);
    if let Ok(header) = HeaderValue::from_bytes(&wanted) {
        request.headers_mut().insert(COOKIE, header);
    }
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

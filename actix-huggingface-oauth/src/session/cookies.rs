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

/// Drops cookies that are no text: with one of them in a header, Actix finds none.
pub fn drop_unreadable(request: &mut ServiceRequest) {
    let is_text = |bytes: &[u8]| std::str::from_utf8(bytes).is_ok();
    if request.headers().get_all(COOKIE).all(|header| is_text(header.as_bytes())) {
        return;
    }
    let headers: Vec<HeaderValue> = request.headers_mut().remove(COOKIE).collect();
    let pairs = headers.iter().flat_map(|header| header.as_bytes().split(|byte| *byte == b';'));
    let readable: Vec<&[u8]> = pairs.filter(|pair| is_text(pair)).collect();
    if let Ok(header) = HeaderValue::from_bytes(&readable.join(&b';')) {
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

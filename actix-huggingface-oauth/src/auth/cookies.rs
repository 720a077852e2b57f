//! Cookies of the login: how a request's are read, what they are called, and which jar they go to.

use actix_web::http::header::{COOKIE, HeaderMap, HeaderValue, SET_COOKIE};
use sha2::{Digest, Sha256};

/// Names and raw values of a request's cookies. Names are neither decoded nor trimmed of other white space than RFC 6265
/// §4.2.1 has: otherwise a sibling host could send a name that turns into one with the prefix `__Host-`.
pub fn cookies(headers: &HeaderMap) -> impl Iterator<Item = (&str, &str)> {
    let pairs = headers.get_all(COOKIE).flat_map(|header| {
        let header = header.as_bytes();
        // Mostly all of it is text, which is split sooner than bytes.
        let whole = str::from_utf8(header).ok();
        let in_parts = whole.is_none().then(|| header.split(|byte| *byte == b';'));
        let in_parts = in_parts.into_iter().flatten().filter_map(|pair| str::from_utf8(pair).ok());
        whole.into_iter().flat_map(|pairs| pairs.split(';')).chain(in_parts)
    });
    pairs.filter_map(|pair| pair.trim_matches([' ', '\t']).split_once('='))
}

/// Names of the cookies as a visitor's browser has them, and whether it has them from https.
///
/// `__Host-` keeps other hosts and plain http from setting them (RFC 6265bis §4.1.3.2). All ports of a computer share their
/// cookies (RFC 6265 §8.5), so that local names carry the port.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CookieNames {
    /// `None` for https.
    port: Option<String>,
}

impl CookieNames {
    /// Names for https, or for this local port.
    pub fn new(port: Option<&str>) -> Self {
        Self { port: port.map(str::to_owned) }
    }

    /// The cookie that holds the login.
    pub fn auth(&self) -> AuthCookie {
        self.cookie("hf-auth")
    }

    /// The cookie that holds the verifier of an iframe's handoff.
    pub fn handoff(&self) -> AuthCookie {
        self.cookie("hf-handoff")
    }

    /// The cookie that holds the theme of the Hub's page around the iframe.
    pub fn theme(&self) -> AuthCookie {
        self.cookie("hf-theme")
    }

    /// The cookie that holds state of the app's own.
    pub fn app_session(&self) -> AuthCookie {
        self.cookie("hf-session")
    }

    /// The cookie of the pending login with this state: one for each, so that two that start or end at once do not
    /// overwrite each other.
    pub fn pending(&self, state: &str) -> AuthCookie {
        let hash = Sha256::digest(state);
        let hash = hash[..4].iter().fold(String::new(), |hash, byte| hash + &format!("{byte:02x}"));
        self.cookie(&format!("hf-login-{hash}"))
    }

    /// The cookie of this name, which a request sent.
    pub fn named(&self, name: &str) -> AuthCookie {
        AuthCookie { name: name.to_owned(), is_https: self.port.is_none() }
    }

    /// Whether a cookie of this name holds a pending login.
    pub fn is_pending(&self, name: &str) -> bool {
        let hash = name.strip_prefix(if self.port.is_none() { "__Host-" } else { "" });
        let hash = hash.and_then(|name| name.strip_prefix("hf-login-"));
        let hash = hash.and_then(|rest| match &self.port {
            None => Some(rest),
            Some(port) => rest.strip_suffix(port)?.strip_suffix('-'),
        });
        hash.is_some_and(|hash| {
            hash.len() == 8 && hash.bytes().all(|byte| byte.is_ascii_hexdigit())
        })
    }

    /// Whether a cookie of this name is one of this crate.
    pub fn is_ours(&self, name: &str) -> bool {
        self.is_credential(name) || name == self.theme().name
    }

    /// Whether a cookie of this name is a credential: of a login, of a step towards it, or of the app's session.
    pub fn is_credential(&self, name: &str) -> bool {
        let credentials = [self.auth(), self.handoff(), self.app_session()];
        credentials.iter().any(|cookie| cookie.name == name) || self.is_pending(name)
    }

    fn cookie(&self, name: &str) -> AuthCookie {
        let name = match &self.port {
            None => format!("__Host-{name}"),
            Some(port) => format!("{name}-{port}"),
        };
        AuthCookie { name, is_https: self.port.is_none() }
    }
}

/// Where a page is shown that sets a cookie: the jar of the browser that gets it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CookieContext {
    /// In a tab of its own: an unpartitioned, `SameSite=Lax` cookie.
    TopLevel,
    /// In an iframe of another site, which has a partitioned jar for each such site.
    Embedded,
}

impl CookieContext {
    const BOTH: [Self; 2] = [Self::TopLevel, Self::Embedded];
}

/// A cookie of this crate: its name, and the attributes with which it is set and removed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuthCookie {
    pub name: String,
    is_https: bool,
}

impl AuthCookie {
    /// `Set-Cookie` header with a value in base64; `max_age` in seconds, `None` for the browser's session.
    pub fn set(&self, value: &str, max_age: Option<i64>, context: CookieContext) -> HeaderValue {
        let max_age = max_age.map(|seconds| format!("; Max-Age={seconds}")).unwrap_or_default();
        let attributes = match context {
            CookieContext::TopLevel if self.is_https => "; Secure; SameSite=Lax",
            CookieContext::TopLevel => "; SameSite=Lax",
            CookieContext::Embedded => "; Secure; SameSite=None; Partitioned",
        };
        let name = &self.name;
        HeaderValue::try_from(format!("{name}={value}; Path=/; HttpOnly{max_age}{attributes}"))
            .expect("base64 in ASCII attributes")
    }

    /// `Set-Cookie` header that removes the cookie from one jar.
    pub fn remove(&self, context: CookieContext) -> HeaderValue {
        self.set("", Some(0), context)
    }

    /// `Set-Cookie` headers that remove the cookie from both jars.
    pub fn remove_everywhere(&self) -> impl Iterator<Item = HeaderValue> {
        CookieContext::BOTH.into_iter().map(|context| self.remove(context))
    }

    /// `Set-Cookie` headers that set the cookie in one jar and remove it from the other. The removal comes first: for a browser
    /// that does not know `Partitioned`, both are the same cookie.
    pub fn replace(
        &self,
        value: &str,
        max_age: i64,
        context: CookieContext,
    ) -> impl Iterator<Item = HeaderValue> {
        let others = CookieContext::BOTH.into_iter().filter(move |other| *other != context);
        let removals = others.map(|other| self.remove(other));
        removals.chain([self.set(value, Some(max_age), context)])
    }
}

/// Removes from a response the cookies whose name is `unwanted`, as browsers read the name (RFC 6265bis §5.6), and those without
/// a name that they send back as if they had it.
pub fn drop_set_cookies(headers: &mut HeaderMap, unwanted: impl Fn(&str) -> bool) {
    if !headers.contains_key(SET_COOKIE) {
        return;
    }
    let all: Vec<HeaderValue> = headers.remove(SET_COOKIE).collect();
    for header in all {
        let cookie = header.as_bytes().trim_ascii_start();
        let cookie = cookie.strip_prefix(b"=").unwrap_or(cookie);
        let name = cookie.split(|byte| matches!(byte, b'=' | b';')).next();
        let name = name.and_then(|name| str::from_utf8(name).ok()).unwrap_or_default();
        if !unwanted(name.trim_matches([' ', '\t'])) {
            headers.append(SET_COOKIE, header);
        }
    }
}

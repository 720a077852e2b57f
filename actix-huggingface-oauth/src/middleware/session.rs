//! The cookies of sign-in: their keys, names and attributes.

#[cfg(not(feature = "redis"))]
use actix_session::storage::CookieSessionStore;
use actix_session::storage::SessionStore;
use actix_session::{Session, SessionMiddleware, SessionStatus};
use actix_web::body::{EitherBody, MessageBody};
use actix_web::cookie::{Cookie, Key};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::error::{ErrorInternalServerError, InternalError};
use actix_web::http::header::{COOKIE, HeaderMap, HeaderValue, SET_COOKIE};
use actix_web::middleware::Next;
use actix_web::{Error, HttpMessage, HttpResponse, web};
use chrono::{DateTime, Utc};
use hkdf::Hkdf;
use serde_json::json;
use sha2::Sha512;

use super::failure::Failure;
use super::hand_off::NewVerifier;
use super::{HuggingFaceOAuth, SessionSecret, session, theme};

/// The longest cookie that browsers keep, in bytes with its name and attributes. RFC 6265 §6.1.
const MAX_LENGTH: usize = 4_096;

/// The keys with which the cookies are encrypted.
#[derive(Clone)]
pub struct Keys {
    pub session: Key,
    pub sign_in: Key,
}

impl Keys {
    /// Keys derived from a secret (HKDF, RFC 5869), so that cookies outlive a restart and hold
    /// across replicas; without a secret they are random.
    pub fn new(secret: Option<&SessionSecret>) -> Self {
        let Some(secret) = secret else {
            return Self { session: Key::generate(), sign_in: Key::generate() };
        };
        // Another version in the salt ends all sessions.
        let hkdf = Hkdf::<Sha512>::new(Some(b"sign-in-with-huggingface-v1"), secret.0.as_bytes());
        let key = |purpose: &[u8]| {
            let mut bytes = [0; 64];
            hkdf.expand(purpose, &mut bytes).expect("64 bytes is one block of SHA-512");
            Key::from(&bytes)
        };
        Self { session: key(b"session"), sign_in: key(b"sign-in") }
    }
}

/// Names of the cookies. `__Host-` keeps other hosts and plain http from setting them (RFC 6265bis §4.1.3.2).
#[derive(Clone, Copy)]
pub struct Names {
    pub session: &'static str,
    pub sign_in: &'static str,
    pub hand_off: &'static str,
    pub theme: &'static str,
}

impl Names {
    pub fn new(https: bool) -> Self {
        if https {
            Self {
                session: "__Host-session",
                sign_in: "__Host-sign-in",
                hand_off: "__Host-hand-off",
                theme: "__Host-theme",
            }
        } else {
            Self { session: "session", sign_in: "sign-in", hand_off: "hand-off", theme: "theme" }
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

/// actix-session's middleware with an encrypted cookie.
pub fn session_middleware(
    oauth: &HuggingFaceOAuth,
) -> SessionMiddleware<impl SessionStore + use<>> {
    #[cfg(not(feature = "redis"))]
    let store = CookieSessionStore::default();
    #[cfg(feature = "redis")]
    let store = oauth.session_store();
    SessionMiddleware::builder(store, oauth.keys.session.clone())
        .cookie_name(oauth.cookie_names.session.to_owned())
        .build()
}

/// What the session looked like when the handler was done, for [`write_cookies`].
struct SessionAfter {
    expires_at: Option<DateTime<Utc>>,
    is_empty: bool,
}

/// Notes the session's state. Inside of actix-session, which takes it away. Where what keeps the
/// sessions does not answer, nobody is served as if signed out, and the page that says so has its stylesheet.
pub async fn note_session<B: MessageBody + 'static>(
    oauth: web::Data<HuggingFaceOAuth>,
    session: Session,
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<EitherBody<B>>, Error> {
    let is_stylesheet = || oauth.site.stylesheet.as_deref() == Some(request.path());
    if session::is_unavailable(&session) && !is_stylesheet() {
        let refusal = Failure::SessionsUnavailable.answer(request.request(), &oauth);
        return Ok(request.into_response(refusal).map_into_right_body());
    }
    let response = next.call(request).await?;
    let is_changed = session.status() != SessionStatus::Unchanged;
    #[cfg(feature = "redis")]
    if is_changed && session.status() != SessionStatus::Purged && !oauth.can_keep_sessions().await {
        session.clear();
        let refusal = Failure::SessionsUnavailable.answer(response.request(), &oauth);
        return Ok(response.into_response(refusal).map_into_right_body());
    }
    let sign_in = is_changed.then(|| session::load(&session)).flatten();
    let after = SessionAfter {
        expires_at: sign_in.map(|info| info.access_token_expires_at),
        is_empty: session.entries().is_empty(),
    };
    response.request().extensions_mut().insert(after);
    Ok(response.map_into_left_body())
}

/// Gives the session cookie the attributes that actix-session cannot write: `Partitioned`, and a
/// `Max-Age` that ends with the token. A cookie without a session behind it is removed. Writes the
/// cookies of a frame's verifier and theme.
pub async fn write_cookies(
    oauth: web::Data<HuggingFaceOAuth>,
    mut request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let name = oauth.cookie_names.session;
    drop_unreadable(&mut request);
    let in_frames = oauth.origins.are_https()
        || is_frame(request.headers())
        || request.path() == oauth.paths.claim;
    let sent = if in_frames { Sent::InFrames } else { Sent::SameSite { https: false } };

    let theme = theme::asked(request.query_string());

    let mut response = next.call(request).await.map_err(not_kept)?;
    if let Some(theme) = theme {
        let header = set_cookie(oauth.cookie_names.theme, theme, None, sent);
        response.headers_mut().append(SET_COOKIE, header);
    }
    let verifier = response.request().extensions_mut().remove::<NewVerifier>();
    if let Some(NewVerifier(verifier)) = verifier {
        let header = set_cookie(oauth.cookie_names.hand_off, &verifier, None, Sent::InFrames);
        response.headers_mut().append(SET_COOKIE, header);
    }
    let after = response.request().extensions_mut().remove::<SessionAfter>();
    let written = take_cookie(response.headers_mut(), name);
    let Some(after) = after else {
        return Ok(response);
    };
    let header = match written {
        _ if after.is_empty => {
            let came = || carries(response.request().headers(), name);
            (written.is_some() || came()).then(|| set_cookie(name, "", Some(0), sent))
        }
        Some(value) => {
            let max_age = after.expires_at.map(|end| (end - Utc::now()).num_seconds().max(0));
            let header = set_cookie(name, &value, max_age, sent);
            if header.len() > MAX_LENGTH {
                return Err(not_kept(ErrorInternalServerError("it is too large for a cookie")));
            }
            Some(header)
        }
        None => None,
    };
    if let Some(header) = header {
        response.headers_mut().append(SET_COOKIE, header);
    }
    Ok(response)
}

/// What a handler put into the session cannot be kept: an answer with a text, which actix-session's has not.
fn not_kept(error: Error) -> Error {
    tracing::error!(%error, "a session cannot be kept");
    let answer = HttpResponse::InternalServerError()
        .json(json!({ "error": "This app cannot keep your session. Its log says why." }));
    InternalError::from_response(error, answer).into()
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
fn drop_unreadable(request: &mut ServiceRequest) {
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
fn take_cookie(headers: &mut HeaderMap, name: &str) -> Option<String> {
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

/// Whether the answer is shown in a frame. <https://www.w3.org/TR/fetch-metadata/#sec-fetch-dest-header>
pub fn is_frame(headers: &HeaderMap) -> bool {
    headers.get("Sec-Fetch-Dest").is_some_and(|dest| dest == "iframe")
}

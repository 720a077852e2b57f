//! The session around every request, and its cookies.

use actix_session::{SessionExt, SessionMiddleware};
use actix_web::dev::{Service, ServiceRequest, ServiceResponse};
use actix_web::http::header::{COOKIE, HeaderValue, SET_COOKIE};
use actix_web::{Error, HttpMessage};
use chrono::Utc;

use super::erased::AnyService;
use super::refused;
use crate::auth::{
    CookieNames, CurrentSignIn, SESSION, Sent, SessionStorage, SessionTrouble, cookie_header,
    cookies, drop_set_cookies, set_cookie, take_cookie, values_of,
};
use crate::failure::Failure;
use crate::oauth::{HuggingFaceOAuth, NewVerifier, Shared, WithoutCookies};
use crate::request::fetch_metadata::is_frame;
use crate::request::theme;

/// The longest cookie that browsers keep, in bytes with its name and attributes. RFC 6265 §6.1.
const MAX_COOKIE_LENGTH: usize = 4_096;

/// actix-session's middleware with an encrypted cookie.
pub fn middleware(oauth: &HuggingFaceOAuth) -> SessionMiddleware<SessionStorage> {
    let key = oauth.shared.keys.session.clone();
    SessionMiddleware::builder(oauth.shared.storage.clone(), key)
        .cookie_name(SESSION.to_owned())
        .build()
}

/// Inside of actix-session: where what keeps the sessions does not answer, nobody is served as if signed out; whose token
/// ended before its time is. Looks at the session when the app is done with it.
pub async fn with_sign_in(
    oauth: &HuggingFaceOAuth,
    request: ServiceRequest,
    service: &AnyService,
) -> Result<ServiceResponse, Error> {
    let session = request.get_session();
    let current = CurrentSignIn::of(request.request()).expect("with_cookies is around it");
    if let Some(trouble) = current.trouble()
        && !oauth.shared.paths.is_resource(request.path())
    {
        let refusal = Failure::Session(trouble).answer(request.request(), oauth);
        return Ok(request.into_response(refusal));
    }
    if let Some(stored) = current.stored()
        && oauth.shared.ended_tokens.has(stored.token_hash()).await
    {
        current.forget(&session);
    }
    let response = refused::dress(service.call(request).await?, oauth);
    current.note(&session);
    Ok(response)
}

/// Outside of actix-session: gives the session cookie the attributes that it cannot write, `Partitioned` and a `Max-Age`
/// that ends with the token. A cookie without a session behind it is removed, and where a session cannot be kept, a page
/// says so. Writes the cookies of a frame's verifier and theme. What other sites read is answered without any cookie.
pub async fn with_cookies(
    oauth: &HuggingFaceOAuth,
    mut request: ServiceRequest,
    service: &AnyService,
) -> Result<ServiceResponse, Error> {
    let names = oauth.cookie_names(request.headers());
    let is_read_by_others = oauth.shared.origins.is_read_by_others(request.headers());
    let is_https = oauth.shared.origins.is_https(request.headers());
    let current = CurrentSignIn::before(&request.get_session(), oauth.shared.ended_tokens.clone());
    let has_session = request.headers().contains_key(COOKIE)
        && take_in_cookies(oauth, &names, &mut request, is_read_by_others, &current).await;
    request.extensions_mut().insert(current.clone());
    let in_frames =
        is_https || is_frame(request.headers()) || request.path() == oauth.shared.paths.claim;
    let sent = if in_frames { Sent::InFrames } else { Sent::SameSite { https: false } };
    let theme = theme::asked(request.query_string());

    let mut response = current.scope(service.call(request)).await?;

    let written = take_cookie(response.headers_mut(), SESSION);
    let name = names.session();
    let session = match session_cookie(&current, has_session, &name, written, sent) {
        Ok(session) => session,
        Err(trouble) => return Ok(in_place_of(response, trouble, oauth)),
    };
    let theme = theme.map(|theme| set_cookie(&names.theme(), theme, None, sent));
    let verifier = response.request().extensions_mut().remove::<NewVerifier>();
    let verifier = verifier.map(|NewVerifier(verifier)| {
        set_cookie(&names.hand_off(), &verifier, None, Sent::InFrames)
    });
    let is_without = response.request().extensions().contains::<WithoutCookies>();
    if is_read_by_others || is_without {
        drop_set_cookies(response.headers_mut(), |name| names.has(name));
        return Ok(response);
    }
    for cookie in [session, theme, verifier].into_iter().flatten() {
        response.headers_mut().append(SET_COOKIE, cookie);
    }
    Ok(response)
}

/// Leaves of a request's cookies what actix-session and the app are to see: the session cookie by the name that actix-session
/// knows, one where there are several, and none of ours where others read the answer. A cookie that holds a sign-in and
/// nothing of the app's own, as most do, is read here and not left: actix-session would only find an empty session in it.
/// Gives whether there is a session cookie.
async fn take_in_cookies(
    oauth: &HuggingFaceOAuth,
    names: &CookieNames,
    request: &mut ServiceRequest,
    is_read_by_others: bool,
    current: &CurrentSignIn,
) -> bool {
    let name = names.session();
    let Shared { storage, keys, .. } = &**oauth.shared;
    let sent: Vec<_> = cookies(request.headers()).collect();
    let sessions = values_of(sent.iter().copied(), &name);
    let session = match sessions.as_slice() {
        [] => None,
        _ if is_read_by_others => None,
        [session] => Some(*session),
        several => Some(storage.latest_of(several, &keys.session).await),
    };
    let has_session = session.is_some();
    let sign_in = session.and_then(|session| storage.sign_in_alone(session, &keys.session));
    let left = session.filter(|_| sign_in.is_none());
    if let Some(stored) = sign_in {
        current.loaded(stored);
    }
    let cookies = cookie_header(sent.iter().filter_map(|(cookie, value)| {
        if is_read_by_others && names.has(cookie) {
            None
        } else if *cookie == name {
            left.filter(|left| left == value).map(|value| (SESSION, value))
        } else {
            // Not one of this name that another app on this computer has set.
            (*cookie != SESSION).then_some((*cookie, *value))
        }
    }));
    request.headers_mut().remove(COOKIE);
    if let Some(cookies) = cookies {
        request.headers_mut().insert(COOKIE, cookies);
    }
    has_session
}

/// The session cookie of an answer for which actix-session has `written` one, to a request which `has_session`, or has none.
fn session_cookie(
    current: &CurrentSignIn,
    has_session: bool,
    name: &str,
    written: Option<String>,
    sent: Sent,
) -> Result<Option<HeaderValue>, SessionTrouble> {
    match current.trouble() {
        // Nothing was written, and the page says so already.
        Some(SessionTrouble::Unavailable) if written.is_none() => return Ok(None),
        Some(trouble) => return Err(trouble),
        None => {}
    }
    if current.is_empty() {
        let is_there = written.is_some() || has_session;
        return Ok(is_there.then(|| set_cookie(name, "", Some(0), sent)));
    }
    let Some(value) = written else {
        return Ok(None);
    };
    let stored = current.stored();
    let max_age = stored.map(|stored| (stored.expires_at() - Utc::now()).num_seconds().max(0));
    let cookie = set_cookie(name, &value, max_age, sent);
    if cookie.len() > MAX_COOKIE_LENGTH { Err(SessionTrouble::TooLarge) } else { Ok(Some(cookie)) }
}

/// The answer that says why a session cannot be kept.
fn in_place_of(
    response: ServiceResponse,
    trouble: SessionTrouble,
    oauth: &HuggingFaceOAuth,
) -> ServiceResponse {
    let answer = Failure::Session(trouble).answer(response.request(), oauth);
    response.into_response(answer)
}

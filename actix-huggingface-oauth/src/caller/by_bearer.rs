//! Who sends a bearer token, told once for each request.

use actix_web::{HttpMessage, HttpRequest};

use super::Caller;
use super::authorization::{Sent, bearer};
use super::token::owner;
use crate::auth::Auth;
use crate::oauth::HuggingFaceOAuth;
use crate::user::Refusal;

/// What is known of the bearer token of a request: behind a gate it is who the gate let in.
struct Told(Result<Caller, Refusal>);

/// Whether a request sends a bearer token, or what should be one.
pub fn sends_bearer(request: &HttpRequest) -> bool {
    #[cfg(feature = "test-util")]
    if crate::test_util::bearer(request).is_some() {
        return true;
    }
    bearer(request.headers()).is_some()
}

/// Behind a gate that takes no bearer tokens, none counts: it was not what the gate was opened with.
pub fn close_to_bearers(request: &HttpRequest) {
    if sends_bearer(request) {
        request.extensions_mut().insert(Told(Err(Refusal::InvalidToken)));
    }
}

/// Behind a gate that a bearer token opened, nobody is signed in: whoever is was not let in.
pub fn set_session_aside(request: &HttpRequest) {
    #[cfg(feature = "test-util")]
    crate::test_util::set_aside(request);
    if let Some(auth) = Auth::of(request) {
        auth.ignore();
    }
}

/// Who sends the bearer token of a request, or why it does not hold; `None` where none is sent.
pub async fn by_bearer(request: &HttpRequest) -> Option<Result<Caller, Refusal>> {
    if let Some(Told(told)) = request.extensions().get::<Told>() {
        return Some(told.clone());
    }
    #[cfg(feature = "test-util")]
    if let Some(info) = crate::test_util::bearer(request) {
        return Some(Ok(Caller::in_test(info)));
    }
    let sent = bearer(request.headers())?;
    let oauth = request.app_data::<HuggingFaceOAuth>();
    let told = match (sent, oauth) {
        // Apart: requests of browsers, which have none, are not to make room for asking the Hub.
        (Sent::Token(token), Some(oauth)) => Box::pin(owner(token, oauth)).await,
        _ => Err(Refusal::InvalidToken),
    };
    request.extensions_mut().insert(Told(told.clone()));
    Some(told)
}

//! Loads the state of a request, and stores what the app changed.

use actix_session::{Session, SessionExt};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::StatusCode;
use actix_web::{Error, HttpMessage};
use serde_json::value::RawValue;

use super::state::{Entries, FLASH, State, Wrapped};
use crate::auth::{Auth, AuthCookie, CookieContext};
use crate::extract::attached;
use crate::middleware::erased::{AnyService, Layer, middleware};
use crate::oauth::HuggingFaceOAuth;
use crate::pages::{Action, MessagePage};

/// The largest cookie, name and value, in bytes: with those of the login it is less than what servers accept of a request's head.
const MAX_LENGTH: usize = 1_500;

/// Middleware that gives handlers an `actix_session::Session` for state of the app's own: drafts, choices, flash messages. Wrapped
/// on the `App` that is given to [`attach_huggingface_oauth`](crate::attach_huggingface_oauth), before middleware that uses it.
///
/// The state is in an encrypted cookie of at most 1,500 bytes, `__Host-hf-session`, which works inside the iframe on
/// huggingface.co too. It belongs to the signed-in user: another user, or a signed-out visitor, sees none of it. What a visitor
/// stored before the login becomes the user's. A logout removes the state, in the tab or in the iframe in which it is done.
/// Cross-origin reads neither see nor change it. If the state is too large, the response is an error page, and the cookie stays
/// as it was.
///
/// After a logout, and after a user consented to more, it adds a flash message: [`take_flash`](crate::take_flash) shows it.
///
/// It is never wrapped together with a `SessionMiddleware`, whose session it would take.
#[derive(Clone, Copy, Debug, Default)]
pub struct AppSession;

middleware!(AppSession);

impl Layer for AppSession {
    async fn pass(
        self,
        request: ServiceRequest,
        service: AnyService,
    ) -> Result<ServiceResponse, Error> {
        let Some((auth, oauth)) = attached(request.request()) else {
            return service.call(request).await;
        };
        let oauth = oauth.clone();
        let store = Store::of(&request, &oauth, auth);
        let session = request.get_session();
        if !session.entries().is_empty() {
            tracing::error!(
                "AppSession is wrapped together with another session middleware: remove one of them"
            );
            return service.call(request).await;
        }
        for (key, value) in &store.seen {
            if let Ok(value) = RawValue::from_string(value.clone()) {
                let _ = session.insert(key, value);
            }
        }
        request.extensions_mut().insert(Wrapped);
        let response = service.call(request).await;
        match (store.save(&session, &oauth), response) {
            (Err(TooLarge), Ok(response)) => {
                let page = too_large(&response, &oauth);
                Ok(response.into_response(page))
            }
            (_, response) => response,
        }
    }
}

/// The cookie holds more than [`MAX_LENGTH`].
struct TooLarge;

/// The state of one request.
struct Store {
    auth: Auth,
    /// Who is signed in when the request arrives.
    sub: Option<String>,
    cookie: AuthCookie,
    context: CookieContext,
    /// The state in the request's cookie, which may belong to another user.
    presented: Option<State>,
    /// What the app sees of it.
    seen: Entries,
}

impl Store {
    fn of(request: &ServiceRequest, oauth: &HuggingFaceOAuth, auth: Auth) -> Self {
        let headers = request.headers();
        let cookie = oauth.cookie_names(headers).app_session();
        let values = oauth.cookies(headers).filter(|(name, _)| *name == cookie.name);
        let mut states =
            values.filter_map(|(_, value)| State::open(value, &oauth.shared.keys.app_session));
        let presented = states.next();
        let (sub, context) = (sub(&auth), oauth.cookie_context(headers));
        let seen = presented.as_ref().map(|state| state.seen_by(sub.as_deref()));
        let seen = seen.unwrap_or_default();
        Self { auth, sub, cookie, context, presented, seen }
    }

    /// The state that the browser is to have; `None` if its cookie stays as it is.
    fn next(&self, mut entries: Entries) -> Option<State> {
        let sub = sub(&self.auth);
        if self.sub == sub {
            let presented = self.presented.as_ref();
            let is_adopted = sub.is_some() && presented.is_some_and(|state| state.sub.is_none());
            // Unchanged state stays, also if it belongs to another user: this response may come after that user's.
            return (is_adopted || entries != self.seen).then_some(State { sub, entries });
        }
        if !self.auth.is_changed() {
            // The login ended under this request, whose response may come after the next user's.
            return None;
        }
        entries.retain(|key, value| self.seen.get(key) != Some(value));
        if self.sub.is_some() {
            // Nothing of a user's state stays for the next one, nor what the app made of it in this request.
            entries.retain(|key, _| key == FLASH);
        } else if let Some(presented) = &self.presented {
            for (key, value) in presented.seen_by(sub.as_deref()) {
                // The message was for a page before the login.
                if key != FLASH {
                    entries.entry(key).or_insert(value);
                }
            }
        }
        Some(State { sub, entries })
    }

    /// Has the response set the cookie if the state has changed.
    fn save(self, session: &Session, oauth: &HuggingFaceOAuth) -> Result<(), TooLarge> {
        let entries = session.entries().clone();
        // Middleware outside of this one would change what is not stored any more.
        session.purge();
        let is_written = entries != self.seen;
        let next = self.next(entries).filter(|next| self.presented.as_ref() != Some(next));
        let Some(next) = next else {
            return Ok(());
        };
        if next.entries.is_empty() {
            if self.presented.is_some() {
                self.auth.add_cookies([self.cookie.remove(self.context)]);
            }
            return Ok(());
        }
        let value = next.seal(&oauth.shared.keys.app_session);
        let bytes = self.cookie.name.len() + value.len();
        if bytes <= MAX_LENGTH {
            self.auth.add_cookies([self.cookie.set(&value, None, self.context)]);
            Ok(())
        } else if is_written {
            tracing::error!(
                bytes,
                max = MAX_LENGTH,
                "the state of a session is too large for its cookie: store it on the server, and its key in the session"
            );
            Err(TooLarge)
        } else {
            // State of a visitor that is too large with the user's `sub` is seen as it is.
            Ok(())
        }
    }
}

fn sub(auth: &Auth) -> Option<String> {
    auth.record().map(|record| record.sub().to_owned())
}

fn too_large(response: &ServiceResponse, oauth: &HuggingFaceOAuth) -> actix_web::HttpResponse {
    let message = "This app tried to store more than fits into a cookie. Nothing of it was stored.";
    let page = MessagePage::new(oauth.site_for(response.request()), "This did not work", message);
    let actions = vec![Action::primary("Back to the app", "/")];
    MessagePage { actions, ..page }.respond(StatusCode::INTERNAL_SERVER_ERROR)
}

//! The sign-in of a request's session.
//!
//! It stands beside the app's own state of the session, never in it: neither `session.clear()` ends a sign-in, nor does
//! a `SessionMiddleware` of the app's own write an access token into its cookie. A session's storage has no
//! request to put it in, so it finds it in a task-local.

use std::cell::{Cell, RefCell};
use std::future::Future;
use std::rc::Rc;

use actix_session::storage::SessionKey;
use actix_session::{Session, SessionStatus};
use actix_web::{HttpMessage, HttpRequest};
use chrono::Utc;

use super::{EndedTokens, SessionsUnavailable, StoredOAuthInfo};

tokio::task_local! {
    static CURRENT: Rc<CurrentSignIn>;
}

/// The key in the session state that says that there is a sign-in, and in the storage the sign-in's.
pub const OAUTH_INFO: &str = "oauth_info";

/// Why a request's session cannot be had or kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SessionTrouble {
    /// What keeps the sessions does not answer.
    Unavailable,
    /// It does not fit into a cookie.
    TooLarge,
    /// Another `SessionMiddleware` keeps the sessions of this app.
    AnotherMiddleware,
}

impl From<SessionsUnavailable> for SessionTrouble {
    fn from(_: SessionsUnavailable) -> Self {
        Self::Unavailable
    }
}

/// The sign-in of one request's session.
#[derive(Default)]
pub struct CurrentSignIn {
    /// Whether a `SessionMiddleware` around this app's has put something into the session.
    has_foreign_state: bool,
    /// Tokens that do not hold any more; `None` where a session is only looked at.
    ended_tokens: Option<EndedTokens>,
    stored: RefCell<Option<Rc<StoredOAuthInfo>>>,
    /// Whether it was made in this request.
    is_new: Cell<bool>,
    /// Whether the session has state of the app's own.
    has_app_state: Cell<bool>,
    /// Whether the session gets another key.
    renews: Cell<bool>,
    /// The key that the session had, where it goes once there is the new one.
    replaced: Cell<Option<SessionKey>>,
    trouble: Cell<Option<SessionTrouble>>,
    /// Whether it counts for nothing in this request.
    is_set_aside: Cell<bool>,
}

impl CurrentSignIn {
    /// That of a request whose session is not loaded yet.
    pub fn before(session: &Session, ended_tokens: EndedTokens) -> Rc<Self> {
        let has_foreign_state = !session.entries().is_empty();
        Rc::new(Self { has_foreign_state, ended_tokens: Some(ended_tokens), ..Self::default() })
    }

    /// That of a request; `None` where attach's middleware is not around it.
    pub fn of(request: &HttpRequest) -> Option<Rc<Self>> {
        request.extensions().get::<Rc<Self>>().cloned()
    }

    /// Runs a request inside, whose session is loaded and saved there.
    pub fn scope<F: Future>(
        self: &Rc<Self>,
        request: F,
    ) -> impl Future<Output = F::Output> + use<F> {
        CURRENT.scope(Rc::clone(self), request)
    }

    /// That of the request which the storage works for.
    pub(super) fn of_task() -> Rc<Self> {
        CURRENT.try_with(Rc::clone).unwrap_or_default()
    }

    /// The sign-in, where its token has not ended.
    pub fn get(&self) -> Option<Rc<StoredOAuthInfo>> {
        let holds = |stored: &StoredOAuthInfo| {
            stored.expires_at() > Utc::now() && !self.has_ended(stored) && !self.is_set_aside.get()
        };
        self.stored().filter(|stored| holds(stored))
    }

    /// From now on nobody is signed in for this request, in which another credential counts. What is kept stays.
    pub fn set_aside(&self) {
        self.is_set_aside.set(true);
    }

    /// Whether the token is known to have ended before its time.
    fn has_ended(&self, stored: &StoredOAuthInfo) -> bool {
        let ended_tokens = self.ended_tokens.as_ref();
        ended_tokens.is_some_and(|ended| ended.has_here(stored.token_hash()))
    }

    /// What is kept, ended or not.
    pub fn stored(&self) -> Option<Rc<StoredOAuthInfo>> {
        self.stored.borrow().clone()
    }

    /// Notes the sign-in that the session has.
    pub fn loaded(&self, stored: StoredOAuthInfo) {
        self.stored.replace(Some(Rc::new(stored)));
    }

    /// Keeps a sign-in, in a renewed session.
    pub fn sign_in(&self, session: &Session, stored: StoredOAuthInfo) {
        session.renew();
        session.insert(OAUTH_INFO, true).expect("a bool is JSON");
        self.is_new.set(true);
        self.loaded(stored);
    }

    /// Forgets the sign-in, and the app's own state with it.
    pub fn sign_out(&self, session: &Session) {
        session.purge();
        self.stored.replace(None);
    }

    /// Forgets a sign-in whose token has ended, with the app's own state. In the session that is empty now, somebody
    /// may sign in.
    pub fn forget(&self, session: &Session) {
        session.clear();
        self.stored.replace(None);
    }

    /// Looks at the session once the app is done with it, before it is saved.
    pub fn note(&self, session: &Session) {
        // One that is inside takes all state away, this mark too.
        let is_foreign = self.has_foreign_state || !session.contains_key(OAUTH_INFO);
        if self.is_new.get() && is_foreign {
            self.fail(SessionTrouble::AnotherMiddleware);
        }
        if self.stored().is_some_and(|stored| self.has_ended(&stored)) {
            self.forget(session);
        }
        let is_changed = session.status() == SessionStatus::Changed;
        if is_changed && self.stored().is_none() && session.entries().is_empty() {
            session.purge();
        }
        if session.status() == SessionStatus::Purged {
            self.stored.replace(None);
        }
        self.renews.set(session.status() == SessionStatus::Renewed);
        self.has_app_state.set(!session.entries().is_empty());
    }

    pub(super) fn renews(&self) -> bool {
        self.renews.get()
    }

    pub(super) fn replace_later(&self, key: SessionKey) {
        self.replaced.set(Some(key));
    }

    pub(super) fn take_replaced(&self) -> Option<SessionKey> {
        self.replaced.take()
    }

    /// Whether there is nothing to keep.
    pub fn is_empty(&self) -> bool {
        self.stored.borrow().is_none() && !self.has_app_state.get()
    }

    /// From now on nothing of this session is written.
    pub fn fail(&self, trouble: SessionTrouble) {
        self.trouble.set(Some(trouble));
    }

    pub fn trouble(&self) -> Option<SessionTrouble> {
        self.trouble.get()
    }
}

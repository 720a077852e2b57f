//! The login of a request, and what its response is to do with it.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use actix_web::http::header::HeaderValue;
use actix_web::{HttpMessage, HttpRequest};
use chrono::Utc;

use super::{AuthRecord, CookieContext, Presented, Revocations};

/// The login of a request, in its extensions: what handlers and middleware ask, and what login and logout change. A clone is
/// the same login.
#[derive(Clone)]
pub struct Auth(Rc<State>);

struct State {
    record: RefCell<Option<Rc<AuthRecord>>>,
    presented: Vec<Presented>,
    revocations: Revocations,
    change: RefCell<Change>,
    /// Other cookies of this crate that the response sets.
    cookies: RefCell<Vec<HeaderValue>>,
    sends_no_cookies: Cell<bool>,
    is_ignored: Cell<bool>,
    is_responded: Cell<bool>,
}

/// What the response does to the auth cookie.
#[derive(Default)]
pub enum Change {
    #[default]
    None,
    /// Sets it, in the jar of this context.
    Set(Rc<AuthRecord>, CookieContext),
    /// Removes it, and revokes the logins that the request presented.
    Clear,
}

/// What a response is to send.
pub struct Outgoing {
    pub change: Change,
    pub cookies: Vec<HeaderValue>,
}

impl Auth {
    /// The login of a request that presented these cookies, the newest of which holds this record.
    pub fn new(
        record: Option<Rc<AuthRecord>>,
        presented: Vec<Presented>,
        revocations: Revocations,
    ) -> Self {
        Self(Rc::new(State {
            record: RefCell::new(record),
            presented,
            revocations,
            change: RefCell::default(),
            cookies: RefCell::default(),
            sends_no_cookies: Cell::new(false),
            is_ignored: Cell::new(false),
            is_responded: Cell::new(false),
        }))
    }

    /// `None` if the request did not pass the middleware of this crate.
    pub fn of(request: &HttpRequest) -> Option<Self> {
        request.extensions().get::<Self>().cloned()
    }

    /// The login, if it is valid: neither expired nor revoked.
    pub fn record(&self) -> Option<Rc<AuthRecord>> {
        if self.0.is_ignored.get() {
            return None;
        }
        let record = self.0.record.borrow().clone()?;
        let is_valid = record.expires_at() > Utc::now() && !self.0.revocations.have_here(&record);
        is_valid.then_some(record)
    }

    /// What the request's readable auth cookies hold.
    pub fn presented(&self) -> &[Presented] {
        &self.0.presented
    }

    /// From now on this is the login, which the response stores in the browser.
    pub fn log_in(&self, record: AuthRecord, context: CookieContext) {
        let record = Rc::new(record);
        self.0.record.replace(Some(Rc::clone(&record)));
        self.change(Change::Set(record, context));
    }

    /// From now on the request is signed out, and so is the browser.
    pub fn log_out(&self) {
        self.0.record.replace(None);
        self.change(Change::Clear);
    }

    /// From now on the request is signed out, since another credential counts.
    pub fn ignore(&self) {
        self.0.is_ignored.set(true);
    }

    /// Has the response set a cookie of this crate.
    pub fn add_cookies(&self, cookies: impl IntoIterator<Item = HeaderValue>) {
        self.0.cookies.borrow_mut().extend(cookies);
    }

    /// Has the response set no cookie of this crate.
    pub fn send_no_cookies(&self) {
        self.0.sends_no_cookies.set(true);
    }

    /// Whether this request logs in or out.
    pub fn is_changed(&self) -> bool {
        !matches!(*self.0.change.borrow(), Change::None)
    }

    /// Whether the response sets a cookie that login, logout or a login control asks for.
    pub fn has_cookies(&self) -> bool {
        self.is_changed() || !self.0.cookies.borrow().is_empty()
    }

    /// What the response is to send; `None` if it is to send no cookies. What comes later is too late.
    pub fn respond(&self) -> Option<Outgoing> {
        self.0.is_responded.set(true);
        let (change, cookies) = (self.0.change.take(), self.0.cookies.take());
        (!self.0.sends_no_cookies.get()).then_some(Outgoing { change, cookies })
    }

    fn change(&self, change: Change) {
        if self.0.is_responded.get() {
            tracing::error!(
                "a login or logout came too late: the head of the response was sent already, so that the browser keeps its cookie"
            );
        }
        self.0.change.replace(change);
    }
}

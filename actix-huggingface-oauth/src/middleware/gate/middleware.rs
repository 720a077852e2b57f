//! Gates, as an app is put together with them.

use std::rc::Rc;
use std::sync::atomic::{AtomicBool, Ordering};

use actix_web::dev::ResourceDef;

use super::gated::Terms;
use super::rule::Rule;
use crate::middleware::erased::{AnyService, Layered};
use crate::user::Role;

/// Whether an app has a gate for the owner of the Space, and whether it was said that there is none.
static ASKS_FOR_THE_OWNER: AtomicBool = AtomicBool::new(false);
static IS_SAID: AtomicBool = AtomicBool::new(false);

/// Middleware that lets some in: for a `web::scope`, a resource, or a whole app, where it is wrapped on the `App` that is
/// given to [`attach_huggingface_oauth`](crate::attach_huggingface_oauth).
///
/// A stranger's GET is answered with a page that signs in, in place and with 401, and at exactly `/` with 200, where
/// Hugging Face looks whether a Space is up; scripts get 401 and JSON. A form that a stranger posts leads back to its page, and
/// is not sent again. Who is signed in and not let in gets 403, and 503 where the Hub does not tell the organizations.
///
/// Each request is asked for, a WebSocket at its handshake alone: what is open then stays open when the sign-in ends.
///
/// ```
/// use actix_huggingface_oauth::{HuggingFaceOAuth, OAuthSettings, Role, SignIn};
/// use actix_huggingface_oauth::{attach_huggingface_oauth, require_login, require_membership};
/// use actix_web::{App, web};
///
/// let oauth = HuggingFaceOAuth::new(OAuthSettings::new(SignIn::Off))?;
/// let gate = require_login().open(["/healthz"]);
/// let app = attach_huggingface_oauth(App::new().wrap(gate), oauth)
///     .route("/healthz", web::get().to(async || "ok"))
///     .service(
///         web::scope("/reports")
///             .wrap(require_membership(["acme"], Some(Role::Write)))
///             .route("/{year}", web::get().to(async || "For those who may write in acme.")),
///     );
/// # drop(app);
/// # Ok::<(), actix_huggingface_oauth::SetupError>(())
/// ```
#[derive(Clone, Default)]
pub struct Gate(Terms);

/// Lets in who is signed in. The Hub is not asked; what it says to others, that the sign-in has ended, counts here, too.
#[must_use]
pub fn require_login() -> Gate {
    Gate::of(Rule::SignedIn)
}

/// Lets in the members of any of these organizations, with at least this role there. They are named as for
/// [`member_of`](crate::OAuthUserInfo::member_of): by the name on the Hub or by the `sub`.
///
/// # Panics
/// Where no organization is named.
#[must_use]
pub fn require_membership<I>(organizations: I, at_least: Option<Role>) -> Gate
where
    I: IntoIterator<Item: Into<String>>,
{
    let organizations: Vec<String> = organizations.into_iter().map(Into::into).collect();
    assert!(!organizations.is_empty(), "require_membership names no organization");
    Gate::of(Rule::Members { organizations, at_least })
}

/// Lets in the owner of the Space, as `SPACE_AUTHOR_NAME` names it, and where that is an organization its members with the
/// role write or admin. Resource groups are not looked at. While sign-in is mocked, one user of the consent page is the
/// owner. Where nobody is known to be the owner, nobody is let in.
#[must_use]
pub fn require_space_owner() -> Gate {
    ASKS_FOR_THE_OWNER.store(true, Ordering::Relaxed);
    Gate::of(Rule::SpaceOwner)
}

/// For an app whose Space has no known owner: says so, once, where a gate asks for the owner.
pub fn say_that_there_is_no_owner() {
    if ASKS_FOR_THE_OWNER.load(Ordering::Relaxed) && !IS_SAID.swap(true, Ordering::Relaxed) {
        tracing::warn!(
            "require_space_owner lets nobody in: set SPACE_AUTHOR_NAME, as Hugging Face does in a Space"
        );
    }
}

impl Gate {
    fn of(rule: Rule) -> Self {
        Self(Terms { rule, ..Terms::default() })
    }

    /// Leaves resources open for everybody, by their patterns, as they are registered: `/static/{path:.+}`. What sign-in
    /// itself needs is always open.
    ///
    /// A pattern is compared with the one that the router matches, so that no other spelling of a path opens anything, and a
    /// path that no resource has is not open. A resource that is open has no guards: another one of the same path may be
    /// served where they do not hold, and that is refused only when it has run.
    #[must_use]
    pub fn open<I>(mut self, patterns: I) -> Self
    where
        I: IntoIterator<Item: Into<String>>,
    {
        let patterns = patterns.into_iter().map(|pattern| {
            let pattern = pattern.into();
            (pattern.clone(), ResourceDef::new(pattern))
        });
        self.0.open = self.0.open.iter().cloned().chain(patterns).collect();
        self
    }

    /// Lets in programs, too, by a bearer token of one whom the gate lets in: see [`Caller`](crate::Caller).
    ///
    /// Where a request sends a bearer token, it alone is looked at, and nobody is signed in for what is behind the gate: a
    /// handler that takes [`OAuthInfo`](crate::OAuthInfo) answers 401.
    #[must_use]
    pub fn or_bearer(mut self) -> Self {
        self.0.or_bearer = true;
        self
    }

    #[inline(never)]
    pub(in crate::middleware) fn around(&self, service: AnyService) -> AnyService {
        match self.0.rule {
            Rule::Everybody => service,
            _ => Rc::new(Layered::new(self.0.clone(), service)),
        }
    }
}

//! The login between requests: the auth cookie and its record, pending logins, handoffs, revocations; in cookies, in memory, or
//! in Redis.

mod cookies;
mod extension;
mod handoffs;
mod keys;
mod pending;
mod record;
#[cfg(feature = "redis")]
mod redis;
mod revocations;
mod store;
mod unavailable;

pub use cookies::{AuthCookie, CookieContext, CookieNames, cookies, drop_set_cookies};
pub use extension::{Auth, Change, Outgoing};
pub use handoffs::{challenge_of, is_challenge};
pub use keys::{AuthKeys, LoginIdentity};
pub use pending::{PendingAuthorization, PendingCookies, UsedStates};
pub use record::{AuthRecord, LoginId, TooLarge};
#[cfg(feature = "redis")]
pub use redis::Redis;
pub use revocations::Revocations;
#[cfg(feature = "redis")]
pub use revocations::time_left;
pub use store::{AuthStore, Presented};
pub use unavailable::StoreUnavailable;

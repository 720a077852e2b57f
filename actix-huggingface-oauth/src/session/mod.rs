//! What is kept between requests: in cookies, in memory, or in Redis.

mod cookies;
mod current;
mod hand_offs;
mod keys;
mod pending;
#[cfg(feature = "redis")]
mod redis;
mod storage;
mod stored;
mod unavailable;

pub use cookies::{
    CookieNames, Sent, carries, drop_cookies, drop_set_cookies, set_cookie, take_cookie,
};
pub use current::{CurrentSignIn, SessionTrouble};
pub use hand_offs::{HandOffs, challenge_of, is_challenge};
pub use keys::{SessionKeys, SignInIdentity};
pub use pending::{PendingCookie, PendingSignIn, PendingSignIns};
#[cfg(feature = "redis")]
pub use redis::Redis;
pub use storage::SessionStorage;
pub use stored::StoredOAuthInfo;
pub use unavailable::SessionsUnavailable;

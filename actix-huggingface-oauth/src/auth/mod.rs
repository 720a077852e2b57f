//! What is kept between requests: in cookies, in memory, or in Redis.

mod cookies;
mod current;
mod ended_tokens;
mod hand_offs;
mod keys;
mod pending;
#[cfg(feature = "redis")]
mod redis;
mod storage;
mod stored;
mod unavailable;

pub use cookies::{
    CookieNames, SESSION, Sent, cookie_header, cookies, drop_set_cookies, set_cookie, take_cookie,
    values_of,
};
pub use current::{CurrentSignIn, SessionTrouble};
pub use ended_tokens::EndedTokens;
pub use hand_offs::{HandOffs, challenge_of, is_challenge};
pub use keys::{SessionKeys, SignInIdentity};
pub use pending::{PendingCookies, PendingSignIn};
#[cfg(feature = "redis")]
pub use redis::Redis;
pub use storage::SessionStorage;
pub use stored::StoredOAuthInfo;
pub use unavailable::SessionsUnavailable;

//! What a handler learns of the one who is signed in, and how it refuses one.

mod display;
mod lenient;
mod membership;
mod oauth_info;
mod org_info;
mod orgs;
mod refusal;
mod user_info;

pub use membership::is_sub;
pub use oauth_info::OAuthInfo;
pub use org_info::{OAuthOrgInfo, Role};
pub use orgs::{KnownOrgs, OAuthOrgs};
pub use refusal::Refusal;
pub use user_info::{OAuthUserInfo, SignedInUser, UserInfoJson};

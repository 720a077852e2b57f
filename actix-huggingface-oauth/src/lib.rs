//! "Sign in with Hugging Face" for any Actix app.
//!
//! ```no_run
#![doc = include_str!("../examples/greet.rs")]
//! ```
//!
//! [`attach_huggingface_oauth`] adds the endpoints `/oauth/huggingface/login`, `/callback` and
//! `/logout` to an app. A handler that takes [`OAuthInfo`] is for signed-in users only, one that
//! takes `Option<OAuthInfo>` is for all; [`parse_huggingface_oauth`] does the same by hand.

// From the ground up: each of these uses only those before it.
mod attach;
mod endpoints;
mod extract;
mod failure;
mod hub;
mod middleware;
#[cfg(feature = "mock-hub")]
mod mock_hub;
mod oauth;
mod pages;
mod request;
mod session;
mod settings;
#[cfg(feature = "test-util")]
pub mod test_util;
mod user;

pub use attach::attach_huggingface_oauth;
pub use extract::{parse_huggingface_oauth, signed_in_user};
pub use hub::http_client;
pub use oauth::HuggingFaceOAuth;
pub use pages::LoginControl;
pub use request::Origins;
#[cfg(feature = "mock-hub")]
pub use settings::MockSignIn;
pub use settings::{Limits, OAuthClient, OAuthSettings, SetupError, SignIn};
pub use user::{OAuthInfo, OAuthOrgInfo, OAuthOrgs, OAuthUserInfo, Refusal, Role, SignedInUser};

pub use {actix_web, chrono, oauth2, reqwest};

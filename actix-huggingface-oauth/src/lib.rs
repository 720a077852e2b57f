//! "Sign in with Hugging Face" for any Actix app.
//!
//! ```no_run
#![doc = include_str!("../examples/greet.rs")]
//! ```
//!
//! [`attach_huggingface_oauth`] adds the endpoints `/oauth/huggingface/login`, `/callback` and
//! `/logout` to an app. A handler that takes [`OAuthInfo`] is for signed-in users only, one that
//! takes `Option<OAuthInfo>` is for all; [`parse_huggingface_oauth`] does the same by hand.
//!
//! # For who reads the source
//!
//! Each of these rooms imports only from those before it:
//!
//! | room | owns |
//! |---|---|
//! | `user` | what a handler learns of the one who is signed in, and the refusals |
//! | `request` | what a request says about itself |
//! | `pages` | the pages of sign-in itself, and the login control |
//! | `mock_hub` | an OpenID provider for a laptop |
//! | `settings` | what sign-in needs to know, from the environment or from the app |
//! | `hub` | talking to the Hub |
//! | `session` | what is kept between requests |
//! | `oauth` | what all requests share, and what pages ask of it |
//! | `failure` | how a sign-in can fail, and the page that says so |
//! | `test_util` | users who are signed in without a Hub, for tests |
//! | `extract` | how a handler asks who is signed in |
//! | `middleware` | what every request passes |
//! | `endpoints` | login, callback, logout, claim |
//! | `attach` | all of it, added to an app |

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

/// Its examples are tests.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

//! Talking to the Hub: plain calls that take a token.

mod asking;
mod chats;
mod error;
mod http_client;
mod metadata;
mod org_lists;
mod provider;
mod questions;
mod refused_by;
mod router;
mod token_hash;
mod token_owners;
mod token_response;
mod whoami;

pub use asking::Asking;
pub use chats::{Chat, Chats};
pub use error::HubError;
#[cfg(feature = "redis")]
pub use http_client::tls_config;
pub use http_client::{HttpClient, http_client};
pub use org_lists::{OrgList, OrgLists};
pub use provider::{AuthorizationRedirect, MAX_TOKEN_LIFETIME, Provider};
pub use refused_by::RefusedBy;
pub use router::Router;
pub use token_hash::TokenHash;
pub use token_owners::{NotTold, TokenOwners};

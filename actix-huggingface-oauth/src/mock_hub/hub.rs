//! The mock Hub's state.

use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use moka::future::Cache;
use oauth2::CsrfToken;
use serde_json::Value;

use super::MockUsers;
use crate::pages::Site;
use crate::request::Origins;
use crate::user::OAuthUserInfo;

/// The path under which the mock Hub is served.
pub const PATH: &str = "/mock-hub";

/// The only OAuth app that the mock Hub knows: a public one, so without a secret.
pub const CLIENT_ID: &str = "mock-client";

/// How many codes and tokens are remembered: more than a developer needs, few enough to never matter.
const MAX_GRANTS: u64 = 1_000;

/// For how long a code can be exchanged. RFC 6749 §4.1.2.
const CODE_LIFETIME: Duration = Duration::from_secs(10 * 60);

/// What the card of a Space has the Hub do.
#[derive(Clone, Debug)]
pub struct MockRules {
    /// The life of a token, by default as of the Hub's.
    pub token_lifetime: Duration,
    /// Whose members alone may sign in; everybody may where there are none.
    pub authorized_orgs: Vec<String>,
}

impl Default for MockRules {
    fn default() -> Self {
        Self { token_lifetime: Duration::from_secs(8 * 60 * 60), authorized_orgs: Vec::new() }
    }
}

impl MockRules {
    /// Whether a user is in one of the organizations, by its name or its `sub`.
    pub(super) fn let_in(&self, user: &OAuthUserInfo) -> bool {
        let orgs = user.orgs.known().unwrap_or_default();
        let names = orgs.iter().flat_map(|org| [&org.preferred_username, &org.sub]).flatten();
        let is_authorized = |name: &String| {
            self.authorized_orgs.iter().any(|authorized| authorized.eq_ignore_ascii_case(name))
        };
        self.authorized_orgs.is_empty() || names.into_iter().any(is_authorized)
    }
}

/// The mock Hub of an app.
pub struct MockHub {
    pub(super) issuer: String,
    pub(super) site: Site,
    pub(super) origins: Origins,
    pub(super) users: MockUsers,
    pub(super) rules: MockRules,
    pub(super) codes: Cache<String, Grant>,
    pub(super) tokens: Cache<String, Value>,
}

/// What an authorization code stands for until it is exchanged, once.
#[derive(Clone)]
pub struct Grant {
    pub user: Value,
    pub redirect_uri: String,
    pub code_challenge: String,
    pub scope: String,
}

impl MockHub {
    /// The mock Hub of an app that listens on `address`, and is reached under these origins.
    pub fn new(
        mut address: SocketAddr,
        origins: Origins,
        users: MockUsers,
        rules: MockRules,
        site: Site,
    ) -> Self {
        let token_lifetime = rules.token_lifetime;
        if address.ip().is_unspecified() {
            address.set_ip(Ipv4Addr::LOCALHOST.into());
        }
        Self {
            issuer: format!("http://{address}{PATH}"),
            site,
            origins,
            users,
            rules,
            codes: Cache::builder().max_capacity(MAX_GRANTS).time_to_live(CODE_LIFETIME).build(),
            tokens: Cache::builder().max_capacity(MAX_GRANTS).time_to_live(token_lifetime).build(),
        }
    }

    /// Its URL on the address that the app listens on, where its metadata is.
    pub fn issuer(&self) -> &str {
        &self.issuer
    }
}

/// A code or token that nobody guesses.
pub fn random() -> String {
    CsrfToken::new_random().into_secret()
}

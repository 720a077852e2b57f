//! The mock Hub's state.

use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use actix_web::cookie::Key;
use chrono::{TimeDelta, Utc};
use moka::future::Cache;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::MockUsers;
use crate::pages::Site;
use crate::request::Origins;
use crate::request::sealed::{seal, unseal};
use crate::user::OAuthUserInfo;

/// The path under which the mock Hub is served.
pub const PATH: &str = "/mock-hub";

/// The only OAuth app that the mock Hub knows: a public one, so without a secret.
pub const CLIENT_ID: &str = "mock-client";

/// How many used codes, and tokens that ended, are remembered: more than a developer needs, few enough to never matter.
const MAX_USED_CODES: u64 = 1_000;

/// What a token begins with.
const TOKEN: &str = "mock_";

/// What a token begins with that nobody had to sign in for: a user's name comes after it, as in `hf_mock_pro`.
pub const USER_TOKEN: &str = "hf_mock_";

/// Stands for all organizations where some are left out.
pub const ALL_ORGS: &str = "all";

/// For how long a code can be exchanged. RFC 6749 §4.1.2.
const CODE_LIFETIME: Duration = Duration::from_secs(10 * 60);

/// What the card of a Space has the Hub do.
#[derive(Clone, Debug)]
pub struct MockRules {
    /// The life of a token, by default as of the Hub's.
    pub token_lifetime: Duration,
    /// Whose members alone may sign in; everybody may where there are none.
    pub authorized_orgs: Vec<String>,
    /// Who owns the Space, by the name on the Hub.
    pub space_owner: Option<String>,
    /// What the tokens of the users may do that nobody had to sign in for.
    pub token_scope: String,
}

impl Default for MockRules {
    fn default() -> Self {
        Self {
            token_lifetime: Duration::from_secs(8 * 60 * 60),
            authorized_orgs: Vec::new(),
            space_owner: None,
            token_scope: "openid profile".to_owned(),
        }
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
    /// Seals codes and tokens: they say what they stand for, so that nothing of them has to be remembered.
    key: Key,
    used_codes: Cache<String, ()>,
    ended_tokens: Cache<String, ()>,
}

/// What an authorization code stands for until it is exchanged, once.
#[derive(Serialize, Deserialize)]
pub struct Grant {
    /// By the name in the user file.
    pub user: String,
    pub redirect_uri: String,
    pub code_challenge: String,
    pub scope: String,
    pub without_orgs: Vec<String>,
}

/// What an access token stands for.
#[derive(Serialize, Deserialize)]
pub struct Access {
    /// By the name in the user file.
    pub user: String,
    pub scope: String,
    /// Organizations that the user left out, each by its `sub`; [`ALL_ORGS`] for all.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub without_orgs: Vec<String>,
}

/// Something that holds until a second of the Unix epoch.
#[derive(Serialize, Deserialize)]
struct Until<T>(i64, T);

impl MockHub {
    /// The mock Hub of an app that listens on `address`, and is reached under these origins.
    pub fn new(
        mut address: SocketAddr,
        origins: Origins,
        users: MockUsers,
        rules: MockRules,
        key: Key,
        site: Site,
    ) -> Self {
        if address.ip().is_unspecified() {
            address.set_ip(Ipv4Addr::LOCALHOST.into());
        }
        Self {
            issuer: format!("http://{address}{PATH}"),
            site,
            origins,
            users,
            rules,
            key,
            used_codes: Cache::builder()
                .max_capacity(MAX_USED_CODES)
                .time_to_live(CODE_LIFETIME)
                .build(),
            ended_tokens: Cache::new(MAX_USED_CODES),
        }
    }

    /// Its URL on the address that the app listens on, where its metadata is.
    pub fn issuer(&self) -> &str {
        &self.issuer
    }
}

impl MockHub {
    pub(super) fn code(&self, grant: Grant) -> String {
        self.sealed("code", CODE_LIFETIME, grant)
    }

    /// What a code stands for, once.
    pub(super) async fn redeem(&self, code: &str) -> Option<Grant> {
        let grant = self.unsealed("code", code)?;
        let first = self.used_codes.entry(code.to_owned()).or_insert(()).await;
        first.is_fresh().then_some(grant)
    }

    pub(super) fn token(&self, access: Access) -> String {
        format!("{TOKEN}{}", self.sealed("token", self.rules.token_lifetime, access))
    }

    /// Ends a token, as if the user had revoked it.
    pub(super) async fn end(&self, token: &str) {
        self.ended_tokens.insert(token.to_owned(), ()).await;
    }

    pub(super) fn access(&self, token: &str) -> Option<Access> {
        if self.ended_tokens.contains_key(token) {
            return None;
        }
        if let Some(name) = token.strip_prefix(USER_TOKEN) {
            return self.access_of(name);
        }
        self.unsealed("token", token.strip_prefix(TOKEN)?)
    }

    /// What a user's own token stands for.
    fn access_of(&self, name: &str) -> Option<Access> {
        let user = OAuthUserInfo::from_hub(self.users.by_name(name)?)?;
        let scope = self.rules.token_scope.clone();
        let access = Access { user: name.to_owned(), scope, without_orgs: Vec::new() };
        self.rules.let_in(&user).then_some(access)
    }

    fn sealed(&self, kind: &str, lifetime: Duration, what: impl Serialize) -> String {
        let end = Utc::now() + TimeDelta::from_std(lifetime).unwrap_or_default();
        let until =
            serde_json::to_string(&Until(end.timestamp(), what)).expect("texts and a number");
        seal(&self.key, kind, until)
    }

    fn unsealed<T: DeserializeOwned>(&self, kind: &str, value: &str) -> Option<T> {
        let until = unseal(&self.key, kind, value)?;
        let Until(end, what) = serde_json::from_str(until.value()).ok()?;
        (end > Utc::now().timestamp()).then_some(what)
    }
}

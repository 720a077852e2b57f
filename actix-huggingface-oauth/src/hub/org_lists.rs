//! The organizations of those who are signed in, in memory: bounded in bytes, asked of the Hub once
//! for all requests that wait, and no longer believed after ten minutes.

use std::time::{Duration, Instant};

use moka::Expiry;
use moka::future::Cache;
use oauth2::AccessToken;

use super::{HubError, Provider, TokenHash};
use crate::settings::Limits;
use crate::user::OAuthOrgs;

/// Bytes that an entry costs besides its list, roughly.
const OVERHEAD: u32 = 256;

/// What the Hub says of a sign-in.
#[derive(Clone)]
pub enum OrgList {
    /// The token holds, as far as is known; these are the user's organizations.
    Of(OAuthOrgs),
    /// The Hub does not accept the token, or it belongs to another user.
    TokenRevoked,
}

/// The organizations of those who are signed in, by the hash of the access token.
pub struct OrgLists {
    lists: Cache<TokenHash, OrgList>,
    read_timeout: Duration,
}

impl OrgLists {
    pub fn new(limits: &Limits) -> Self {
        let lists = Cache::builder()
            .max_capacity(limits.orgs_memory)
            .weigher(|_, list| weight(list))
            .expire_after(TimeToLive { answered: limits.orgs_fresh, failed: limits.orgs_retry })
            .build();
        Self { lists, read_timeout: limits.read_orgs }
    }

    /// Keeps what came with the user info of a sign-in, within the bound.
    pub async fn insert(&self, access_token: &AccessToken, orgs: OAuthOrgs) {
        self.lists.insert(TokenHash::of(access_token), OrgList::Of(orgs)).await;
        self.lists.run_pending_tasks().await;
    }

    /// The organizations of the user `sub` with this token, from memory or from the Hub.
    pub async fn of(
        &self,
        hash: TokenHash,
        access_token: &AccessToken,
        sub: &str,
        provider: &Provider,
    ) -> OrgList {
        match self.lists.get(&hash).await {
            Some(list) => list,
            // Apart, so that what mostly need not be asked takes no room in each request.
            None => {
                Box::pin(self.lists.get_with(hash, self.read(access_token, sub, provider))).await
            }
        }
    }

    async fn read(&self, access_token: &AccessToken, sub: &str, provider: &Provider) -> OrgList {
        let user_info = tokio::time::timeout(self.read_timeout, provider.user_info(access_token));
        match user_info.await.unwrap_or(Err(HubError::Timeout)) {
            Ok(user) if user.sub != sub => OrgList::TokenRevoked,
            Ok(user) => OrgList::Of(user.orgs),
            Err(HubError::Unauthorized) => OrgList::TokenRevoked,
            Err(error) => {
                tracing::warn!(
                    error = &error as &dyn std::error::Error,
                    "organizations are unknown"
                );
                OrgList::Of(OAuthOrgs::Unknown)
            }
        }
    }
}

struct TimeToLive {
    answered: Duration,
    failed: Duration,
}

impl Expiry<TokenHash, OrgList> for TimeToLive {
    fn expire_after_create(&self, _: &TokenHash, list: &OrgList, _: Instant) -> Option<Duration> {
        Some(match list {
            OrgList::Of(OAuthOrgs::Unknown) => self.failed,
            OrgList::Of(_) | OrgList::TokenRevoked => self.answered,
        })
    }

    fn expire_after_update(
        &self,
        key: &TokenHash,
        list: &OrgList,
        now: Instant,
        _: Option<Duration>,
    ) -> Option<Duration> {
        self.expire_after_create(key, list, now)
    }
}

fn weight(list: &OrgList) -> u32 {
    match list {
        OrgList::Of(orgs) => weight_of(orgs),
        OrgList::TokenRevoked => OVERHEAD,
    }
}

/// Bytes in memory, rather too many than too few: the structs, the JSON for the texts in them and what allocating each of
/// them costs, and the JSON once more, since it is kept when it was asked for.
pub fn weight_of(orgs: &OAuthOrgs) -> u32 {
    let bytes = match orgs {
        OAuthOrgs::Known(orgs) => {
            size_of_val(&**orgs) + 2 * serde_json::to_vec(&**orgs).map_or(0, |json| json.len())
        }
        OAuthOrgs::NotTold | OAuthOrgs::Unknown => 0,
    };
    u32::try_from(bytes).unwrap_or(u32::MAX).saturating_add(OVERHEAD)
}

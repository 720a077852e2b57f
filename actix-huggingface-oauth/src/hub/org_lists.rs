//! The organizations of those who are signed in, in memory: bounded in bytes, asked of the Hub once
//! for all requests that wait, and no longer believed after ten minutes.

use std::sync::Arc;
use std::time::{Duration, Instant};

use moka::Expiry;
use moka::future::Cache;
use oauth2::AccessToken;
use sha2::{Digest, Sha256};

use super::provider::Provider;
use super::{HubError, Limits, OAuthInfo, OAuthOrgInfo};

/// Bytes that an entry costs besides its list, roughly.
const OVERHEAD: usize = 256;

/// What is known of a user's organizations.
#[derive(Clone)]
pub enum OrgList {
    /// As the Hub told them.
    Known(Arc<[OAuthOrgInfo]>),
    /// The Hub does not answer, or does not tell them to this app.
    Unknown,
    /// The Hub says that the token does not hold, or belongs to somebody else.
    SignInEnded,
}

/// The organizations of those who are signed in, by the hash of the access token.
pub struct OrgLists {
    lists: Cache<[u8; 32], OrgList>,
    time_to_read: Duration,
}

impl OrgLists {
    pub fn new(limits: &Limits) -> Self {
        let lists = Cache::builder()
            .max_capacity(limits.orgs_memory)
            .weigher(|_, list| weight(list))
            .expire_after(TimeToLive { known: limits.orgs_fresh, unknown: limits.orgs_retry })
            .build();
        Self { lists, time_to_read: limits.read_orgs }
    }

    /// Keeps what came with the user info of a sign-in, within the bound.
    pub async fn insert(&self, access_token: &AccessToken, orgs: Option<Arc<[OAuthOrgInfo]>>) {
        self.lists.insert(key(access_token), orgs.map_or(OrgList::Unknown, OrgList::Known)).await;
        self.lists.run_pending_tasks().await;
    }

    /// The organizations of one who is signed in, from memory or from the Hub.
    pub async fn of(&self, info: &OAuthInfo, provider: &Provider) -> OrgList {
        self.lists.get_with(key(&info.access_token), self.read(info, provider)).await
    }

    async fn read(&self, info: &OAuthInfo, provider: &Provider) -> OrgList {
        let user_info =
            tokio::time::timeout(self.time_to_read, provider.user_info(&info.access_token));
        match user_info.await.unwrap_or(Err(HubError::Timeout)) {
            Ok(user) if user.sub != info.user_info.sub => OrgList::SignInEnded,
            Ok(user) => user.orgs.map_or(OrgList::Unknown, OrgList::Known),
            Err(HubError::Unauthorized) => OrgList::SignInEnded,
            Err(error) => {
                tracing::warn!(
                    error = &error as &dyn std::error::Error,
                    "organizations are unknown"
                );
                OrgList::Unknown
            }
        }
    }
}

struct TimeToLive {
    known: Duration,
    unknown: Duration,
}

impl Expiry<[u8; 32], OrgList> for TimeToLive {
    fn expire_after_create(&self, _: &[u8; 32], list: &OrgList, _: Instant) -> Option<Duration> {
        Some(match list {
            OrgList::Known(_) | OrgList::SignInEnded => self.known,
            OrgList::Unknown => self.unknown,
        })
    }

    fn expire_after_update(
        &self,
        key: &[u8; 32],
        list: &OrgList,
        now: Instant,
        _: Option<Duration>,
    ) -> Option<Duration> {
        self.expire_after_create(key, list, now)
    }
}

/// Only a hash is kept, so that a dump of the memory of this cache holds no token.
fn key(access_token: &AccessToken) -> [u8; 32] {
    Sha256::digest(access_token.secret()).into()
}

/// Bytes in memory, rather too many than too few: the structs, and the JSON for the texts in them and what allocating
/// each of them costs.
fn weight(list: &OrgList) -> u32 {
    let bytes = match list {
        OrgList::Known(orgs) => {
            size_of_val(&**orgs) + serde_json::to_vec(orgs).map_or(0, |json| json.len())
        }
        OrgList::Unknown | OrgList::SignInEnded => 0,
    };
    u32::try_from(bytes + OVERHEAD).unwrap_or(u32::MAX)
}

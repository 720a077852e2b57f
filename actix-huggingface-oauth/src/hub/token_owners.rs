//! Whose the bearer tokens of programs are, in memory: asked of the Hub once for all requests that wait, within bounds, so
//! that whoever makes up tokens costs the Hub little and everybody else nothing.

use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use moka::Expiry;
use moka::future::Cache;
use moka::policy::EvictionPolicy;
use oauth2::AccessToken;
use tokio::sync::Semaphore;
use tokio::time::timeout;

use super::org_lists::weight_of;
use super::questions::Questions;
use super::whoami::whoami;
use super::{HubError, Provider, TokenHash};
use crate::settings::Limits;
use crate::user::OAuthUserInfo;

/// How many refused tokens are remembered; the oldest give way.
const MAX_REFUSED: u64 = 10_000;

/// How many tokens are remembered that the Hub has accepted; the oldest give way.
const MAX_KNOWN: u64 = 10_000;

/// When to try again where the Hub does not answer.
const RETRY_AFTER: Duration = Duration::from_secs(30);

/// Whose a token is, as the Hub says.
#[derive(Clone)]
pub struct TokenOwner {
    pub user: OAuthUserInfo,
    /// Whether the token may do more than read, as far as the Hub tells.
    pub may_write: bool,
}

/// Why it is not known whose a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotTold {
    /// The Hub does not accept it.
    Refused,
    /// The Hub did not answer, or was asked too often.
    Unchecked { retry_after: Duration },
}

/// The owners of bearer tokens, by the token's hash.
pub struct TokenOwners {
    accepted: Cache<TokenHash, (TokenOwner, DateTime<Utc>)>,
    /// A cache of their own, so that a flood of them evicts nobody.
    refused: Cache<TokenHash, ()>,
    /// Those that the Hub has accepted before. They are asked for again whatever is asked for besides.
    known: Cache<TokenHash, ()>,
    questions: Questions,
    known_at_once: Semaphore,
    time: Duration,
}

impl TokenOwners {
    pub fn new(limits: &Limits) -> Self {
        let at_once = limits.bearer_questions_at_once;
        Self {
            accepted: Cache::builder()
                .max_capacity(limits.bearers_memory)
                .weigher(|_, (owner, _): &(TokenOwner, _)| weight_of(&owner.user.orgs))
                .expire_after(AtTheirEnd { fresh: limits.bearer_fresh })
                .build(),
            refused: Cache::builder()
                .max_capacity(MAX_REFUSED)
                .eviction_policy(EvictionPolicy::lru())
                .time_to_live(limits.bearer_retry)
                .build(),
            known: Cache::builder()
                .max_capacity(MAX_KNOWN)
                .eviction_policy(EvictionPolicy::lru())
                .build(),
            questions: Questions::new(limits.bearer_questions, limits.bearer_window, at_once),
            known_at_once: Semaphore::new(at_once.min(Semaphore::MAX_PERMITS)),
            time: limits.read_bearer,
        }
    }

    /// The owner of a token of an OAuth app, which ends at `end`.
    ///
    /// # Errors
    /// [`NotTold`].
    pub async fn of_app_token(
        &self,
        token: &AccessToken,
        end: DateTime<Utc>,
        provider: &Provider,
    ) -> Result<TokenOwner, NotTold> {
        let question = async {
            let user = provider.user_info(token).await?;
            // Its scopes say what it may do; no role of its own narrows that.
            Ok(TokenOwner { user, may_write: true })
        };
        self.of(token, end, question).await
    }

    /// The owner of a personal access token.
    ///
    /// # Errors
    /// [`NotTold`].
    pub async fn of_personal_token(
        &self,
        token: &AccessToken,
        provider: &Provider,
    ) -> Result<TokenOwner, NotTold> {
        let question = async {
            let (user, may_write) = whoami(provider, token).await?;
            Ok(TokenOwner { user, may_write })
        };
        self.of(token, DateTime::<Utc>::MAX_UTC, question).await
    }

    async fn of(
        &self,
        token: &AccessToken,
        end: DateTime<Utc>,
        question: impl Future<Output = Result<TokenOwner, HubError>>,
    ) -> Result<TokenOwner, NotTold> {
        let hash = TokenHash::of(token);
        let asked = async {
            // Whoever waited behind a refusal finds it here.
            if self.refused.contains_key(&hash) {
                return Err(NotTold::Refused);
            }
            let answer = self.ask(hash, question).await;
            match answer {
                Ok(_) => self.known.insert(hash, ()).await,
                Err(NotTold::Refused) => {
                    self.known.invalidate(&hash).await;
                    self.refused.insert(hash, ()).await;
                }
                Err(NotTold::Unchecked { .. }) => {}
            }
            answer.map(|owner| (owner, end))
        };
        let (owner, _) = self.accepted.try_get_with(hash, asked).await.map_err(|error| *error)?;
        Ok(owner)
    }

    async fn ask(
        &self,
        hash: TokenHash,
        question: impl Future<Output = Result<TokenOwner, HubError>>,
    ) -> Result<TokenOwner, NotTold> {
        let is_known = self.known.contains_key(&hash);
        let begun = (!is_known).then(|| self.questions.begin()).transpose();
        let _unknown = begun.map_err(|retry_after| NotTold::Unchecked { retry_after })?;
        let asked = timeout(self.time, async {
            let _known = if is_known { self.known_at_once.acquire().await.ok() } else { None };
            question.await
        });
        match asked.await.unwrap_or(Err(HubError::Timeout)) {
            Ok(owner) => Ok(owner),
            Err(HubError::Unauthorized) => Err(NotTold::Refused),
            Err(HubError::Failed(status)) if matches!(status.as_u16(), 400 | 403) => {
                Err(NotTold::Refused)
            }
            Err(error) => {
                let error = &error as &dyn std::error::Error;
                tracing::warn!(error, "it is unknown whose a bearer token is");
                Err(NotTold::Unchecked { retry_after: RETRY_AFTER })
            }
        }
    }
}

struct AtTheirEnd {
    fresh: Duration,
}

impl Expiry<TokenHash, (TokenOwner, DateTime<Utc>)> for AtTheirEnd {
    fn expire_after_create(
        &self,
        _: &TokenHash,
        (_, end): &(TokenOwner, DateTime<Utc>),
        _: Instant,
    ) -> Option<Duration> {
        let left = (*end - Utc::now()).to_std().unwrap_or_default();
        Some(left.min(self.fresh))
    }

    fn expire_after_update(
        &self,
        hash: &TokenHash,
        owner: &(TokenOwner, DateTime<Utc>),
        now: Instant,
        _: Option<Duration>,
    ) -> Option<Duration> {
        self.expire_after_create(hash, owner, now)
    }
}

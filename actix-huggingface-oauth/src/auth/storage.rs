//! Where actix-session keeps the sessions. The sign-in is kept with the app's own state, alone where a cookie would hold
//! nothing else, and apart from it while a request is answered; and what goes wrong becomes a page, where actix-session has
//! an answer without one.

use std::collections::HashMap;
use std::rc::Rc;

use actix_session::storage::{
    CookieSessionStore, LoadError, SaveError, SessionKey, SessionStore, UpdateError,
};
use actix_web::cookie::Key;
use actix_web::cookie::time::Duration;
use chrono::{DateTime, Utc};

use super::StoredOAuthInfo;
use super::cookies::SESSION;
use super::current::{CurrentSignIn, OAUTH_INFO, SessionTrouble};
#[cfg(feature = "redis")]
use super::redis::Redis;
use crate::request::sealed::unseal;

type SessionState = HashMap<String, String>;

/// Where sessions are kept.
#[derive(Clone)]
pub enum SessionStorage {
    /// In the visitors' cookies.
    Cookies,
    /// In Redis; a cookie holds no more than the key.
    #[cfg(feature = "redis")]
    Redis(Redis),
}

#[cfg_attr(
    not(feature = "redis"),
    expect(
        unused_variables,
        clippy::unused_async,
        reason = "a cookie has no key and nothing to wait for"
    )
)]
impl SessionStorage {
    /// Keeps the state of the session, with the sign-in, for as long as the sign-in holds.
    async fn keep(
        &self,
        current: &CurrentSignIn,
        key: Option<SessionKey>,
        mut state: SessionState,
        time_to_live: &Duration,
    ) -> Result<SessionKey, SessionTrouble> {
        state.remove(OAUTH_INFO);
        let mut time_to_live = *time_to_live;
        if let Some(stored) = current.stored() {
            let left = (stored.expires_at() - Utc::now()).num_seconds();
            time_to_live = Duration::seconds(left.max(1));
            let sign_in = stored.to_json();
            if matches!(self, Self::Cookies) && state.is_empty() {
                // Without a state around it, which would have to be read with every request.
                return SessionKey::try_from(sign_in).map_err(|_| SessionTrouble::TooLarge);
            }
            state.insert(OAUTH_INFO.to_owned(), sign_in);
        }
        match self {
            Self::Cookies => CookieSessionStore::default()
                .save(state, &time_to_live)
                .await
                .map_err(|_| SessionTrouble::TooLarge),
            #[cfg(feature = "redis")]
            Self::Redis(redis) => {
                redis.keep(key, state, &time_to_live).await.map_err(SessionTrouble::from)
            }
        }
    }

    /// Of several session cookies the one whose sign-in ends last; the first where none can be read.
    pub async fn latest_of<'a>(&self, values: &[&'a str], key: &Key) -> &'a str {
        let mut latest = (None, values[0]);
        for value in values {
            let end = self.end_of(value, key).await;
            if end > latest.0 {
                latest = (end, value);
            }
        }
        latest.1
    }

    /// When the sign-in behind a session cookie ends; the beginning of time for a session without one, `None` where the
    /// cookie cannot be read.
    async fn end_of(&self, value: &str, key: &Key) -> Option<DateTime<Utc>> {
        let key = unseal(key, SESSION, value)?.value().to_owned();
        let key = SessionKey::try_from(key).ok()?;
        let current = Rc::new(CurrentSignIn::default());
        current.scope(self.load(&key)).await.ok()??;
        Some(current.stored().map_or(DateTime::UNIX_EPOCH, |stored| stored.expires_at()))
    }

    /// The sign-in of a session cookie that holds nothing else.
    pub fn sign_in_alone(&self, value: &str, key: &Key) -> Option<StoredOAuthInfo> {
        match self {
            Self::Cookies => StoredOAuthInfo::from_json(unseal(key, SESSION, value)?.value()),
            #[cfg(feature = "redis")]
            Self::Redis(_) => None,
        }
    }

    async fn forget(&self, key: &SessionKey) -> Result<(), SessionTrouble> {
        match self {
            Self::Cookies => Ok(()),
            #[cfg(feature = "redis")]
            Self::Redis(redis) => redis.forget(key).await.map_err(SessionTrouble::from),
        }
    }

    /// [`Self::keep`], as long as all is well. What is given where it is not reaches nobody.
    async fn keep_if_well(
        &self,
        key: Option<SessionKey>,
        state: SessionState,
        time_to_live: &Duration,
    ) -> SessionKey {
        let current = CurrentSignIn::of_task();
        if current.trouble().is_none() {
            match self.keep(&current, key, state, time_to_live).await {
                Ok(key) => return key,
                Err(trouble) => current.fail(trouble),
            }
        }
        SessionKey::try_from(String::new()).expect("it is short")
    }
}

impl SessionStore for SessionStorage {
    async fn load(&self, key: &SessionKey) -> Result<Option<SessionState>, LoadError> {
        let mut state = match self {
            Self::Cookies => match StoredOAuthInfo::from_json(key.as_ref()) {
                Some(stored) => {
                    CurrentSignIn::of_task().loaded(stored);
                    Some(SessionState::new())
                }
                None => CookieSessionStore::default().load(key).await?,
            },
            #[cfg(feature = "redis")]
            Self::Redis(redis) => {
                let Ok(state) = redis.load(key).await else {
                    CurrentSignIn::of_task().fail(SessionTrouble::Unavailable);
                    return Ok(Some(SessionState::new()));
                };
                state?
            }
        };
        if let Some(stored) = state.as_mut().and_then(|state| state.remove(OAUTH_INFO))
            && let Some(stored) = StoredOAuthInfo::from_json(&stored)
        {
            CurrentSignIn::of_task().loaded(stored);
        }
        Ok(state)
    }

    async fn save(
        &self,
        state: SessionState,
        time_to_live: &Duration,
    ) -> Result<SessionKey, SaveError> {
        let key = self.keep_if_well(None, state, time_to_live).await;
        let current = CurrentSignIn::of_task();
        if let Some(replaced) = current.take_replaced()
            && current.trouble().is_none()
            && let Err(trouble) = self.forget(&replaced).await
        {
            current.fail(trouble);
        }
        Ok(key)
    }

    async fn update(
        &self,
        key: SessionKey,
        state: SessionState,
        time_to_live: &Duration,
    ) -> Result<SessionKey, UpdateError> {
        Ok(self.keep_if_well(Some(key), state, time_to_live).await)
    }

    /// Nothing: a session ends with the token, however often it is used.
    async fn update_ttl(&self, _: &SessionKey, _: &Duration) -> anyhow::Result<()> {
        Ok(())
    }

    /// A session that is renewed goes only when it is kept under its new key.
    async fn delete(&self, key: &SessionKey) -> anyhow::Result<()> {
        let current = CurrentSignIn::of_task();
        if current.trouble().is_some() {
            return Ok(());
        }
        if current.renews() {
            current.replace_later(SessionKey::try_from(key.as_ref().to_owned())?);
        } else if let Err(trouble) = self.forget(key).await {
            current.fail(trouble);
        }
        Ok(())
    }
}

//! Logins, handoffs and revoked tokens in Redis. Values are sealed, each for its key; keys are hashes of what only cookies hold,
//! behind one hash tag, so that a cluster has them all on one node.

use std::time::Duration;

use actix_web::cookie::Key;
use chrono::{DateTime, Utc};
use redis::Pipeline;
use serde::Deserialize;
use sha2::{Digest, Sha256};

use super::connection::RedisConnection;
use crate::auth::{AuthKeys, AuthRecord, LoginId, StoreUnavailable, time_left};
use crate::hub::TokenHash;
use crate::request::sealed::{seal, unseal};
use crate::settings::RedisUrl;

/// Number of the format of [`Reference`].
const FORMAT: u8 = 2;

/// Redis, as all workers share it.
#[derive(Clone)]
pub struct Redis {
    connection: RedisConnection,
    /// Prefix of this app's keys, which may share Redis with others.
    namespace: String,
    key: Key,
}

/// What cookies and handoffs hold of a login in Redis, as a list.
#[derive(Deserialize)]
pub struct Reference {
    format: u8,
    pub login_id: LoginId,
    token_hash: String,
    sub: String,
    /// Milliseconds of the Unix epoch.
    logged_in_at: i64,
    /// Seconds of the Unix epoch.
    expires_at: i64,
}

impl Redis {
    /// # Errors
    /// The system's certificates cannot be read.
    pub fn new(url: RedisUrl, keys: &AuthKeys) -> Result<Self, rustls::Error> {
        let connection = RedisConnection::new(url)?;
        Ok(Self { connection, namespace: keys.namespace.clone(), key: keys.stored.clone() })
    }

    /// The login; `None` if it ended, expired or was evicted, or if its token was revoked.
    ///
    /// # Errors
    /// [`StoreUnavailable`].
    pub async fn load(&self, of: &Reference) -> Result<Option<AuthRecord>, StoreUnavailable> {
        let login = self.login(&of.login_id);
        let mut read = redis::pipe();
        let revoked = [self.revoked_token(&of.token_hash), self.revoked_user(&of.sub)];
        read.cmd("MGET").arg(&login).arg(&revoked);
        let ((record, token, user),): ((Option<String>, Option<String>, Option<i64>),) =
            self.connection.read(&read).await?;
        if token.is_some() || user.is_some_and(|revoked_at| of.logged_in_at <= revoked_at) {
            return Ok(None);
        }
        let record = record.and_then(|record| unseal(&self.key, &login, &record));
        let record = record.and_then(|record| AuthRecord::from_json(record.value()));
        Ok(record.filter(|record| hex(record.token_hash()) == of.token_hash))
    }

    /// Stores a login until its token expires, for the iframe with this challenge too: both or none. Deletes those that it
    /// replaces after that: if the response is lost, the browser keeps one of them.
    ///
    /// # Errors
    /// [`StoreUnavailable`].
    pub async fn save<'a>(
        &self,
        record: &AuthRecord,
        replaced: impl Iterator<Item = &'a LoginId>,
        handoff: Option<(&str, Duration)>,
    ) -> Result<(), StoreUnavailable> {
        let mut write = redis::pipe();
        write.atomic();
        let time = time_left(record.expires_at());
        self.set(&mut write, &self.login(&record.login_id), record.to_json(), time);
        if let Some((challenge, time)) = handoff {
            let reference = Reference::to(record).to_json();
            self.set(&mut write, &self.handoff(challenge), reference, time);
        }
        self.connection.write::<()>(&write).await?;
        for login_id in replaced {
            // It expires with its token otherwise.
            let _ = self.end(login_id).await;
        }
        Ok(())
    }

    /// Deletes a login.
    ///
    /// # Errors
    /// [`StoreUnavailable`].
    pub async fn end(&self, login_id: &LoginId) -> Result<(), StoreUnavailable> {
        let mut write = redis::pipe();
        write.del(self.login(login_id)).ignore();
        self.connection.write(&write).await
    }

    /// The login for the iframe with this challenge, once.
    ///
    /// # Errors
    /// [`StoreUnavailable`].
    pub async fn redeem(&self, challenge: &str) -> Result<Option<AuthRecord>, StoreUnavailable> {
        let handoff = self.handoff(challenge);
        let mut take = redis::pipe();
        take.get_del(&handoff);
        let (sealed,): (Option<String>,) = self.connection.write(&take).await?;
        let reference = sealed.and_then(|sealed| unseal(&self.key, &handoff, &sealed));
        match reference.and_then(|reference| Reference::from_json(reference.value())) {
            Some(reference) => self.load(&reference).await,
            None => Ok(None),
        }
    }

    /// Revokes a token for `time`. A write that is delayed is still true when it is executed.
    ///
    /// # Errors
    /// [`StoreUnavailable`].
    pub async fn revoke_token(
        &self,
        hash: TokenHash,
        time: Duration,
    ) -> Result<(), StoreUnavailable> {
        let mut write = redis::pipe();
        write.set_ex(self.revoked_token(&hex(hash)), "", seconds(time)).ignore();
        self.connection.write(&write).await
    }

    /// Revokes the logins of a user up to now, for `time`.
    ///
    /// # Errors
    /// [`StoreUnavailable`].
    pub async fn revoke_user(&self, sub: &str, time: Duration) -> Result<(), StoreUnavailable> {
        let now = Utc::now().timestamp_millis();
        let mut write = redis::pipe();
        write.set_ex(self.revoked_user(sub), now, seconds(time)).ignore();
        self.connection.write(&write).await
    }

    /// # Errors
    /// [`StoreUnavailable`].
    pub async fn is_token_revoked(&self, hash: TokenHash) -> Result<bool, StoreUnavailable> {
        let mut read = redis::pipe();
        read.exists(self.revoked_token(&hex(hash)));
        let (is_revoked,) = self.connection.read(&read).await?;
        Ok(is_revoked)
    }

    fn set(&self, write: &mut Pipeline, key: &str, value: String, time: Duration) {
        write.set_ex(key, seal(&self.key, key, value), seconds(time)).ignore();
    }

    fn login(&self, login_id: &LoginId) -> String {
        self.key_of("login", &sha256(login_id.as_str()))
    }

    fn handoff(&self, challenge: &str) -> String {
        self.key_of("handoff", challenge)
    }

    fn revoked_token(&self, hash: &str) -> String {
        self.key_of("revoked-token", hash)
    }

    fn revoked_user(&self, sub: &str) -> String {
        self.key_of("revoked-user", &sha256(sub))
    }

    fn key_of(&self, kind: &str, id: &str) -> String {
        format!("{{{}}}:{kind}:{id}", self.namespace)
    }
}

impl Reference {
    pub fn to(record: &AuthRecord) -> Self {
        Self {
            format: FORMAT,
            login_id: record.login_id.clone(),
            token_hash: hex(record.token_hash()),
            sub: record.sub().to_owned(),
            logged_in_at: record.logged_in_at.timestamp_millis(),
            expires_at: record.expires_at().timestamp(),
        }
    }

    pub fn to_json(&self) -> String {
        let Self { format, login_id, token_hash, sub, logged_in_at, expires_at } = self;
        serde_json::to_string(&(format, login_id, token_hash, sub, logged_in_at, expires_at))
            .expect("texts and numbers")
    }

    /// `None` if it is malformed or has another format.
    pub fn from_json(json: &str) -> Option<Self> {
        serde_json::from_str(json).ok().filter(|reference: &Self| reference.format == FORMAT)
    }

    pub fn logged_in_at(&self) -> Option<DateTime<Utc>> {
        DateTime::from_timestamp_millis(self.logged_in_at)
    }

    pub fn expires_at(&self) -> Option<DateTime<Utc>> {
        DateTime::from_timestamp(self.expires_at, 0)
    }
}

fn sha256(text: &str) -> String {
    format!("{:x}", Sha256::digest(text))
}

fn hex(hash: TokenHash) -> String {
    format!("{hash:x}")
}

/// Whole seconds, at least one.
fn seconds(time: Duration) -> u64 {
    time.as_secs().max(1)
}

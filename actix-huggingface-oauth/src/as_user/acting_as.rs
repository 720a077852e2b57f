//! For whom the Hub is called, and what it means for them when it refuses.

use std::error::Error;
use std::time::Duration;

use actix_web::http::StatusCode;
use chrono::{DateTime, Utc};
use oauth2::AccessToken;
use tokio::time::timeout;

use super::HubCallError;
use crate::hub::{HubError, TokenHash};
use crate::oauth::HuggingFaceOAuth;
use crate::settings::Limits;
use crate::user::{OAuthInfo, Refusal};

/// When to try again where a Hub that is busy does not say.
const RETRY_AFTER: Duration = Duration::from_secs(30);

/// One who is signed in, for whom the Hub is called.
#[derive(Clone)]
pub struct ActingAs {
    pub oauth: HuggingFaceOAuth,
    pub access_token: AccessToken,
    end: DateTime<Utc>,
    sub: String,
    /// What the Hub means where it says 403, if the user has not granted what the call needs.
    missing_scope: Option<Refusal>,
}

/// A refusal as the Hub sends it.
pub struct Refused {
    pub status: StatusCode,
    pub retry_after: Option<Duration>,
    pub reason: Option<String>,
}

impl ActingAs {
    /// # Errors
    /// Where the sign-in has ended: the Hub need not be asked.
    pub fn of(
        oauth: &HuggingFaceOAuth,
        info: &OAuthInfo,
        needs: Option<&str>,
    ) -> Result<Self, HubCallError> {
        let OAuthInfo { access_token, access_token_expires_at: end, user_info, .. } = info;
        let is_revoked =
            || oauth.shared.revocations.have_token_here(|| TokenHash::of(access_token));
        if *end <= Utc::now() || is_revoked() {
            return Err(Refusal::NotSignedIn.into());
        }
        Ok(Self {
            oauth: oauth.clone(),
            access_token: access_token.clone(),
            end: *end,
            sub: user_info.sub.clone(),
            missing_scope: needs.and_then(|scope| info.require_scope(scope).err()),
        })
    }

    pub fn limits(&self) -> &Limits {
        &self.oauth.shared.limits
    }

    /// What a refusal of the Hub means for the user.
    pub async fn refusal(&self, refused: Refused) -> HubCallError {
        let Refused { status, retry_after, reason } = refused;
        match status.as_u16() {
            401 => self.unauthorized(status, reason).await,
            402 => HubCallError::NoCredit,
            408 | 504 => HubCallError::Timeout,
            429 | 503 => {
                HubCallError::Busy { status, retry_after: retry_after.unwrap_or(RETRY_AFTER) }
            }
            400..=499 => match &self.missing_scope {
                Some(missing_scope) if status == StatusCode::FORBIDDEN => {
                    missing_scope.clone().into()
                }
                _ => HubCallError::RefusedByHub { status, reason },
            },
            _ => {
                tracing::warn!(%status, "the Hub failed at what this app asked as the user");
                HubCallError::Failed
            }
        }
    }

    /// The Hub says 401 for what is gated or missing, too. Only where it does so for the user info as well, the token has
    /// ended, and with it the sign-in.
    async fn unauthorized(&self, status: StatusCode, reason: Option<String>) -> HubCallError {
        let Some(provider) = &self.oauth.shared.provider else {
            return HubCallError::RefusedByHub { status, reason };
        };
        let user_info = timeout(self.limits().read_orgs, provider.user_info(&self.access_token));
        match user_info.await.unwrap_or(Err(HubError::Timeout)) {
            Ok(user) if user.sub == self.sub => HubCallError::RefusedByHub { status, reason },
            Ok(_) | Err(HubError::Unauthorized) => {
                self.oauth
                    .shared
                    .revocations
                    .revoke_token(TokenHash::of(&self.access_token), self.end)
                    .await;
                Refusal::NotSignedIn.into()
            }
            Err(HubError::Timeout) => HubCallError::Timeout,
            Err(HubError::Busy(status)) => HubCallError::Busy { status, retry_after: RETRY_AFTER },
            Err(error) => failed(&error),
        }
    }
}

/// What nobody but the Hub can do something about. The log says what it is.
pub fn failed(error: &(dyn Error + 'static)) -> HubCallError {
    tracing::warn!(error, "a call to the Hub as the user failed");
    HubCallError::Failed
}

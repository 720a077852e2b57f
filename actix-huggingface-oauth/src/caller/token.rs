//! Which tokens count, and for whom.

use std::sync::atomic::{AtomicBool, Ordering};

#[cfg(feature = "mock-hub")]
use chrono::TimeDelta;
use chrono::{DateTime, Utc};
use oauth2::AccessToken;

use super::Caller;
use super::claims::{self, Claims, NoClaims};
use crate::hub::{NotTold, Provider, TokenHash};
#[cfg(feature = "mock-hub")]
use crate::mock_hub;
use crate::oauth::HuggingFaceOAuth;
use crate::user::Refusal;

/// What a token of an OAuth app begins with.
const APP_TOKEN: &str = "hf_oauth_";

/// What a personal access token begins with; letters and digits follow.
const PERSONAL_TOKEN: &str = "hf_";

/// For how long a user's token of the mock Hub holds, as far as a handler sees: it has no end.
#[cfg(feature = "mock-hub")]
const MOCK_TOKEN_LIFETIME: TimeDelta = TimeDelta::hours(8);

/// Why tokens do not count that may well hold at the Hub. The log says each once: no program can do something about it, but
/// an owner may.
#[derive(Clone, Copy)]
enum NotForThis {
    NoJwt,
    NotSaid,
    OtherApp,
    OtherUser,
}

/// Whose a token is, where it counts here.
///
/// # Errors
/// [`Refusal::InvalidToken`], and [`Refusal::TokenUnchecked`] where nobody can tell.
pub async fn owner(token: &str, oauth: &HuggingFaceOAuth) -> Result<Caller, Refusal> {
    let provider = oauth.shared.provider.as_ref().ok_or(Refusal::InvalidToken)?;
    #[cfg(feature = "mock-hub")]
    if oauth.is_mocked() {
        // No token of a real account is of any use, or sent anywhere.
        return owner_at_mock_hub(token, oauth, provider).await;
    }
    if let Some(jwt) = token.strip_prefix(APP_TOKEN) {
        let claims = counting_claims(jwt, oauth, provider)?;
        return owner_of_app_token(token, claims, oauth, provider).await;
    }
    let letters = token.strip_prefix(PERSONAL_TOKEN).unwrap_or_default();
    let is_personal =
        !letters.is_empty() && letters.bytes().all(|byte| byte.is_ascii_alphanumeric());
    if !is_personal || !oauth.shared.bearer.lets_in_personal() {
        return Err(Refusal::InvalidToken);
    }
    let token = AccessToken::new(token.to_owned());
    let owner = oauth.shared.token_owners.of_personal_token(&token, provider).await;
    let owner = owner.map_err(refusal)?;
    Ok(Caller::of_personal_token(owner.user, owner.may_write))
}

/// The claims of a token that can count: a filter that costs the Hub nothing.
fn counting_claims(
    jwt: &str,
    oauth: &HuggingFaceOAuth,
    provider: &Provider,
) -> Result<Claims, Refusal> {
    let claims = claims::read(jwt).map_err(|reason| match reason {
        NoClaims::NoJwt => refused(NotForThis::NoJwt),
        NoClaims::NotSaid => refused(NotForThis::NotSaid),
    })?;
    let client_id = &claims.client_id;
    if client_id != provider.client_id() && !oauth.shared.bearer.lets_in_client(client_id) {
        return Err(refused(NotForThis::OtherApp));
    }
    if claims.end <= Utc::now() {
        return Err(Refusal::InvalidToken);
    }
    Ok(claims)
}

async fn owner_of_app_token(
    token: &str,
    claims: Claims,
    oauth: &HuggingFaceOAuth,
    provider: &Provider,
) -> Result<Caller, Refusal> {
    let Claims { sub, end, scope, .. } = claims;
    let caller = ask(token, end, scope, oauth, provider).await?;
    if caller.user_info.sub != sub {
        return Err(refused(NotForThis::OtherUser));
    }
    Ok(caller)
}

/// The user by whose name a token is called, as `hf_mock_pro`.
#[cfg(feature = "mock-hub")]
async fn owner_at_mock_hub(
    token: &str,
    oauth: &HuggingFaceOAuth,
    provider: &Provider,
) -> Result<Caller, Refusal> {
    if !token.starts_with(mock_hub::USER_TOKEN) {
        return Err(Refusal::InvalidToken);
    }
    let scope = provider.asked_scopes().to_owned();
    ask(token, Utc::now() + MOCK_TOKEN_LIFETIME, Some(scope), oauth, provider).await
}

/// What the Hub says of a token of an OAuth app, now or before.
async fn ask(
    token: &str,
    end: DateTime<Utc>,
    scope: Option<String>,
    oauth: &HuggingFaceOAuth,
    provider: &Provider,
) -> Result<Caller, Refusal> {
    let token = AccessToken::new(token.to_owned());
    let owner = oauth.shared.token_owners.of_app_token(&token, end, provider).await;
    let owner = owner.map_err(refusal)?;
    // As the Hub has said since, of a call as this user.
    if oauth.shared.revocations.have_token(TokenHash::of(&token)).await {
        return Err(Refusal::InvalidToken);
    }
    Ok(Caller::of_app_token(owner.user, token, end, scope))
}

fn refusal(reason: NotTold) -> Refusal {
    match reason {
        NotTold::Refused => Refusal::InvalidToken,
        NotTold::Unchecked { retry_after } => Refusal::TokenUnchecked { retry_after },
    }
}

/// Says once why such tokens do not count, without anything of one.
fn refused(reason: NotForThis) -> Refusal {
    static IS_SAID: [AtomicBool; 4] = [const { AtomicBool::new(false) }; 4];
    if !IS_SAID[reason as usize].swap(true, Ordering::Relaxed) {
        let reason = match reason {
            NotForThis::NoJwt => "it begins with hf_oauth_, and is no JWT after that",
            NotForThis::NotSaid => {
                "it does not say in oauthApp, sub and exp for which OAuth app it is, whose, and until when"
            }
            NotForThis::OtherApp => {
                "it was made for another OAuth app. OAuthSettings::bearer can let that app's in, by its client id"
            }
            NotForThis::OtherUser => "the Hub says that it is another user's than it says itself",
        };
        tracing::warn!(
            "a bearer token was refused: {reason}. Others like it are refused without a word"
        );
    }
    Refusal::InvalidToken
}

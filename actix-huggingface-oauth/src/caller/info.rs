//! Who calls, as a handler has it.

use chrono::{DateTime, Utc};
use oauth2::{AccessToken, CsrfToken};

use crate::user::{OAuthInfo, OAuthUserInfo, Refusal};

/// One who is signed in, or a program with a bearer token of somebody's. As a handler's argument it asks for one of both, and
/// answers 401 without; [`OAuthInfo`] never takes a bearer token.
///
/// Where a request sends `Authorization: Bearer …`, the token alone counts: with one that does not hold the answer is 401,
/// whatever cookie comes with it. As `Option<Caller>` that is nobody. Which tokens count says
/// [`OAuthSettings::bearer`](crate::OAuthSettings::bearer): by default those of this app's own OAuth app.
///
/// ```
/// use actix_huggingface_oauth::{Caller, Refusal};
///
/// async fn reports(caller: Caller) -> Result<String, Refusal> {
///     let organization = caller.user_info.member_of("my-organization", None)?;
///     Ok(format!("The reports of {}", organization.display_name()))
/// }
/// ```
///
/// `Debug` shows neither token nor state.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Caller {
    /// Who calls, or for whom a program does.
    pub user_info: OAuthUserInfo,
    credential: Credential,
}

/// With what one calls.
#[derive(Clone, Debug)]
enum Credential {
    Session(Grant),
    /// An access token of an OAuth app.
    AppToken(Grant),
    /// A personal access token.
    PersonalToken {
        may_write: bool,
    },
}

/// What an OAuth app was granted.
#[derive(Clone, Debug)]
struct Grant {
    access_token: AccessToken,
    end: DateTime<Utc>,
    state: Option<CsrfToken>,
    /// `None` where the token does not say it.
    scope: Option<String>,
}

impl Caller {
    /// One who is signed in.
    pub(super) fn of_session(info: OAuthInfo) -> Self {
        let (user_info, grant) = Grant::of(info);
        Self { user_info, credential: Credential::Session(grant) }
    }

    /// A program with an access token of an OAuth app.
    pub(super) fn of_app_token(
        user_info: OAuthUserInfo,
        access_token: AccessToken,
        end: DateTime<Utc>,
        scope: Option<String>,
    ) -> Self {
        let grant = Grant { access_token, end, state: None, scope };
        Self { user_info, credential: Credential::AppToken(grant) }
    }

    /// A program with a personal access token.
    pub(super) fn of_personal_token(user_info: OAuthUserInfo, may_write: bool) -> Self {
        Self { user_info, credential: Credential::PersonalToken { may_write } }
    }

    /// A program, in a test, with what would be a sign-in.
    #[cfg(feature = "test-util")]
    pub(super) fn in_test(info: OAuthInfo) -> Self {
        let (user_info, grant) = Grant::of(info);
        Self { user_info, credential: Credential::AppToken(grant) }
    }

    /// Whether a program calls with a bearer token, and nobody is signed in.
    #[must_use]
    pub fn is_by_bearer(&self) -> bool {
        !matches!(self.credential, Credential::Session(_))
    }

    /// The granted scopes, separated by spaces (RFC 6749 §3.3), where they are known: a personal access token has none, and
    /// another one may not tell.
    #[must_use]
    pub fn scope(&self) -> Option<&str> {
        self.grant()?.scope.as_deref()
    }

    /// When the access token ends, where it is one of an OAuth app.
    #[must_use]
    pub fn access_token_expires_at(&self) -> Option<DateTime<Utc>> {
        self.grant().map(|grant| grant.end)
    }

    /// Refuses one who has not granted a scope, as `inference-api`, and a personal access token always.
    ///
    /// # Errors
    /// [`Refusal::MissingScope`].
    pub fn require_scope(&self, scope: &str) -> Result<(), Refusal> {
        let mut granted = self.scope().unwrap_or_default().split_whitespace();
        if granted.any(|granted| granted == scope) {
            Ok(())
        } else {
            Err(Refusal::MissingScope { scope: scope.to_owned() })
        }
    }

    /// With what [`HubClient`](crate::HubClient) calls the Hub as this user; `None` with a personal access token, which was
    /// not made for that.
    #[must_use]
    pub fn to_oauth_info(&self) -> Option<OAuthInfo> {
        let Grant { access_token, end, state, scope } = self.grant()?.clone();
        Some(OAuthInfo {
            access_token,
            access_token_expires_at: end,
            user_info: self.user_info.clone(),
            state,
            scope: scope.unwrap_or_default(),
        })
    }

    /// Whether this is the owner of a Space, with a credential that may do what an owner does.
    ///
    /// # Errors
    /// [`Refusal`].
    pub(crate) fn owns_space_of(&self, owner: Option<&str>) -> Result<(), Refusal> {
        match self.credential {
            Credential::PersonalToken { may_write: false } => Err(Refusal::ReadOnlyToken),
            _ => self.user_info.owns_space_of(owner),
        }
    }

    fn grant(&self) -> Option<&Grant> {
        match &self.credential {
            Credential::Session(grant) | Credential::AppToken(grant) => Some(grant),
            Credential::PersonalToken { .. } => None,
        }
    }
}

impl Grant {
    fn of(info: OAuthInfo) -> (OAuthUserInfo, Self) {
        let OAuthInfo { access_token, access_token_expires_at: end, user_info, state, scope } =
            info;
        (user_info, Self { access_token, end, state, scope: Some(scope) })
    }
}

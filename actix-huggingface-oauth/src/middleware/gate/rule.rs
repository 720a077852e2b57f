//! Whom a gate lets in.

use std::sync::atomic::{AtomicBool, Ordering};

use actix_web::HttpRequest;

use crate::caller::{Caller, by_bearer, close_to_bearers, sends_bearer, set_session_aside};
use crate::extract::{parse_huggingface_oauth, signed_in_user};
use crate::oauth::HuggingFaceOAuth;
use crate::user::{OAuthInfo, OAuthOrgs, OAuthUserInfo, Refusal, Role, is_sub};

/// Whether the log says that no organizations are told.
static SAYS_NOT_TOLD: AtomicBool = AtomicBool::new(false);

/// Whom a gate lets in.
#[derive(Clone, Default)]
pub enum Rule {
    #[default]
    Everybody,
    SignedIn,
    Members {
        organizations: Vec<String>,
        at_least: Option<Role>,
    },
    SpaceOwner,
}

impl Rule {
    /// Why the one who sends a request is not let in; `None` where that one is. What is behind the gate then sees the one
    /// whom it let in: by a bearer token, or by a session.
    pub async fn refusal(
        &self,
        request: &HttpRequest,
        oauth: &HuggingFaceOAuth,
        or_bearer: bool,
    ) -> Option<Refusal> {
        if or_bearer && let Some(told) = by_bearer(request).await {
            let refusal = told.and_then(|caller| self.of_caller(&caller, oauth)).err();
            if refusal.is_none() {
                set_session_aside(request);
            }
            return refusal;
        }
        close_to_bearers(request);
        self.of_session(request, oauth).await
    }

    /// Why the one is not let in for whom a handler has run already. Whom it took for the one that calls, the session or a
    /// bearer token, nobody can tell any more.
    pub async fn refusal_too_late(
        &self,
        request: &HttpRequest,
        oauth: &HuggingFaceOAuth,
    ) -> Option<Refusal> {
        if sends_bearer(request) {
            return Some(Refusal::InvalidToken);
        }
        self.of_session(request, oauth).await
    }

    fn of_caller(&self, caller: &Caller, oauth: &HuggingFaceOAuth) -> Result<(), Refusal> {
        let user = &caller.user_info;
        match self {
            Self::Everybody | Self::SignedIn => Ok(()),
            Self::Members { organizations, at_least } => {
                told(user, user.member_of_any(&names_in(organizations), *at_least))
            }
            Self::SpaceOwner => {
                told(user, caller.owns_space_of(oauth.shared.space_owner.as_deref()))
            }
        }
    }

    async fn of_session(&self, request: &HttpRequest, oauth: &HuggingFaceOAuth) -> Option<Refusal> {
        let owner = oauth.shared.space_owner.as_deref();
        match self {
            Self::Everybody => None,
            Self::SignedIn => signed_in_user(request).is_none().then_some(Refusal::NotSignedIn),
            Self::Members { organizations, at_least } => {
                let names = names_in(organizations);
                let audience = members_of(&names);
                let is_let_in = |info: &OAuthInfo| info.user_info.member_of_any(&names, *at_least);
                refusal_by_organizations(request, audience, is_let_in).await
            }
            Self::SpaceOwner => {
                let user = signed_in_user(request);
                let name = user.and_then(|user| user.preferred_username);
                if let (Some(owner), Some(name)) = (owner, name)
                    && name.eq_ignore_ascii_case(owner)
                {
                    return None;
                }
                let audience = "the owner of this Space".to_owned();
                let is_let_in = |info: &OAuthInfo| info.user_info.owns_space_of(owner);
                refusal_by_organizations(request, audience, is_let_in).await
            }
        }
    }
}

fn names_in(organizations: &[String]) -> Vec<&str> {
    organizations.iter().map(String::as_str).collect()
}

/// The refusal where it takes the organizations to tell.
async fn refusal_by_organizations(
    request: &HttpRequest,
    audience: String,
    is_let_in: impl Fn(&OAuthInfo) -> Result<(), Refusal>,
) -> Option<Refusal> {
    let Some(info) = parse_huggingface_oauth(request).await else {
        return Some(Refusal::NotSignedInFor { audience });
    };
    told(&info.user_info, is_let_in(&info)).err()
}

/// Says once where a user is refused since the Hub tells no organizations.
fn told(user: &OAuthUserInfo, let_in: Result<(), Refusal>) -> Result<(), Refusal> {
    if matches!(user.orgs, OAuthOrgs::NotTold)
        && matches!(let_in, Err(Refusal::NotAMember { .. }))
        && !SAYS_NOT_TOLD.swap(true, Ordering::Relaxed)
    {
        tracing::warn!(
            "a gate lets no members in, since Hugging Face tells this app no organizations: add read-memberships to \
             hf_oauth_scopes in README.md"
        );
    }
    let_in
}

/// As a visitor reads it. A `sub` says nothing to anybody.
fn members_of(organizations: &[&str]) -> String {
    let names: Vec<&str> =
        organizations.iter().copied().filter(|organization| !is_sub(organization)).collect();
    if names.is_empty() {
        "members of one organization".to_owned()
    } else {
        format!("members of {}", names.join(" or "))
    }
}

//! Whom a gate lets in.

use std::sync::atomic::{AtomicBool, Ordering};

use actix_web::HttpRequest;

use crate::extract::{parse_huggingface_oauth, signed_in_user};
use crate::oauth::HuggingFaceOAuth;
use crate::user::{OAuthInfo, OAuthOrgs, Refusal, Role, is_sub};

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
    /// Why the one who sends a request is not let in; `None` where that one is.
    pub async fn refusal(
        &self,
        request: &HttpRequest,
        oauth: &HuggingFaceOAuth,
    ) -> Option<Refusal> {
        let owner = oauth.shared.space_owner.as_deref();
        match self {
            Self::Everybody => None,
            Self::SignedIn => signed_in_user(request).is_none().then_some(Refusal::NotSignedIn),
            Self::Members { organizations, at_least } => {
                let names: Vec<&str> = organizations.iter().map(String::as_str).collect();
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

/// The refusal where it takes the organizations to tell.
async fn refusal_by_organizations(
    request: &HttpRequest,
    audience: String,
    is_let_in: impl Fn(&OAuthInfo) -> Result<(), Refusal>,
) -> Option<Refusal> {
    let Some(info) = parse_huggingface_oauth(request).await else {
        return Some(Refusal::NotSignedInFor { audience });
    };
    let refusal = is_let_in(&info).err()?;
    if matches!(info.user_info.orgs, OAuthOrgs::NotTold)
        && matches!(refusal, Refusal::NotAMember { .. })
        && !SAYS_NOT_TOLD.swap(true, Ordering::Relaxed)
    {
        tracing::warn!(
            "a gate lets no members in, since Hugging Face tells this app no organizations: add read-memberships to \
             hf_oauth_scopes in README.md"
        );
    }
    Some(refusal)
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

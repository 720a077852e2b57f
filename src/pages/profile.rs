//! Everything that the Hub tells of the one who is signed in.

use actix_web::{HttpRequest, Responder};
use askama::Template;
use askama_web::WebTemplate;
use chrono::SecondsFormat;

use super::layout::{Badge, Layout, UserCard, web_link};
use crate::huggingface::{OAuthInfo, OAuthOrgInfo, OAuthUserInfo};

#[derive(Template, WebTemplate)]
#[template(path = "profile.html")]
struct ProfilePage {
    layout: Layout,
    card: UserCard,
    facts: Vec<Fact>,
    /// `None` where they are unknown at the moment.
    organizations: Option<Vec<OrganizationRow>>,
    scopes: Vec<String>,
    /// When the token ends, as RFC 3339.
    expires_at: String,
    /// The same for people.
    expires_text: String,
}

/// A line of user info.
struct Fact {
    term: &'static str,
    value: String,
    href: Option<String>,
}

/// A line of the table of organizations.
struct OrganizationRow {
    badge: Badge,
    url: Option<String>,
    role: String,
    plan: Option<String>,
    is_enterprise: bool,
    can_pay: Option<bool>,
    notices: Vec<Notice>,
}

/// Something that stands between the user and an organization, and what to do.
struct Notice {
    title: String,
    advice: &'static str,
    href: Option<String>,
}

pub async fn profile(request: HttpRequest, info: OAuthInfo) -> impl Responder {
    let user = &info.user_info;
    ProfilePage {
        layout: Layout::new(&request, Some(user)),
        card: UserCard::from(user),
        facts: facts(user),
        organizations: user.orgs.as_deref().map(|orgs| orgs.iter().map(organization_row).collect()),
        scopes: info.scope.split_whitespace().map(str::to_owned).collect(),
        expires_at: info.access_token_expires_at.to_rfc3339_opts(SecondsFormat::Secs, true),
        expires_text: info.access_token_expires_at.format("%-d %B %Y, %H:%M UTC").to_string(),
    }
}

fn facts(user: &OAuthUserInfo) -> Vec<Fact> {
    let text =
        |term, value: &Option<String>| value.clone().map(|value| Fact { term, value, href: None });
    let link = |term, value: &Option<String>| {
        value.clone().map(|value| Fact { term, href: web_link(value.clone()), value })
    };
    let yes_or_no = |term, value: Option<bool>| {
        value.map(|value| Fact {
            term,
            value: if value { "yes" } else { "no" }.to_owned(),
            href: None,
        })
    };
    [
        text("Subject identifier", &Some(user.sub.clone())),
        text("Username", &user.preferred_username),
        text("Name", &user.name),
        text("Email", &user.email),
        yes_or_no("Email verified", user.email_verified),
        link("Profile", &user.profile),
        link("Website", &user.website),
        yes_or_no("PRO", user.is_pro),
        yes_or_no("Payment method", user.can_pay),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn organization_row(org: &OAuthOrgInfo) -> OrganizationRow {
    let url = org.preferred_username.as_ref().map(|name| format!("https://huggingface.co/{name}"));
    let notices = org.pending_restrictions().into_iter().map(|restriction| {
        let (title, advice) = match restriction.as_str() {
            "sso" => {
                ("SSO pending", "Open the organization on the Hub and complete single sign-on.")
            }
            "mfa" => {
                ("Two-factor authentication missing", "Set it up in your settings on the Hub.")
            }
            "ip" => ("Network not allowed", "Connect from a network that the organization allows."),
            "token-policy" => {
                ("Token not allowed", "Ask an admin of the organization to allow this app.")
            }
            "token-revoked" => ("Token revoked", "Sign out here and sign in again."),
            other => (other, "Ask an admin of the organization."),
        };
        let href = match restriction.as_str() {
            "mfa" => Some("https://huggingface.co/settings/authentication".to_owned()),
            "sso" => url.clone(),
            _ => None,
        };
        Notice { title: title.to_owned(), advice, href }
    });
    OrganizationRow {
        badge: Badge::from(org),
        notices: notices.collect(),
        url,
        role: org.role_in_org.clone().unwrap_or_else(|| "—".to_owned()),
        plan: org.plan.clone(),
        is_enterprise: org.is_enterprise == Some(true),
        can_pay: org.can_pay,
    }
}

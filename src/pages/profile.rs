//! Everything that the Hub tells of the one who is signed in.

use actix_huggingface_oauth::{OAuthInfo, OAuthOrgInfo, OAuthOrgs, OAuthUserInfo};
use actix_web::{HttpRequest, Responder};
use askama::Template;
use askama_web::WebTemplate;
use chrono::{DateTime, SecondsFormat, Utc};

use super::layout::{Layout, web_link};

#[derive(Template, WebTemplate)]
#[template(path = "profile.html")]
struct ProfilePage {
    layout: Layout,
    user: OAuthUserInfo,
    scope: String,
    /// When the token ends.
    expires_at: DateTime<Utc>,
}

/// A line of user info.
struct Fact {
    term: &'static str,
    value: String,
    href: Option<String>,
}

pub async fn profile(request: HttpRequest, info: OAuthInfo) -> impl Responder {
    ProfilePage {
        layout: Layout::new(&request),
        user: info.user_info,
        scope: info.scope,
        expires_at: info.access_token_expires_at,
    }
}

fn facts(user: &OAuthUserInfo) -> Vec<Fact> {
    let text =
        |term, value: &Option<String>| value.clone().map(|value| Fact { term, value, href: None });
    let link = |term, value: &Option<String>| {
        value.clone().map(|value| Fact { term, href: web_link(&value).map(str::to_owned), value })
    };
    let yes_or_no = |term, value: Option<bool>| {
        value.map(|yes| Fact { term, value: if yes { "yes" } else { "no" }.to_owned(), href: None })
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

/// The organization's page on the Hub.
fn hub_page(org: &OAuthOrgInfo) -> Option<String> {
    org.preferred_username.as_ref().map(|name| format!("https://huggingface.co/{name}"))
}

/// What a restriction is called, and what to do about it.
fn advice(restriction: &str) -> (&str, &'static str) {
    match restriction {
        "sso" => ("SSO pending", "Open the organization on the Hub and complete single sign-on."),
        "mfa" => ("Two-factor authentication missing", "Set it up in your settings on the Hub."),
        "ip" => ("Network not allowed", "Connect from a network that the organization allows."),
        "token-policy" => {
            ("Token not allowed", "Ask an admin of the organization to allow this app.")
        }
        "token-revoked" => ("Token revoked", "Sign out here and sign in again."),
        other => (other, "Ask an admin of the organization."),
    }
}

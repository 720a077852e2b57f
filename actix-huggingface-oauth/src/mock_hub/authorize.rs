//! The authorization endpoint: whom to be, or to deny. RFC 6749 §4.1.1.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use askama::Template;
use oauth2::url::{Origin, Url};
use serde::Deserialize;

use super::hub::{CLIENT_ID, Grant, MockHub, MockRules, PATH};
use crate::pages::{Action, MessagePage, Site, respond, see_other};
use crate::request::Origins;
use crate::user::{OAuthOrgInfo, OAuthUserInfo};

/// Asks whom to be.
#[derive(Template)]
#[template(path = "consent.html")]
struct ConsentPage {
    site: Site,
    /// Where the form posts.
    action: String,
    scopes: Vec<String>,
    /// The authorization request, to be posted with the answer.
    fields: Vec<(&'static str, String)>,
    users: Vec<MockUser>,
    /// Scopes that can be left out.
    optional_scopes: Vec<String>,
    /// Organizations that can be left out, with the `sub` of each.
    optional_orgs: Vec<(String, String)>,
}

/// A user on the [`ConsentPage`].
struct MockUser {
    key: String,
    name: String,
    username: Option<String>,
    initials: String,
    picture: Option<String>,
    summary: String,
    /// Organizations, each with the role.
    orgs: Vec<String>,
    /// How many others there are.
    more_orgs: usize,
}

/// How many organizations of a user are shown.
const SHOWN_ORGS: usize = 2;

/// How many organizations can be left out one by one.
const MAX_OPTIONAL_ORGS: usize = 12;

/// Scopes that nobody can leave out.
const NEEDED_SCOPES: [&str; 2] = ["openid", "profile"];

fn membership(org: &OAuthOrgInfo) -> String {
    let role = org.role_in_org.as_deref().unwrap_or("role not told");
    format!("{}: {role}", org.display_name())
}

/// RFC 6749 §4.1.1, RFC 7636 §4.3, OpenID Connect Core 1.0 §3.1.2.1.
#[derive(Deserialize)]
pub struct AuthorizationRequest {
    response_type: String,
    client_id: String,
    redirect_uri: String,
    state: String,
    #[serde(default)]
    scope: String,
    code_challenge: String,
    code_challenge_method: String,
    prompt: Option<String>,
}

/// The consent page's answer.
#[derive(Deserialize)]
pub struct Consent {
    user: Option<String>,
    #[serde(flatten)]
    request: AuthorizationRequest,
}

impl AuthorizationRequest {
    /// The redirect URI, where the request is one that the Hub would accept.
    fn accepted(&self, origins: &Origins) -> Option<Url> {
        let accepted = self.response_type == "code"
            && self.client_id == CLIENT_ID
            && self.code_challenge_method == "S256";
        Url::parse(&self.redirect_uri).ok().filter(|url| accepted && origins.has(url))
    }
}

/// Shows the consent page, or signs in the user of `HF_MOCK_USER` at once.
pub async fn ask(
    hub: web::Data<MockHub>,
    query: Option<web::Query<AuthorizationRequest>>,
) -> HttpResponse {
    let Some((asked, redirect_uri)) = query.and_then(|query| {
        let redirect_uri = query.accepted(&hub.origins)?;
        Some((query.into_inner(), redirect_uri))
    }) else {
        return refuse(&hub);
    };
    let is_asked_again = asked.prompt.as_deref() == Some("consent");
    if let Some(user) = hub.users.signs_in().filter(|_| !is_asked_again) {
        return grant(&hub, user.to_owned(), asked, Vec::new(), redirect_uri);
    }
    let scopes: Vec<String> = asked.scope.split_whitespace().map(str::to_owned).collect();

    let page = ConsentPage {
        site: hub.site.clone(),
        action: format!("{PATH}/oauth/authorize"),
        optional_scopes: optional_scopes(&scopes),
        optional_orgs: optional_orgs(&hub),
        scopes,
        users: hub.users.all().map(|(key, user)| mock_user(key, &user, &hub.rules)).collect(),
        fields: vec![
            ("response_type", asked.response_type),
            ("client_id", asked.client_id),
            ("redirect_uri", asked.redirect_uri),
            ("state", asked.state),
            ("scope", asked.scope),
            ("code_challenge", asked.code_challenge),
            ("code_challenge_method", asked.code_challenge_method),
        ],
    };
    respond(&page, &policy(&redirect_uri.origin()), StatusCode::OK)
}

/// Sends the visitor back, with a code for the chosen user or with `access_denied`.
pub async fn answer(
    hub: web::Data<MockHub>,
    fields: Option<web::Form<Vec<(String, String)>>>,
) -> HttpResponse {
    let fields = fields.map(web::Form::into_inner).unwrap_or_default();
    let values = |wanted: &str| -> Vec<String> {
        fields.iter().filter(|(name, _)| name == wanted).map(|(_, value)| value.clone()).collect()
    };
    let (without_scopes, without_orgs) = (values("without_scope"), values("without_org"));
    let fields: serde_json::Map<_, _> =
        fields.into_iter().map(|(name, value)| (name, value.into())).collect();
    let Ok(Consent { user, request: mut asked }) = serde_json::from_value(fields.into()) else {
        return refuse(&hub);
    };
    let Some(mut redirect_uri) = asked.accepted(&hub.origins) else {
        return refuse(&hub);
    };
    if let Some(name) = user
        && let Some(user) = hub.users.by_name(&name)
    {
        if !OAuthUserInfo::from_hub(user).is_some_and(|user| hub.rules.let_in(&user)) {
            return shut_out(&hub);
        }
        let granted = asked.scope.split_whitespace().filter(|scope| {
            NEEDED_SCOPES.contains(scope)
                || !without_scopes.iter().any(|left_out| left_out == scope)
        });
        asked.scope = granted.collect::<Vec<_>>().join(" ");
        return grant(&hub, name, asked, without_orgs, redirect_uri);
    }
    redirect_uri
        .query_pairs_mut()
        .append_pair("error", "access_denied")
        .append_pair("error_description", "The user denied the request")
        .append_pair("state", &asked.state);
    see_other(redirect_uri.as_str())
}

fn grant(
    hub: &MockHub,
    user: String,
    asked: AuthorizationRequest,
    without_orgs: Vec<String>,
    mut redirect_uri: Url,
) -> HttpResponse {
    let AuthorizationRequest { redirect_uri: asked_uri, code_challenge, scope, state, .. } = asked;
    let code =
        hub.code(Grant { user, redirect_uri: asked_uri, code_challenge, scope, without_orgs });
    redirect_uri
        .query_pairs_mut()
        .append_pair("code", &code)
        .append_pair("state", &state)
        .append_pair("iss", &hub.issuer);
    see_other(redirect_uri.as_str())
}

/// As the Hub does with whom `hf_oauth_authorized_org` does not name: it sends nobody back.
fn shut_out(hub: &MockHub) -> HttpResponse {
    let heading = "You may not sign in here";
    let message = "This app is for members of other organizations.";
    let orgs = hub.rules.authorized_orgs.join(", ");
    let hint = format!(
        "hf_oauth_authorized_org in README.md names {orgs}. To be somebody else all the same, set HF_MOCK_USER."
    );
    let actions = vec![Action::primary("Back to the app", "/")];
    let page = MessagePage::new(hub.site.clone(), heading, message);
    MessagePage { hint: Some(hint.into()), actions, ..page }.respond(StatusCode::FORBIDDEN)
}

/// As the Hub does where there is nowhere to send the visitor back to. RFC 6749 §4.1.2.1.
fn refuse(hub: &MockHub) -> HttpResponse {
    let heading = "This is no sign-in of this app";
    let message = "The mock Hub answers the requests that this app's own login makes.";
    MessagePage::new(hub.site.clone(), heading, message).respond(StatusCode::BAD_REQUEST)
}

/// Chromium applies `form-action` to the redirect after the post, too.
fn policy(redirect_to: &Origin) -> String {
    let redirect_to = redirect_to.ascii_serialization();
    format!(
        "default-src 'none'; style-src 'self'; img-src 'self' https: data:; base-uri 'none'; \
         frame-ancestors 'none'; form-action 'self' {redirect_to}"
    )
}

fn optional_scopes(scopes: &[String]) -> Vec<String> {
    scopes.iter().filter(|scope| !NEEDED_SCOPES.contains(&scope.as_str())).cloned().collect()
}

/// The organizations of all users, each once.
fn optional_orgs(hub: &MockHub) -> Vec<(String, String)> {
    let mut orgs = Vec::new();
    for (_, user) in hub.users.all() {
        for org in user.orgs.known().unwrap_or_default() {
            let Some(sub) = org.sub.clone() else { continue };
            if orgs.len() < MAX_OPTIONAL_ORGS && !orgs.iter().any(|(known, _)| *known == sub) {
                orgs.push((sub, org.display_name().to_owned()));
            }
        }
    }
    orgs
}

fn mock_user(key: &str, user: &OAuthUserInfo, rules: &MockRules) -> MockUser {
    let orgs = user.orgs.known().unwrap_or_default();
    let mut summary = vec![if user.is_pro == Some(true) { "PRO" } else { "Free" }.to_owned()];
    if orgs.is_empty() {
        summary.push("no organizations".to_owned());
    }
    if orgs.iter().any(|org| !org.pending_restrictions().is_empty()) {
        summary.push("security requirements pending".to_owned());
    }
    if user.owns_space_of(rules.space_owner.as_deref()).is_ok() {
        summary.push("owner of this Space".to_owned());
    }
    if !rules.let_in(user) {
        summary.push("may not sign in here".to_owned());
    }
    MockUser {
        key: key.to_owned(),
        name: user.display_name().to_owned(),
        username: user.preferred_username.clone(),
        initials: user.initials(),
        picture: user.picture.clone(),
        summary: summary.join(", "),
        orgs: orgs.iter().take(SHOWN_ORGS).map(membership).collect(),
        more_orgs: orgs.len().saturating_sub(SHOWN_ORGS),
    }
}

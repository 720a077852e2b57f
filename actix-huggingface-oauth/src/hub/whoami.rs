//! Whose a personal access token is, as the Hub's `/api/whoami-v2` tells it.

use oauth2::AccessToken;
use reqwest::Method;
use serde_json::{Map, Value};

use super::http_client::MAX_USER_INFO;
use super::{HubError, Provider};
use crate::user::OAuthUserInfo;

/// The fields of a user, with their names in user info.
const USER: [(&str, &str); 9] = [
    ("id", "sub"),
    ("name", "preferred_username"),
    ("fullname", "name"),
    ("avatarUrl", "picture"),
    ("email", "email"),
    ("emailVerified", "email_verified"),
    ("isPro", "isPro"),
    ("canPay", "canPay"),
    ("orgs", "orgs"),
];

/// The fields of an organization, with their names in user info.
const ORG: [(&str, &str); 8] = [
    ("id", "sub"),
    ("name", "preferred_username"),
    ("fullname", "name"),
    ("avatarUrl", "picture"),
    ("plan", "plan"),
    ("canPay", "canPay"),
    ("roleInOrg", "roleInOrg"),
    ("securityRestrictions", "securityRestrictions"),
];

/// The roles above read that a token may not claim which may only read.
const ABOVE_READ: [&str; 3] = ["contributor", "write", "admin"];

/// The user to whom a personal access token belongs, and whether it may write.
///
/// # Errors
/// [`HubError`]; `Unauthorized` where the token does not hold, or is not a user's.
pub async fn whoami(
    provider: &Provider,
    access_token: &AccessToken,
) -> Result<(OAuthUserInfo, bool), HubError> {
    let http = provider.http();
    let request = http.request(Method::GET, format!("{}/api/whoami-v2", provider.api_url()));
    let request = request.bearer_auth(access_token.secret());
    let answer = http.read(request, MAX_USER_INFO).await?;
    match answer.status.as_u16() {
        200 => {}
        401 => return Err(HubError::Unauthorized),
        _ => return Err(HubError::Failed(answer.status)),
    }
    let answer: Value = serde_json::from_slice(&answer.body)
        .map_err(|_| HubError::Malformed("whoami is no JSON"))?;
    let (mut user, may_write) = owner(&answer, &provider.origin()).ok_or(HubError::Unauthorized)?;
    provider.resolve_pictures(&mut user);
    Ok((user, may_write))
}

/// The owner of a token as `whoami` tells it, and whether the token may write; `None` where it is no user. `origin` is the
/// Hub's, where profiles are.
fn owner(whoami: &Value, origin: &str) -> Option<(OAuthUserInfo, bool)> {
    if whoami["type"] != "user" {
        return None;
    }
    // Of a fine-grained token nobody but the Hub knows what it may do.
    let may_write = whoami["auth"]["accessToken"]["role"] == "write";
    let mut user = renamed(whoami, &USER);
    if let Some(name) = whoami["name"].as_str() {
        user["profile"] = format!("{origin}/{name}").into();
    }
    if let Some(orgs) = user["orgs"].as_array_mut() {
        for org in orgs {
            *org = renamed(org, &ORG);
            let role = &mut org["roleInOrg"];
            if !may_write && role.as_str().is_some_and(|role| ABOVE_READ.contains(&role)) {
                *role = "read".into();
            }
        }
    }
    Some((OAuthUserInfo::from_hub(&user)?, may_write))
}

fn renamed(object: &Value, fields: &[(&str, &str)]) -> Value {
    let fields = fields.iter().filter_map(|(from, to)| {
        let value = object.get(from)?.clone();
        Some(((*to).to_owned(), value))
    });
    Value::Object(fields.collect::<Map<_, _>>())
}

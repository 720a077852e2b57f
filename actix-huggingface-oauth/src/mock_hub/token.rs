//! The token endpoint (RFC 6749 §4.1.3) and user info (OpenID Connect Core 1.0 §5.3).

use actix_web::http::header::AUTHORIZATION;
use actix_web::{HttpRequest, HttpResponse, web};
use oauth2::{PkceCodeChallenge, PkceCodeVerifier};
use serde::Deserialize;
use serde_json::{Value, json};

use super::hub::{ALL_ORGS, Access, CLIENT_ID, Grant, MockHub};

/// Fields of user info that need a scope.
const SCOPED_FIELDS: [(&str, &str); 3] =
    [("email", "email"), ("email_verified", "email"), ("canPay", "read-billing")];

#[derive(Deserialize)]
pub struct TokenRequest {
    grant_type: String,
    client_id: String,
    code: String,
    redirect_uri: String,
    code_verifier: String,
}

/// Exchanges a code for a token, once.
pub async fn exchange(
    hub: web::Data<MockHub>,
    request: Option<web::Form<TokenRequest>>,
) -> HttpResponse {
    let refuse = |error: &str| HttpResponse::BadRequest().json(json!({ "error": error }));
    let Some(request) = request.map(web::Form::into_inner) else {
        return refuse("invalid_request");
    };
    let Some(grant) = hub.redeem(&request.code).await else {
        return refuse("invalid_grant");
    };
    let accepted = request.grant_type == "authorization_code"
        && request.client_id == CLIENT_ID
        && request.redirect_uri == grant.redirect_uri
        && matches_challenge(request.code_verifier, &grant.code_challenge);
    if !accepted {
        return refuse("invalid_grant");
    }

    let Grant { user, scope, without_orgs, .. } = grant;
    HttpResponse::Ok().json(json!({
        "access_token": hub.token(Access { user, scope: scope.clone(), without_orgs }),
        "token_type": "bearer",
        "expires_in": hub.rules.token_lifetime.as_secs(),
        "scope": scope,
    }))
}

/// The user to whom the token belongs, as far as its scopes tell.
pub async fn user_info(hub: web::Data<MockHub>, request: HttpRequest) -> HttpResponse {
    let access = hub.access(bearer(&request));
    let user = access.as_ref().and_then(|access| hub.users.by_name(&access.user));
    let (Some(access), Some(mut user)) = (&access, user.cloned()) else {
        return HttpResponse::Unauthorized().json(json!({ "error": "invalid_token" }));
    };
    for (field, scope) in SCOPED_FIELDS {
        if let Some(fields) = user.as_object_mut()
            && !access.scope.split_whitespace().any(|granted| granted == scope)
        {
            fields.remove(field);
        }
    }
    if let Some(orgs) = user.get_mut("orgs").and_then(Value::as_array_mut) {
        orgs.retain(|org| {
            let sub = org.get("sub").and_then(Value::as_str);
            !access
                .without_orgs
                .iter()
                .any(|left_out| left_out == ALL_ORGS || Some(&**left_out) == sub)
        });
    }
    HttpResponse::Ok().json(user)
}

/// The access token of a request; empty where it has none. RFC 6750 §2.1.
pub fn bearer(request: &HttpRequest) -> &str {
    let header = request.headers().get(AUTHORIZATION).and_then(|header| header.to_str().ok());
    header.and_then(|header| header.strip_prefix("Bearer ")).unwrap_or_default()
}

/// RFC 7636 §4.6.
fn matches_challenge(code_verifier: String, code_challenge: &str) -> bool {
    (43..=128).contains(&code_verifier.len())
        && PkceCodeChallenge::from_code_verifier_sha256(&PkceCodeVerifier::new(code_verifier))
            .as_str()
            == code_challenge
}

//! The app that the tests sign in to: as little of one as they need.

use std::fmt::Write as _;

use actix_huggingface_oauth::{
    HuggingFaceOAuth, OAuthInfo, OAuthOrgs, Refusal, Role, parse_huggingface_oauth,
    require_membership, require_space_owner, signed_in_user,
};
use actix_web::http::StatusCode;
use actix_web::web::{Html, Json, Path, ServiceConfig, resource};
use actix_web::{HttpRequest, HttpResponse, Responder};
use serde_json::json;

pub fn configure(config: &mut ServiceConfig) {
    config
        .configure(super::as_user_app::configure)
        .configure(super::calling::callers)
        .service(resource("/").get(home))
        .service(resource("/profile").get(profile))
        .service(resource("/api/me").get(me))
        .service(resource("/healthz").get(async || "ok"))
        .service(resource("/by-hand").get(by_hand))
        .service(resource("/who").get(who))
        .service(resource("/token").get(token))
        .service(resource("/members/{organization}").get(members))
        .service(resource("/scope/{scope}").get(scope))
        .service(
            resource("/gated").wrap(require_membership(["acme"], None)).get(async || "for members"),
        )
        .service(resource("/owned").wrap(require_space_owner()).get(async || "for the owner"))
        .service(resource("/cookies").get(own_cookies));
}

async fn home(
    request: HttpRequest,
    oauth: HuggingFaceOAuth,
    info: Option<OAuthInfo>,
) -> impl Responder {
    let theme = oauth.theme(&request).unwrap_or_default();
    let content = match info {
        Some(info) => info.user_info.display_name().to_owned(),
        None => oauth.login_control(&request, "/").to_string(),
    };
    Html::new(format!("<html data-theme=\"{theme}\">{content} · {}", oauth.app_title()))
}

/// For signed-in users only. Strangers see a login control above and one below, each made by itself.
async fn profile(
    request: HttpRequest,
    oauth: HuggingFaceOAuth,
    info: Option<OAuthInfo>,
) -> impl Responder {
    let Some(info) = info else {
        let here = request.uri().path_and_query().unwrap().as_str();
        let login = [(); 2].map(|()| oauth.login_control(&request, here).to_string());
        return (Html::new(login.concat()), StatusCode::UNAUTHORIZED);
    };
    let mut content = info.user_info.sub;
    match info.user_info.orgs {
        OAuthOrgs::Known(orgs) => {
            for org in orgs.iter() {
                let _ = write!(content, "<p>{}</p>", org.preferred_username.as_deref().unwrap());
            }
        }
        OAuthOrgs::NotTold => content += "not told",
        OAuthOrgs::Unknown => content += "unknown right now",
    }
    (Html::new(content), StatusCode::OK)
}

async fn me(info: OAuthInfo) -> impl Responder {
    Json(json!({
        "access_token_expires_at": info.access_token_expires_at,
        "scope": info.scope,
        "user_info": info.user_info,
    }))
}

async fn by_hand(request: HttpRequest) -> impl Responder {
    match parse_huggingface_oauth(&request).await {
        Some(info) => info.user_info.sub,
        None => "nobody".to_owned(),
    }
}

/// Without a question to the Hub.
async fn who(request: HttpRequest) -> impl Responder {
    signed_in_user(&request).map_or("nobody".to_owned(), |user| user.display_name().to_owned())
}

async fn token(info: OAuthInfo) -> impl Responder {
    format!("{} {}", info.access_token.secret(), info.state.unwrap().secret())
}

async fn members(info: OAuthInfo, organization: Path<String>) -> Result<String, Refusal> {
    let org = info.user_info.member_of(&organization, Some(Role::Write))?;
    Ok(org.display_name().to_owned())
}

async fn scope(info: OAuthInfo, scope: Path<String>) -> Result<&'static str, Refusal> {
    info.require_scope(&scope)?;
    Ok("granted")
}

/// Sets cookies of the app's own, some of them under names of the sign-in's.
async fn own_cookies() -> impl Responder {
    let names = ["own", "__Host-hf-theme", "__Host-hf-auth", "__Host-hf-login-0123abcd"];
    let others = ["__Host-hf-login-0123", "__Host-hf-login-01234xyz"];
    let mut answer = HttpResponse::Ok();
    for name in names.into_iter().chain(others) {
        answer.append_header(("set-cookie", format!("{name}=x")));
    }
    answer.body("set")
}

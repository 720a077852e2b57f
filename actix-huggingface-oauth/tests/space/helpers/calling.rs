//! Programs that call with bearer tokens, and an app that takes them.

use std::net::TcpListener;

use actix_huggingface_oauth::{
    BodyTimeout, Caller, Gate, HeadAsGet, HubCallError, HubClient, HuggingFaceOAuth, OAuthInfo,
    OAuthSettings, Refusal, Role, attach_huggingface_oauth, signed_in_user,
};
use actix_web::dev::Server;
use actix_web::web::{Json, Path, ServiceConfig, resource};
use actix_web::{App, HttpRequest, guard};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::Utc;
use reqwest::Method;
use serde_json::{Value, json};

use super::{Browser, FakeHub, Page, Space, server, settings, space_vars, user};

/// The `sub` of the user of the tests.
pub const SUB: &str = "62f264b9f3c90f4b6514a269";

/// An access token of an OAuth app that says this.
pub fn token_saying(claims: &Value) -> String {
    token_of(&claims.to_string())
}

/// An access token with this as its payload.
pub fn token_of(payload: &str) -> String {
    let [header, payload, signature] =
        [r#"{"alg":"EdDSA"}"#, payload, "a signature"].map(|part| URL_SAFE_NO_PAD.encode(part));
    format!("hf_oauth_{header}.{payload}.{signature}")
}

/// What an access token of the Space's own OAuth app says.
pub fn claims() -> Value {
    json!({
        "sub": SUB, "oauthApp": "client-id", "exp": Utc::now().timestamp() + 3_600,
        "scope": ["openid", "profile", "inference-api"], "aud": "https://huggingface.co",
    })
}

/// An access token of the Space's own OAuth app, of the user, that the Hub accepts.
pub fn own_token(hub: &FakeHub) -> String {
    let token = token_saying(&claims());
    hub.accept_token(&token, user());
    token
}

/// The settings of the Space whose users sign in at `hub`.
pub fn settings_at(hub: &FakeHub) -> OAuthSettings {
    settings(&space_vars(&hub.url)).unwrap()
}

/// The app that takes programs.
pub fn start(hub: &FakeHub) -> Space {
    start_with(settings_at(hub))
}

pub fn start_with(settings: OAuthSettings) -> Space {
    start_behind(settings, Gate::default)
}

/// As a whole behind a gate.
pub fn start_behind(
    settings: OAuthSettings,
    gate: impl Fn() -> Gate + Send + Clone + 'static,
) -> Space {
    Space::serving(|listener| serve(listener, settings, gate))
}

fn serve(
    listener: TcpListener,
    settings: OAuthSettings,
    gate: impl Fn() -> Gate + Send + Clone + 'static,
) -> Server {
    let address = listener.local_addr().unwrap();
    let oauth = HuggingFaceOAuth::new(settings.listening_on(address)).unwrap();
    server(listener, 2, move || {
        attach_huggingface_oauth(App::new().wrap(gate()), oauth.clone())
            .configure(configure)
            .wrap(BodyTimeout::default())
            .wrap(HeadAsGet)
    })
}

pub fn configure(config: &mut ServiceConfig) {
    config
        .configure(callers)
        .service(resource("/").get(async || "home").post(async || "home"))
        .service(resource("/oauth-info").get(async |info: OAuthInfo| info.user_info.sub))
        .service(resource("/option").get(async |info: Option<OAuthInfo>| {
            info.map_or("nobody".to_owned(), |info| info.user_info.sub)
        }))
        .service(resource("/who").get(who))
        .service(resource("/api/caller").post(caller))
        .service(resource("/api/note").post(async || "noted"))
        .service(resource("/apiary").post(async || "bees"));
}

/// The handlers that take callers.
pub fn callers(config: &mut ServiceConfig) {
    config
        .service(resource("/caller").get(caller).post(caller))
        .service(resource("/late/{any}").guard(guard::Header("x-internal", "1")).get(async || "x"))
        .service(resource("/late/sub").get(async |caller: Caller| caller.user_info.sub))
        .service(resource("/caller/sub").get(async |caller: Caller| caller.user_info.sub))
        .service(resource("/caller/option").get(async |caller: Option<Caller>| {
            caller.map_or("nobody".to_owned(), |caller| caller.user_info.sub)
        }))
        .service(resource("/caller/members/{organization}").get(members))
        .service(resource("/caller/scope/{scope}").get(scope))
        .service(resource("/caller/hub").get(hub))
        .service(resource("/caller/debug").get(async |caller: Caller| format!("{caller:?}")));
}

async fn who(request: HttpRequest) -> String {
    signed_in_user(&request).map_or("nobody".to_owned(), |user| user.sub)
}

async fn caller(caller: Caller) -> Json<Value> {
    Json(json!({
        "user_info": caller.user_info,
        "is_by_bearer": caller.is_by_bearer(),
        "scope": caller.scope(),
        "ends": caller.access_token_expires_at().map(|end| end.timestamp()),
    }))
}

async fn members(caller: Caller, organization: Path<String>) -> Result<String, Refusal> {
    let org = caller.user_info.member_of(&organization, Some(Role::Write))?;
    Ok(org.display_name().to_owned())
}

async fn scope(caller: Caller, scope: Path<String>) -> Result<&'static str, Refusal> {
    caller.require_scope(&scope)?;
    Ok("granted")
}

/// Asks the Hub as the caller.
async fn hub(hub: HubClient, caller: Caller) -> Result<Json<Value>, HubCallError> {
    let info = caller.to_oauth_info().ok_or(Refusal::InvalidToken)?;
    Ok(Json(hub.get(&info, "/api/models").await?))
}

impl Browser {
    /// Asks with an `Authorization` header.
    pub async fn authorized(&mut self, path: &str, authorization: &str) -> Page {
        self.send(Method::GET, path, &[("authorization", authorization), ("accept", "*/*")]).await
    }

    /// Asks as a program does.
    pub async fn call(&mut self, path: &str, token: &str) -> Page {
        self.authorized(path, &format!("Bearer {token}")).await
    }
}

impl Page {
    /// A refusal of the token that was sent.
    pub fn assert_invalid_token(&self, what: &str) {
        assert_eq!(self.status, 401, "{what}: {self:?}");
        assert_eq!(self.header("www-authenticate"), "Bearer error=\"invalid_token\"", "{what}");
        assert_eq!(self.headers.get("set-cookie"), None, "{what}");
        assert!(self.json()["error"].as_str().unwrap().contains("access token"), "{what}");
    }
}

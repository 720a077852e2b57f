//! The part of the app that does something as the user.

use actix_huggingface_oauth::{
    ChatRequest, HubCallError, HubClient, HuggingFaceOAuth, OAuthInfo, signed_in_user,
};
use actix_web::web::{Json, Query, ServiceConfig, resource};
use actix_web::{HttpRequest, HttpResponse, ResponseError};
use serde::Deserialize;
use serde_json::Value;

pub fn configure(config: &mut ServiceConfig) {
    config
        .service(resource("/chat").post(chat))
        .service(resource("/hub").get(get).post(post))
        .service(resource("/hub-then-who").get(get_then_who));
}

#[derive(Deserialize)]
struct Asked {
    path: String,
}

async fn chat(
    oauth: HuggingFaceOAuth,
    hub: HubClient,
    info: OAuthInfo,
    request: Json<ChatRequest>,
) -> Result<HttpResponse, HubCallError> {
    let answer = hub.chat_completion(&info, &request).await?;
    Ok(answer.into_event_stream(oauth, "/chat"))
}

async fn get(
    hub: HubClient,
    info: OAuthInfo,
    asked: Query<Asked>,
) -> Result<Json<Value>, HubCallError> {
    Ok(Json(hub.get(&info, &asked.path).await?))
}

async fn post(
    hub: HubClient,
    info: OAuthInfo,
    asked: Query<Asked>,
    body: Json<Value>,
) -> Result<Json<Value>, HubCallError> {
    Ok(Json(hub.post(&info, &asked.path, &*body).await?))
}

/// Looks who is signed in once the Hub has answered, as a page for errors does.
async fn get_then_who(
    request: HttpRequest,
    hub: HubClient,
    info: OAuthInfo,
    asked: Query<Asked>,
) -> HttpResponse {
    let status = match hub.get::<Value>(&info, &asked.path).await {
        Ok(_) => HttpResponse::Ok().finish().status(),
        Err(error) => error.status_code(),
    };
    let user = signed_in_user(&request);
    HttpResponse::build(status)
        .body(user.map_or("nobody".to_owned(), |user| user.display_name().to_owned()))
}

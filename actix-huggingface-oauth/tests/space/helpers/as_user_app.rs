//! The part of the app that does something as the user.

use actix_huggingface_oauth::{
    ChatRequest, Chunk, HubCallError, HubClient, HuggingFaceOAuth, OAuthInfo, signed_in_user,
};
use actix_web::web::{Json, Query, ServiceConfig, resource};
use actix_web::{HttpRequest, HttpResponse, ResponseError};
use chrono::Utc;
use futures_util::StreamExt;
use serde::Deserialize;
use serde_json::{Value, json};

pub fn configure(config: &mut ServiceConfig) {
    config
        .service(resource("/chat").post(chat))
        .service(resource("/chat-page").post(chat_page))
        .service(resource("/chat-json").post(chat_json))
        .service(resource("/hub").get(get).post(post))
        .service(resource("/hub-then-who").get(get_then_who))
        .service(resource("/hub-too-late").get(get_too_late));
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

/// As a page that has no script.
async fn chat_page(hub: HubClient, info: OAuthInfo, request: Json<ChatRequest>) -> HttpResponse {
    let page = "<p><!-- answer --></p>at first";
    match hub.chat_completion(&info, &request).await {
        Ok(answer) => answer.into_page_stream(page, "<!-- answer -->", |said, error| {
            format!("at first<!-- answer --></p>{said}, {error:?}")
        }),
        Err(error) => error.page_response(error.heading().to_owned()),
    }
}

/// As an app that makes something else of an answer.
async fn chat_json(
    oauth: HuggingFaceOAuth,
    hub: HubClient,
    info: OAuthInfo,
    request: Json<ChatRequest>,
) -> HttpResponse {
    let answer = async {
        let answer = hub.chat_completion(&info, &request).await?;
        let debug = format!("{answer:?}");
        let chunks: Vec<Result<Chunk, HubCallError>> = answer.collect().await;
        let chunks = chunks.into_iter().collect::<Result<Vec<_>, _>>()?;
        let text: String = chunks.iter().map(Chunk::text).collect();
        let ends: Vec<_> = chunks.iter().filter_map(Chunk::finish_reason).collect();
        Ok::<_, HubCallError>(json!({ "debug": debug, "text": text, "ends": ends }))
    };
    match answer.await {
        Ok(answer) => HttpResponse::Ok().json(answer),
        Err(error) => error.json_response(&oauth, "/chat-json"),
    }
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

/// Asks with a sign-in that was kept for too long.
async fn get_too_late(hub: HubClient, mut info: OAuthInfo) -> Result<Json<Value>, HubCallError> {
    info.access_token_expires_at = Utc::now();
    Ok(Json(hub.get(&info, "/api/models").await?))
}

/// Asks twice, and looks who is signed in once the Hub has answered, as a page for errors does.
async fn get_then_who(
    request: HttpRequest,
    hub: HubClient,
    info: OAuthInfo,
    asked: Query<Asked>,
) -> HttpResponse {
    let _ = hub.get::<Value>(&info, &asked.path).await;
    let status = match hub.get::<Value>(&info, &asked.path).await {
        Ok(_) => HttpResponse::Ok().finish().status(),
        Err(error) => error.status_code(),
    };
    let user = signed_in_user(&request);
    HttpResponse::build(status)
        .body(user.map_or("nobody".to_owned(), |user| user.display_name().to_owned()))
}

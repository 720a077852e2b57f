//! Greets whoever signs in.

use actix_huggingface_oauth::{
    BodyTimeout, HeadAsGet, HuggingFaceOAuth, OAuthInfo, RequestLog, attach_huggingface_oauth,
};
use actix_web::{App, HttpServer, Responder, get, web};
use serde_json::json;

/// Greets the user if they are logged in.
#[get("/")]
async fn greet_json(oauth_info: Option<OAuthInfo>) -> impl Responder {
    let Some(oauth_info) = oauth_info else {
        return web::Json(json!({"msg": "Not logged in!"}));
    };
    let username = oauth_info.user_info.preferred_username.unwrap_or_default();
    web::Json(json!({"msg": format!("Hello, {username}!")}))
}

#[actix_web::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let oauth = HuggingFaceOAuth::from_env()?;
    let addresses = oauth.addresses();
    eprintln!("http://localhost:{}/oauth/huggingface/login", addresses[0].port());
    HttpServer::new(move || {
        attach_huggingface_oauth(App::new(), oauth.clone())
            .service(greet_json)
            .wrap(BodyTimeout::default())
            .wrap(HeadAsGet)
            .wrap(RequestLog::default())
    })
    .bind(&addresses[..])?
    .run()
    .await?;
    Ok(())
}

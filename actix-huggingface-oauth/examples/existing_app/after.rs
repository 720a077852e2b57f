//! The same app, with "Sign in with Hugging Face" beside its own login: both lead to the same table of users.

use std::sync::{Arc, Mutex};

use actix_huggingface_oauth::{
    BodyTimeout, HeadAsGet, HuggingFaceOAuth, OAuthInfo, RequestLog, attach_huggingface_oauth,
    sign_out,
};
use actix_identity::{Identity, IdentityMiddleware};
use actix_session::SessionMiddleware;
use actix_session::storage::RedisSessionStore;
use actix_web::cookie::Key;
use actix_web::error::ErrorUnauthorized;
use actix_web::web::{Data, Form, Html, Redirect, ServiceConfig, get, post};
use actix_web::{App, Either, Error, HttpMessage, HttpRequest, HttpServer, Responder};
use serde::Deserialize;

/// A row of the table of users.
pub(crate) struct User {
    pub(crate) name: String,
    pub(crate) password: Option<String>,
    /// The `sub` of the Hugging Face account.
    pub(crate) hugging_face: Option<String>,
}

/// The table of users, each with its id as index.
#[derive(Clone, Default)]
pub(crate) struct Users(pub(crate) Arc<Mutex<Vec<User>>>);

#[derive(Deserialize)]
pub(crate) struct Login {
    name: String,
    password: String,
}

async fn home(
    request: HttpRequest,
    oauth: HuggingFaceOAuth,
    users: Data<Users>,
    identity: Option<Identity>,
) -> Result<impl Responder, Error> {
    let Some(identity) = identity else {
        let form = r#"<form method="post" action="/login"><input name="name"><input name="password" type="password"><button>Log in</button></form>"#;
        let button = oauth.login_control(&request, "/welcome");
        return Ok(Either::Left(Html::new(format!("{form} or {button}"))));
    };
    let id: usize = identity.id()?.parse().unwrap_or(usize::MAX);
    let users = users.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    let name = users.get(id).map_or("nobody", |user| &user.name);
    Ok(Either::Right(format!("Hello, {name}!")))
}

async fn log_in(
    request: HttpRequest,
    users: Data<Users>,
    Form(login): Form<Login>,
) -> Result<impl Responder, Error> {
    let id =
        users.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner).iter().position(|user| {
            user.name == login.name && user.password.as_ref() == Some(&login.password)
        });
    let id = id.ok_or_else(|| ErrorUnauthorized("Wrong name or password."))?;
    Identity::login(&request.extensions(), id.to_string())?;
    Ok(Redirect::to("/").see_other())
}

/// Where "Sign in with Hugging Face" leads: logs the user in by the app's own means.
async fn welcome(
    request: HttpRequest,
    users: Data<Users>,
    info: OAuthInfo,
) -> Result<impl Responder, Error> {
    let id = {
        let mut users = users.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let sub = Some(info.user_info.sub.clone());
        let known = users.iter().position(|user| user.hugging_face == sub);
        known.unwrap_or_else(|| {
            let name = info.user_info.display_name().to_owned();
            users.push(User { name, password: None, hugging_face: sub });
            users.len() - 1
        })
    };
    Identity::login(&request.extensions(), id.to_string())?;
    Ok(Redirect::to("/").see_other())
}

async fn log_out(request: HttpRequest, identity: Option<Identity>) -> impl Responder {
    sign_out(&request);
    if let Some(identity) = identity {
        identity.logout();
    }
    Redirect::to("/").see_other()
}

pub(crate) fn configure(config: &mut ServiceConfig) {
    config
        .route("/", get().to(home))
        .route("/login", post().to(log_in))
        .route("/welcome", get().to(welcome))
        .route("/logout", post().to(log_out));
}

#[actix_web::main]
#[expect(clippy::disallowed_methods, reason = "in an app they are in its settings")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let users = Data::new(Users::default());
    let oauth = HuggingFaceOAuth::from_env()?;
    let sessions = RedisSessionStore::new(std::env::var("REDIS_URL")?).await?;
    let key = Key::from(std::env::var("SESSION_KEY")?.as_bytes());
    HttpServer::new(move || {
        attach_huggingface_oauth(App::new(), oauth.clone())
            .app_data(users.clone())
            .configure(configure)
            .wrap(BodyTimeout::default())
            .wrap(HeadAsGet)
            .wrap(RequestLog::default())
            .wrap(IdentityMiddleware::default())
            .wrap(SessionMiddleware::new(sessions.clone(), key.clone()))
    })
    .bind(("127.0.0.1", 7860))?
    .run()
    .await?;
    Ok(())
}

//! Answers with bytes from memory: what Actix costs without an app.
//!
//! `limits PORT FILE` serves the answers in `FILE`. With `--session`, actix-session's encrypted cookie is around them, and
//! `POST /sign-in` puts its body into a session.

use std::collections::HashMap;
use std::error::Error;

use actix_session::storage::CookieSessionStore;
use actix_session::{Session, SessionMiddleware};
use actix_web::cookie::Key;
use actix_web::http::StatusCode;
use actix_web::http::header::{HeaderName, HeaderValue};
use actix_web::middleware::Condition;
use actix_web::web::{self, Bytes};
use actix_web::{App, HttpRequest, HttpResponse, HttpServer};
use serde::Deserialize;

/// The key of the sign-in in the session state.
const SIGN_IN: &str = "sign_in";

/// Answers by path, as the app gave them.
type Recorded = HashMap<String, RecordedAnswer>;

#[derive(Deserialize)]
struct RecordedAnswer {
    status: u16,
    headers: Vec<(String, String)>,
    body: String,
}

/// Answers by path, ready to be sent.
type Answers = HashMap<String, Answer>;

struct Answer {
    status: StatusCode,
    headers: Vec<(HeaderName, HeaderValue)>,
    body: Bytes,
}

#[actix_web::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let mut argument = || arguments.next().ok_or("usage: limits PORT FILE [--session]");
    let port: u16 = argument()?.parse()?;
    let file = argument()?;
    let with_session = arguments.next().is_some_and(|argument| argument == "--session");

    let recorded: Recorded = serde_json::from_slice(&std::fs::read(file)?)?;
    let answers: Answers = recorded
        .into_iter()
        .map(|(path, answer)| Ok((path, answer.ready()?)))
        .collect::<Result<_, Box<dyn Error>>>()?;
    let answers = web::Data::new(answers);
    let key = Key::generate();
    HttpServer::new(move || {
        let app = App::new().app_data(answers.clone());
        let app = if with_session {
            app.route("/sign-in", web::post().to(sign_in))
                .default_service(web::to(answer_in_session))
        } else {
            app.default_service(web::to(answer))
        };
        let session = SessionMiddleware::builder(CookieSessionStore::default(), key.clone());
        app.wrap(Condition::new(
            with_session,
            session.cookie_name("__Host-session".to_owned()).build(),
        ))
    })
    .bind(("127.0.0.1", port))?
    .run()
    .await?;
    Ok(())
}

impl RecordedAnswer {
    fn ready(self) -> Result<Answer, Box<dyn Error>> {
        let headers = self
            .headers
            .into_iter()
            .map(|(name, value)| Ok((HeaderName::try_from(name)?, HeaderValue::try_from(value)?)));
        Ok(Answer {
            status: StatusCode::from_u16(self.status)?,
            headers: headers.collect::<Result<_, Box<dyn Error>>>()?,
            body: Bytes::from(self.body),
        })
    }
}

async fn answer(request: HttpRequest, answers: web::Data<Answers>) -> HttpResponse {
    let Some(answer) = answers.get(request.path()) else {
        return HttpResponse::NotFound().finish();
    };
    let mut response = HttpResponse::build(answer.status);
    for (name, value) in &answer.headers {
        response.append_header((name, value));
    }
    response.body(answer.body.clone())
}

/// As [`answer`], for those who are signed in; the others get no answer that could be taken for one.
async fn answer_in_session(
    request: HttpRequest,
    session: Session,
    answers: web::Data<Answers>,
) -> HttpResponse {
    let signed_in = session.entries().contains_key(SIGN_IN);
    if request.path().starts_with("/signed-in") && !signed_in {
        return HttpResponse::Forbidden().finish();
    }
    answer(request, answers).await
}

async fn sign_in(session: Session, sign_in: web::Json<serde_json::Value>) -> HttpResponse {
    match session.insert(SIGN_IN, sign_in) {
        Ok(()) => HttpResponse::NoContent().finish(),
        Err(_) => HttpResponse::InternalServerError().finish(),
    }
}

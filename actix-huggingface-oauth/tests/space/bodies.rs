//! Bodies of requests that come slowly, or never to their end. In the first tests time passes at once.

use std::cell::Cell;
use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::pin::Pin;
use std::rc::Rc;
use std::time::Duration;

use actix_huggingface_oauth::{
    BodyTimeout, HuggingFaceOAuth, OAuthSettings, SignIn, attach_huggingface_oauth, require_login,
};
use actix_web::body::{self, BodyStream, BoxBody, to_bytes};
use actix_web::dev::{Payload, Server, ServiceRequest, ServiceResponse};
use actix_web::error::{ErrorImATeapot, PayloadError};
use actix_web::http::header::{CONTENT_TYPE, HOST, ORIGIN, TRANSFER_ENCODING};
use actix_web::middleware::{Condition, Next, from_fn};
use actix_web::test::{TestRequest, init_service, try_call_service};
use actix_web::web::{self, Bytes, Form, Json, ServiceConfig, resource};
use actix_web::{App, Error, HttpResponse};
use futures_util::stream::{Stream, StreamExt, repeat_with, unfold};
use serde_json::Value;
use tokio::time::{Instant, sleep};

use crate::helpers::{Space, server};

type Body = Pin<Box<dyn Stream<Item = Result<Bytes, PayloadError>>>>;

const SECOND: Duration = Duration::from_secs(1);

const FORM: &str = "application/x-www-form-urlencoded";

/// Parts of so many bytes, a second between them.
fn parts(count: usize, length: usize) -> Body {
    let parts = unfold(0, move |sent| async move {
        sleep(SECOND).await;
        (sent < count).then(|| (Ok(Bytes::from(vec![b'x'; length])), sent + 1))
    });
    Box::pin(parts)
}

fn configure(config: &mut ServiceConfig) {
    config
        .app_data(web::PayloadConfig::new(10_000_000))
        .service(resource("/length").post(async |body: Bytes| body.len().to_string()))
        .service(resource("/form").post(async |_: Form<Value>| "a form"))
        .service(resource("/json").post(async |_: Json<Value>| "JSON"))
        .service(resource("/unread").post(async || "unread"))
        .service(resource("/slow-reader").post(read_slowly))
        .service(resource("/echo").post(echo))
        .service(resource("/long-answer").post(answer_for_long))
        .service(resource("/none").post(async || HttpResponse::Ok().body(body::None::new())))
        .service(resource("/gated").wrap(require_login()).post(async || "for users"))
        .service(resource("/failing").wrap(from_fn(fail)));
}

async fn fail(_: ServiceRequest, _: Next<BoxBody>) -> Result<ServiceResponse, Error> {
    Err(ErrorImATeapot("a middleware fails"))
}

/// Looks at a body every minute.
async fn read_slowly(mut body: web::Payload) -> String {
    let mut length = 0;
    while let Some(part) = body.next().await {
        length += part.unwrap().len();
        sleep(60 * SECOND).await;
    }
    length.to_string()
}

/// Answers with what comes, as it comes.
async fn echo(body: web::Payload) -> HttpResponse {
    HttpResponse::Ok().streaming(body)
}

/// Answers for ten minutes.
async fn answer_for_long(_: Bytes) -> HttpResponse {
    HttpResponse::Ok().body(BodyStream::new(parts(600, 1)))
}

fn oauth() -> HuggingFaceOAuth {
    HuggingFaceOAuth::new(OAuthSettings::new(SignIn::Off)).unwrap()
}

/// Status and body of the answer to a body that is posted, and the seconds that they took.
async fn post(path: &str, body: Body) -> (u16, String, u64) {
    post_to(path, body, Some(BodyTimeout::default())).await
}

/// The same, to an app with this timeout for bodies, or with none.
async fn post_to(path: &str, body: Body, timeout: Option<BodyTimeout>) -> (u16, String, u64) {
    let app = attach_huggingface_oauth(App::new(), oauth()).configure(configure);
    let app = app.wrap(Condition::new(timeout.is_some(), timeout.unwrap_or_default()));
    let app = init_service(app).await;
    tokio::time::pause();
    let begun = Instant::now();
    let request = TestRequest::post().uri(path).peer_addr(([127, 0, 0, 1], 1).into());
    let request = request.insert_header((HOST, "localhost:7860"));
    let request = request.insert_header((ORIGIN, "http://localhost:7860"));
    let kind = if path == "/json" { "application/json" } else { FORM };
    let request = request.insert_header((CONTENT_TYPE, kind));
    let request = request.insert_header((TRANSFER_ENCODING, "chunked")).to_request();
    let (request, _) = request.replace_payload(Payload::from(body));
    let answer = try_call_service(&app, request).await.unwrap();
    let status = answer.status().as_u16();
    let body = to_bytes(answer.into_body()).await.unwrap();
    let seconds = begun.elapsed().as_secs();
    tokio::time::resume();
    (status, String::from_utf8(body.to_vec()).unwrap(), seconds)
}

#[actix_web::test]
async fn the_endpoints_limit_their_bodies_with_and_without_a_timeout_for_those_of_the_app() {
    // One that reads a form, and one that reads no body.
    for path in ["/oauth/huggingface/login", "/oauth/huggingface/logout"] {
        for timeout in [None, Some(BodyTimeout::default())] {
            let (status, _, seconds) = post_to(path, parts(600, 1), timeout).await;
            assert_eq!((status, seconds), (303, 5), "{path} {timeout:?}");
            // Fast enough, but without an end.
            let (status, _, seconds) = post_to(path, parts(600, 10_000), timeout).await;
            assert!(status == 303 && seconds <= 4, "{path} {timeout:?}: {seconds} s");
        }
    }
    let (status, length, seconds) = post_to("/length", parts(100, 1), None).await;
    assert_eq!((status, &*length, seconds), (200, "100", 101), "a body of the app has no limit");
}

#[actix_web::test]
async fn a_body_that_drips_is_waited_for_thirty_seconds_whoever_reads_it() {
    for (path, status) in
        [("/length", 408), ("/form", 408), ("/json", 408), ("/unread", 200), ("/nowhere", 404)]
    {
        let (answered, _, seconds) = post(path, parts(usize::MAX, 1)).await;
        assert_eq!((answered, seconds), (status, 30), "{path}");
    }
}

#[actix_web::test]
async fn five_megabytes_may_come_over_a_slow_line() {
    let answer = post("/length", parts(100, 50_000)).await;
    assert_eq!(answer, (200, "5000000".to_owned(), 101));
    let (status, _, seconds) = post("/nowhere", parts(100, 50_000)).await;
    assert_eq!((status, seconds), (404, 101), "who is refused has sent it all");
}

#[actix_web::test]
async fn a_body_may_rest_for_less_than_thirty_seconds_at_a_time() {
    let rests = unfold(0, |sent| async move {
        sleep(29 * SECOND).await;
        (sent < 20).then(|| (Ok(Bytes::from(vec![b'x'; 120_000])), sent + 1))
    });
    let (status, length, _) = post("/length", Box::pin(rests)).await;
    assert_eq!((status, &*length), (200, "2400000"));
}

#[actix_web::test]
async fn a_body_that_nobody_reads_is_thrown_away_within_bounds() {
    let (status, _, seconds) = post("/nowhere", parts(usize::MAX, 8_000)).await;
    assert_eq!((status, seconds), (404, 120));
    let taken = Rc::new(Cell::new(0));
    let counted = Rc::clone(&taken);
    let flood = repeat_with(move || {
        counted.set(counted.get() + 1);
        Ok(Bytes::from(vec![b'x'; 1_000_000]))
    });
    let (status, _, _) = post("/nowhere", Box::pin(flood.take(100))).await;
    assert_eq!((status, taken.get()), (404, 34), "megabytes");
}

#[actix_web::test]
async fn an_app_may_be_slower_than_its_client() {
    let (status, length, _) = post("/slow-reader", parts(10, 1)).await;
    assert_eq!((status, &*length), (200, "10"));
}

#[actix_web::test]
async fn an_answer_may_take_longer_than_a_body() {
    let (status, answer, seconds) = post("/long-answer", parts(1, 1)).await;
    assert_eq!((status, answer.len()), (200, 600));
    assert!(seconds >= 600, "{seconds}");
}

#[actix_web::test]
async fn an_answer_may_read_the_body_as_it_comes() {
    let (status, answer, _) = post("/echo", parts(100, 50_000)).await;
    assert_eq!((status, answer.len()), (200, 5_000_000));
}

/// The app, which waits for a body for a moment.
fn impatient() -> Space {
    Space::serving(|listener| -> Server {
        let settings = OAuthSettings::new(SignIn::Off);
        let address = listener.local_addr().unwrap();
        let oauth = HuggingFaceOAuth::new(settings.listening_on(address)).unwrap();
        server(listener, 1, move || {
            attach_huggingface_oauth(App::new(), oauth.clone())
                .configure(configure)
                .wrap(BodyTimeout::new(Duration::from_millis(500)))
        })
    })
}

/// What comes back until the connection ends, which it does: a reset is an end, too.
fn answer(stream: &mut TcpStream) -> String {
    stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
    let mut answer = Vec::new();
    if let Err(error) = stream.read_to_end(&mut answer) {
        assert_eq!(error.kind(), ErrorKind::ConnectionReset, "the connection does not end");
    }
    String::from_utf8(answer).unwrap()
}

#[actix_web::test]
async fn a_connection_ends_whose_body_does_not_come_to_its_end() {
    let space = impatient();
    let address = space.address.trim_start_matches("http://");
    let login = "/oauth/huggingface/login";
    let bodies =
        ["Transfer-Encoding: chunked\r\n\r\n5\r\ntext=", "Content-Length: 9000\r\n\r\ntext="];
    let sent: Vec<_> = [
        ("/nowhere", "", 404),
        ("/oauth/huggingface/callback", "", 405),
        (login, "", 303),
        ("/oauth/huggingface/logout", "", 303),
        ("/oauth/huggingface/claim", "", 408),
        ("/none", "", 200),
        ("/gated", "", 401),
        ("/unread", "Origin: https://evil.example\r\n", 403),
        ("/failing", "", 418),
        ("/form", "", 408),
        ("/length", "", 408),
        ("/unread", "", 200),
    ]
    .into_iter()
    .flat_map(|(path, origin, status)| bodies.map(|body| (path, origin, status, body)))
    .map(|(path, origin, status, body)| {
        let ours = format!("Origin: http://{address}\r\n");
        let origin = if origin.is_empty() { &ours } else { origin };
        let head = format!("POST {path} HTTP/1.1\r\nHost: {address}\r\n{origin}Upgrade: h2c\r\n");
        let form = format!("Content-Type: {FORM}\r\n");
        let mut stream = TcpStream::connect(address).unwrap();
        stream.write_all(format!("{head}{form}{body}").as_bytes()).unwrap();
        (path, body, status, stream)
    })
    .collect();
    let answers = web::block(move || {
        sent.into_iter()
            .map(|(path, body, status, mut stream)| (path, body, status, answer(&mut stream)))
            .collect::<Vec<_>>()
    });
    for (path, body, status, answer) in answers.await.unwrap() {
        assert!(answer.starts_with(&format!("HTTP/1.1 {status} ")), "{path} {body}: {answer}");
        assert!(answer.contains("connection: close"), "{path} {body}: {answer}");
    }
}

#[actix_web::test]
async fn a_connection_goes_on_after_a_body_that_nobody_has_read() {
    let space = impatient();
    let address = space.address.trim_start_matches("http://").to_owned();
    let request = format!("POST /nowhere HTTP/1.1\r\nHost: {address}\r\n");
    let two = format!(
        "{request}Transfer-Encoding: chunked\r\n\r\n5\r\ntext=\r\n0\r\n\r\n\
         {request}Connection: close\r\nContent-Length: 5\r\n\r\ntext="
    );
    let answers = web::block(move || {
        let mut stream = TcpStream::connect(address).unwrap();
        stream.write_all(two.as_bytes()).unwrap();
        answer(&mut stream)
    });
    assert_eq!(answers.await.unwrap().matches("HTTP/1.1 404 ").count(), 2);
}

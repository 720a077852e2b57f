//! State of the app's own beside the login, and flash messages.

use std::net::TcpListener;
use std::sync::Arc;

use actix_huggingface_oauth::actix_session::{Session, SessionExt};
use actix_huggingface_oauth::{
    AppSession, HeadAsGet, HuggingFaceOAuth, attach_huggingface_oauth, flash, take_flash,
};
use actix_web::body::MessageBody;
use actix_web::dev::{Server, ServiceRequest, ServiceResponse};
use actix_web::http::header::CACHE_CONTROL;
use actix_web::middleware::{Next, from_fn};
use actix_web::web::{self, Data, Path, ServiceConfig};
use actix_web::{App, Error, HttpRequest, HttpResponse};
use reqwest::Method;
use serde_json::json;

use crate::helpers::frame::{FRAME, NAVIGATION};
use crate::helpers::own_middleware::{fail, parse_cookies};
use crate::helpers::{
    Browser, FakeHub, HOST, Slow, Space, app, server, settings, space_vars, user,
};

const STATE: &str = "__Host-hf-session";

fn configure(config: &mut ServiceConfig) {
    config
        .route("/draft", web::get().to(draft))
        .route("/write/{text}", web::get().to(write))
        .route("/write-slowly/{text}", web::get().to(write_slowly))
        .route("/paths", web::get().to(paths))
        .route("/clear", web::get().to(clear))
        .route("/public/{text}", web::get().to(write_publicly))
        .route("/flash/{text}", web::get().to(set_flash))
        .route("/flash", web::get().to(show_flash));
}

async fn draft(session: Session) -> Result<String, Error> {
    Ok(session.get::<String>("draft")?.unwrap_or_default())
}

async fn paths(session: Session) -> Result<String, Error> {
    Ok(session.get::<Vec<String>>("paths")?.unwrap_or_default().join(" "))
}

async fn write(session: Session, text: Path<String>) -> Result<&'static str, Error> {
    session.insert("draft", text.into_inner())?;
    Ok("written")
}

async fn write_slowly(
    slow: Data<Slow>,
    session: Session,
    text: Path<String>,
) -> Result<&'static str, Error> {
    slow.wait().await;
    write(session, text).await
}

async fn clear(session: Session) -> &'static str {
    session.purge();
    "cleared"
}

async fn write_publicly(session: Session, text: Path<String>) -> Result<HttpResponse, Error> {
    write(session, text).await?;
    Ok(HttpResponse::Ok().insert_header((CACHE_CONTROL, "public, max-age=60")).finish())
}

async fn set_flash(request: HttpRequest, text: Path<String>) -> &'static str {
    flash(&request, text.into_inner());
    "set"
}

async fn show_flash(request: HttpRequest) -> String {
    take_flash(&request).unwrap_or_default()
}

/// Middleware that stores the paths that a visitor has seen.
async fn remember_paths(
    request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    if request.headers().contains_key("x-remember") {
        let session = request.get_session();
        let mut paths = session.get::<Vec<String>>("paths")?.unwrap_or_default();
        paths.push(request.path().to_owned());
        session.insert("paths", paths)?;
    }
    next.call(request).await
}

fn start_with(vars: &[(&str, &str)]) -> (Space, Arc<Slow>) {
    let settings = settings(vars).unwrap();
    let slow = Arc::new(Slow::new());
    let shared = slow.clone();
    let serve = |listener: TcpListener| -> Server {
        let address = listener.local_addr().unwrap();
        let oauth = HuggingFaceOAuth::new(settings.listening_on(address)).unwrap();
        server(listener, 2, move || {
            let app = App::new()
                .wrap(from_fn(remember_paths))
                .wrap(from_fn(fail))
                .wrap(AppSession)
                .wrap(from_fn(parse_cookies));
            attach_huggingface_oauth(app, oauth.clone())
                .app_data(Data::from(shared.clone()))
                .configure(app::configure)
                .configure(configure)
                .wrap(from_fn(parse_cookies))
                .wrap(HeadAsGet)
        })
    };
    (Space::serving(serve), slow)
}

fn start(hub: &FakeHub) -> (Space, Arc<Slow>) {
    start_with(&space_vars(&hub.url))
}

async fn draft_of(browser: &mut Browser) -> String {
    browser.get("/draft").await.body
}

/// Another user at the Hub.
fn become_another(hub: &FakeHub) {
    hub.set_user(json!({ "sub": "another-user" }));
}

#[actix_web::test]
async fn state_is_in_a_sealed_partitioned_cookie_that_is_set_only_if_it_changed() {
    let hub = FakeHub::start(user());
    let (space, _slow) = start(&hub);
    let mut browser = space.browser();
    assert_eq!(browser.get("/draft").await.set_cookie(STATE), None);
    let page = browser.get("/write/hello").await;
    let cookie = page.set_cookie(STATE).unwrap().to_owned();
    let (value, attributes) = cookie.split_once(';').unwrap();
    assert_eq!(attributes, " Path=/; HttpOnly; Secure; SameSite=None; Partitioned");
    assert!(!value.contains("hello"));
    assert_eq!(page.header("cache-control"), "no-store");
    let page = browser.get("/draft").await;
    assert_eq!((&*page.body, page.set_cookie(STATE)), ("hello", None));
    assert_eq!(browser.get("/write/hello").await.set_cookie(STATE), None, "nothing changed");
    let framed = browser.send(Method::GET, "/draft", &[FRAME, NAVIGATION]).await;
    assert_eq!(framed.body, "hello");

    assert!(browser.get("/clear").await.set_cookie(STATE).unwrap().contains("Max-Age=0"));
    assert_eq!(draft_of(&mut browser).await, "");
}

#[actix_web::test]
async fn state_from_before_the_login_is_adopted_and_a_logout_ends_it() {
    let hub = FakeHub::start(user());
    let (space, _slow) = start(&hub);
    let mut browser = space.browser();
    browser.get("/write/mine").await;
    let anonymous = browser.cookies[STATE].clone();
    browser.sign_in(&hub).await;
    assert_ne!(browser.cookies[STATE], anonymous, "it belongs to the user from now on");
    assert_eq!(draft_of(&mut browser).await, "mine");
    let adopted = browser.cookies[STATE].clone();

    browser.get("/oauth/huggingface/logout").await;
    assert_eq!(draft_of(&mut browser).await, "");
    // The cookie from before the logout, as a late response could bring it back.
    browser.cookies.insert(STATE.to_owned(), adopted.clone());
    assert_eq!(draft_of(&mut browser).await, "", "a signed-out visitor sees none of it");
    become_another(&hub);
    browser.sign_in(&hub).await;
    browser.cookies.insert(STATE.to_owned(), adopted);
    assert_eq!(draft_of(&mut browser).await, "", "nor does another user");
    browser.get("/write/theirs").await;
    assert_eq!(draft_of(&mut browser).await, "theirs");
}

#[actix_web::test]
async fn a_late_response_carries_nothing_over_to_the_next_user() {
    let hub = FakeHub::start(user());
    let (space, slow) = start(&hub);
    for logs_out in [true, false] {
        hub.set_user(user());
        let mut browser = space.browser();
        browser.sign_in(&hub).await;
        let mut late = browser.clone();
        let late = actix_web::rt::spawn(async move {
            let page = late.get("/write-slowly/secret").await;
            (page.status, page.set_cookie(STATE).map(str::to_owned))
        });
        slow.has_started().await;
        if logs_out {
            browser.get("/oauth/huggingface/logout").await;
        }
        become_another(&hub);
        browser.sign_in(&hub).await;
        slow.go_on();
        let (status, cookie) = late.await.unwrap();
        assert_eq!((status, cookie.is_some()), (200, !logs_out));
        if let Some(cookie) = cookie {
            let value = cookie.split(['=', ';']).nth(1).unwrap().to_owned();
            browser.cookies.insert(STATE.to_owned(), value);
        }
        assert_eq!(draft_of(&mut browser).await, "", "logs out before: {logs_out}");
    }
}

#[actix_web::test]
async fn too_much_state_is_an_error_page_and_leaves_the_cookie_as_it_was() {
    let hub = FakeHub::start(user());
    let (space, _slow) = start(&hub);
    let mut browser = space.browser();
    let most = format!("/write/{}", "a".repeat(1_030));
    let page = browser.get(&most).await;
    let cookie = page.set_cookie(STATE).unwrap();
    let length = cookie.split_once(';').unwrap().0.len();
    assert!((1_400..=1_501).contains(&length), "{length} bytes");
    let page = browser.get(&format!("/write/{}", "b".repeat(1_200))).await;
    assert_eq!((page.status, page.set_cookie(STATE)), (500, None));
    assert!(page.body.contains("more than fits into a cookie"), "{}", page.body);
    assert!(page.header("content-security-policy").contains("frame-ancestors"));
    assert_eq!(draft_of(&mut browser).await.len(), 1_030);
}

#[actix_web::test]
async fn cross_origin_reads_see_no_state_and_change_none() {
    let hub = FakeHub::start(user());
    let (space, _slow) = start(&hub);
    let mut browser = space.browser();
    browser.get("/write/mine").await;
    for headers in [
        vec![("sec-fetch-site", "cross-site"), ("sec-fetch-mode", "cors")],
        vec![("sec-fetch-site", "same-site"), ("sec-fetch-mode", "no-cors")],
        vec![("origin", "https://evil.hf.space")],
    ] {
        let read = browser.send(Method::GET, "/draft", &headers).await;
        assert_eq!(read.body, "", "{headers:?}");
        let written = browser.send(Method::GET, "/write/theirs", &headers).await;
        assert_eq!(written.headers.get("set-cookie"), None, "{headers:?}");
    }
    assert_eq!(draft_of(&mut browser).await, "mine");
    // A form of another site would send the cookie.
    let post = browser.send(Method::POST, "/draft", &[]).await;
    assert_eq!(post.status, 403, "{post:?}");
}

#[actix_web::test]
async fn names_that_parsers_could_turn_into_that_of_the_state_are_not_it() {
    let hub = FakeHub::start(user());
    let (space, _slow) = start(&hub);
    let mut attacker = space.browser();
    attacker.get("/write/planted").await;
    let value = attacker.cookies[STATE].clone();
    for name in
        ["%5F_Host-hf-session", "__Host-hf-session\u{a0}", "__host-hf-session", "hf-session"]
    {
        let mut browser = space.browser();
        browser.cookies.insert(name.to_owned(), value.clone());
        assert_eq!(draft_of(&mut browser).await, "", "{name}");
    }
    let mut browser = space.browser();
    browser.cookies.insert(STATE.to_owned(), value.replacen('A', "B", 1) + "x");
    assert_eq!(draft_of(&mut browser).await, "", "a forged one");
}

#[actix_web::test]
async fn locally_two_apps_on_two_ports_have_states_of_their_own() {
    let vars =
        [("OAUTH_CLIENT_ID", "an-app"), ("SESSION_SECRET", "a secret of two apps of one owner")];
    let (one, _) = start_with(&vars);
    let (other, _) = start_with(&vars);
    let (mut browser, mut second) = (Browser::on_laptop(&one), Browser::on_laptop(&other));
    let page = browser.get("/write/one").await;
    let name = browser.named("hf-session");
    let cookie = page.set_cookie(&name).unwrap();
    assert!(cookie.ends_with("; Path=/; HttpOnly; SameSite=Lax"), "{cookie}");
    second.cookies = browser.cookies.clone();
    assert_eq!(draft_of(&mut second).await, "");
    second.get("/write/two").await;
    browser.cookies = second.cookies.clone();
    assert_eq!(draft_of(&mut browser).await, "one");
    assert_eq!(draft_of(&mut second).await, "two");
    let framed = browser.send(Method::GET, "/write/framed", &[FRAME, NAVIGATION]).await;
    let cookie = framed.set_cookie(&name).unwrap();
    assert!(cookie.ends_with("; Secure; SameSite=None; Partitioned"), "{cookie}");
}

#[actix_web::test]
async fn state_is_stored_with_an_error_too_and_never_in_a_response_that_caches_share() {
    let hub = FakeHub::start(user());
    let (space, _slow) = start(&hub);
    let mut browser = space.browser();
    let page = browser.send(Method::GET, "/write/kept", &[("x-fail", "1")]).await;
    assert_eq!((page.status, &*page.body), (418, "failed"));
    assert_eq!(draft_of(&mut browser).await, "kept");
    let page = browser.get("/public/shared").await;
    assert!(page.set_cookie(STATE).is_some());
    assert_eq!(page.header("cache-control"), "no-store");
}

#[actix_web::test]
async fn a_flash_message_is_shown_once_and_not_to_a_prefetch() {
    let hub = FakeHub::start(user());
    let (space, _slow) = start(&hub);
    let mut browser = space.browser();
    assert_eq!(browser.get("/flash").await.body, "");
    browser.get("/flash/Saved.").await;
    let prefetch = browser.send(Method::GET, "/flash", &[("sec-purpose", "prefetch")]).await;
    assert_eq!(prefetch.body, "");
    browser.send(Method::HEAD, "/flash", &[]).await;
    assert_eq!(browser.get("/flash").await.body, "Saved.");
    assert_eq!(browser.get("/flash").await.body, "");
}

#[actix_web::test]
async fn logout_and_a_renewed_consent_leave_a_flash_message_and_a_first_login_does_not() {
    let hub = FakeHub::start(user());
    let (space, _slow) = start(&hub);
    let mut browser = space.browser();
    browser.sign_in(&hub).await;
    assert_eq!(browser.get("/flash").await.body, "");
    browser.sign_in(&hub).await;
    assert_eq!(browser.get("/flash").await.body, "What you share with this app is up to date.");
    browser.get("/oauth/huggingface/logout").await;
    assert_eq!(browser.get("/flash").await.body, "You are signed out.");
    assert_eq!(browser.get("/flash").await.body, "");
}

#[actix_web::test]
async fn without_attach_the_session_is_empty_and_nothing_fails() {
    use actix_web::test::{TestRequest, call_and_read_body, init_service};
    let app = init_service(App::new().wrap(AppSession).configure(configure)).await;
    for path in ["/draft", "/write/lost", "/draft"] {
        let request = TestRequest::get().uri(path).insert_header(("host", HOST)).to_request();
        let body = call_and_read_body(&app, request).await;
        assert_eq!(body, if path == "/draft" { "" } else { "written" });
    }
}

#[actix_web::test]
async fn what_the_app_makes_of_a_users_state_during_logout_or_login_goes_to_nobody_else() {
    let hub = FakeHub::start(user());
    let (space, _slow) = start(&hub);
    let remember = [("x-remember", "1")];
    for path in ["/oauth/huggingface/logout", "the callback of another user"] {
        hub.set_user(user());
        let mut browser = space.browser();
        browser.sign_in(&hub).await;
        browser.send(Method::GET, "/healthz", &remember).await;
        assert_eq!(browser.get("/paths").await.body, "/healthz");
        if path.starts_with('/') {
            browser.send(Method::GET, path, &remember).await;
            assert_eq!(browser.get("/paths").await.body, "");
            become_another(&hub);
            browser.sign_in(&hub).await;
        } else {
            become_another(&hub);
            let callback = browser.consent(&hub, "/oauth/huggingface/login").await;
            browser.send(Method::GET, &callback, &remember).await.location();
        }
        assert_eq!(browser.get("/paths").await.body, "", "{path}");
    }
}

#[actix_web::test]
async fn a_login_that_expired_brings_the_users_own_state_back_and_no_message_from_before_it() {
    let hub = FakeHub::start(user());
    let (space, _slow) = start(&hub);
    let mut browser = space.browser();
    browser.sign_in(&hub).await;
    browser.get("/write/mine").await;
    browser.cookies.remove("__Host-hf-auth");
    assert_eq!(draft_of(&mut browser).await, "");
    browser.sign_in(&hub).await;
    assert_eq!(draft_of(&mut browser).await, "mine");

    browser.get("/oauth/huggingface/logout").await;
    browser.sign_in(&hub).await;
    assert_eq!(browser.get("/flash").await.body, "", "no page has shown that one is signed out");
}

#[actix_web::test]
async fn a_visitors_state_that_is_too_large_with_a_user_is_seen_and_fails_no_page() {
    let hub = FakeHub::start(user());
    let (space, _slow) = start(&hub);
    let mut browser = space.browser();
    let most = (1_000..).take_while(|length| length < &1_200);
    let mut longest = 0;
    for length in most {
        let mut other = space.browser();
        let page = other.get(&format!("/write/{}", "a".repeat(length))).await;
        if page.status == 500 {
            break;
        }
        (browser, longest) = (other, length);
    }
    assert!(browser.cookies[STATE].len() > 1_470, "{}", browser.cookies[STATE].len());
    browser.sign_in(&hub).await;
    for _ in 0..2 {
        assert_eq!(draft_of(&mut browser).await.len(), longest);
    }
    let page = browser.get(&format!("/write/{}", "b".repeat(longest))).await;
    assert_eq!(page.status, 500, "what the app writes is not lost in silence");
    browser.get("/write/short").await;
    assert_eq!(draft_of(&mut browser).await, "short");
}

#[actix_web::test]
async fn together_with_another_session_middleware_it_stands_back() {
    use actix_session::{SessionMiddleware, storage::CookieSessionStore};
    use actix_web::cookie::Key;
    let hub = FakeHub::start(user());
    let oauth = HuggingFaceOAuth::new(settings(&space_vars(&hub.url)).unwrap()).unwrap();
    let space = Space::serving(|listener| -> Server {
        server(listener, 1, move || {
            let own = SessionMiddleware::new(CookieSessionStore::default(), Key::from(&[7; 64]));
            let app = App::new().wrap(AppSession).wrap(own);
            attach_huggingface_oauth(app, oauth.clone()).configure(configure)
        })
    });
    let mut browser = space.browser();
    browser.get("/write/own").await;
    for _ in 0..2 {
        assert_eq!(draft_of(&mut browser).await, "own", "the other one is purged");
    }
}

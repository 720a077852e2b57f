//! What an app does at a login and a logout: a hook that may deny, `sign_out` and `revoke_user`.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use actix_huggingface_oauth::{
    HeadAsGet, HuggingFaceOAuth, Limits, OAuthInfo, OAuthSettings, Refusal,
    attach_huggingface_oauth, sign_out, signed_in_user,
};
use actix_web::dev::Server;
use actix_web::error::{ErrorForbidden, ErrorImATeapot, ErrorServiceUnavailable};
use actix_web::http::StatusCode;
use actix_web::test::{TestRequest, init_service, try_call_service};
use actix_web::web::{self, Bytes, Path, ServiceConfig};
use actix_web::{App, Error, HttpRequest, HttpResponse, body};
use futures_util::stream;
use serde_json::json;

use crate::helpers::frame::{Frame, frame_and_tab, sign_in_tab};
use crate::helpers::{
    Browser, FakeHub, HOST, Log, Page, Slow, Space, app, server, settings, space_vars, user,
};

const AUTH: &str = "__Host-hf-auth";
const LOGIN: &str = "/oauth/huggingface/login?_target_url=/profile";

/// The settings of a Space whose users log in at `hub`.
fn of(hub: &FakeHub) -> OAuthSettings {
    settings(&space_vars(&hub.url)).unwrap()
}

fn start(settings: OAuthSettings) -> Space {
    Space::serving(|listener| -> Server {
        let address = listener.local_addr().unwrap();
        let oauth = HuggingFaceOAuth::new(settings.listening_on(address)).unwrap();
        server(listener, 2, move || {
            attach_huggingface_oauth(App::new(), oauth.clone())
                .configure(app::configure)
                .configure(configure)
                .wrap(HeadAsGet)
        })
    })
}

fn configure(config: &mut ServiceConfig) {
    config
        .route("/delete", web::post().to(delete_account))
        .route("/late", web::get().to(sign_out_too_late))
        .route("/revoke/{sub}", web::get().to(revoke));
}

async fn delete_account(request: HttpRequest) -> &'static str {
    assert!(signed_in_user(&request).is_some());
    sign_out(&request);
    signed_in_user(&request).map_or("nobody", |_| "somebody")
}

/// Logs out while the body is sent.
async fn sign_out_too_late(request: HttpRequest) -> HttpResponse {
    HttpResponse::Ok().streaming(stream::once(async move {
        sign_out(&request);
        Ok::<_, Error>(Bytes::from_static(b"too late"))
    }))
}

async fn revoke(oauth: HuggingFaceOAuth, sub: Path<String>) -> Result<&'static str, Error> {
    oauth.revoke_user(&sub).await?;
    Ok("revoked")
}

async fn callback(browser: &mut Browser, hub: &FakeHub) -> Page {
    let callback = browser.consent(hub, LOGIN).await;
    browser.get(&callback).await
}

#[actix_web::test]
async fn the_hook_is_called_once_a_login_with_all_that_a_handler_learns() {
    let hub = FakeHub::start(user());
    let users = Arc::new(Mutex::new(Vec::new()));
    let table = users.clone();
    let space = start(of(&hub).on_login(async move |info: &OAuthInfo| {
        let user = &info.user_info;
        assert!(user.orgs.known().is_some() && !info.access_token.secret().is_empty());
        table.lock().unwrap().push((user.sub.clone(), info.scope.clone()));
        Ok(())
    }));
    let (mut frame, mut tab) = frame_and_tab(&space, &hub).await;
    assert_eq!(frame.claim().await.status, 200);
    assert!(frame.is_signed_in().await && tab.me().await.is_some());
    let expected = (user()["sub"].as_str().unwrap().to_owned(), "openid profile email".to_owned());
    assert_eq!(users.lock().unwrap().as_slice(), std::slice::from_ref(&expected));
    tab.sign_in(&hub).await;
    assert_eq!(*users.lock().unwrap(), [expected.clone(), expected]);
}

#[actix_web::test]
async fn a_denied_login_shows_a_page_stores_nothing_and_leaves_the_earlier_one() {
    let hub = FakeHub::start(user());
    let space =
        start(of(&hub).on_login(async |info: &OAuthInfo| match info.user_info.sub.as_str() {
            "not-invited" => Err(ErrorForbidden("This Space is in a <closed> beta.")),
            _ => Ok(()),
        }));
    let mut browser = space.browser();
    browser.sign_in(&hub).await;
    hub.set_user(json!({ "sub": "not-invited" }));
    let mut other = space.browser();
    for browser in [&mut other, &mut browser] {
        let page = callback(browser, &hub).await;
        assert_eq!((page.status, page.set_cookie(AUTH)), (403, None));
        assert!(page.body.contains("This Space is in a &#60;closed&#62; beta."), "{}", page.body);
        assert!(page.body.contains("Back to the app"), "{}", page.body);
    }
    assert_eq!(other.me().await, None);
    assert_eq!(browser.me().await.unwrap()["user_info"]["sub"], user()["sub"]);

    let mut frame = Frame::of(&space);
    let challenge = frame.challenge("/").await;
    assert_eq!(sign_in_tab(&mut other, &hub, &challenge, "/").await.status, 403);
    assert_eq!(frame.claim().await.status, 202);
    assert!(!frame.is_signed_in().await && other.me().await.is_none());
}

#[actix_web::test]
async fn a_hook_may_require_a_membership() {
    let hub = FakeHub::start(user());
    let space = start(of(&hub).on_login(async |info: &OAuthInfo| {
        info.user_info.member_of("an-organization-of-others", None)?;
        Ok(())
    }));
    let page = callback(&mut space.browser(), &hub).await;
    assert_eq!(page.status, 403);
    let organizations = vec!["an-organization-of-others".to_owned()];
    let text = Refusal::NotAMember { organizations }.to_string();
    assert!(page.body.contains(&text), "{}", page.body);
}

#[actix_web::test]
async fn a_hook_that_fails_or_takes_too_long_logs_nobody_in_and_shows_no_reason() {
    let hub = FakeHub::start(user());
    let failing = of(&hub).on_login(async |info: &OAuthInfo| match info.user_info.sub.as_str() {
        "unavailable" => Err(ErrorServiceUnavailable("password of the database: made-up")),
        "redirected" => {
            Err(actix_web::error::InternalError::new("made-up", StatusCode::FOUND).into())
        }
        _ => std::future::pending().await,
    });
    let mut limits = Limits::default();
    limits.on_login = Duration::from_millis(100);
    let space = start(failing.limits(limits));
    for (sub, status) in [("unavailable", 503), ("redirected", 500), ("slow", 503)] {
        hub.set_user(json!({ "sub": sub }));
        let mut browser = space.browser();
        let page = callback(&mut browser, &hub).await;
        assert_eq!((page.status, page.set_cookie(AUTH)), (status, None), "{sub}");
        assert!(page.body.contains("The login failed"), "{sub}: {}", page.body);
        assert!(!page.body.contains("made-up"), "{sub}: {}", page.body);
        assert_eq!(browser.me().await, None);
    }
}

#[actix_web::test]
async fn sign_out_ends_the_login_in_this_response_and_in_copies_of_the_cookie() {
    let hub = FakeHub::start(user());
    let space = start(of(&hub));
    let mut browser = space.browser();
    browser.sign_in(&hub).await;
    let mut copy = browser.clone();
    let page = browser.post("/delete").await;
    assert_eq!(page.body, "nobody", "the rest of the request is signed out");
    assert!(page.set_cookie(AUTH).unwrap().contains("Max-Age=0"), "{page:?}");
    assert_eq!(page.header("cache-control"), "no-store");
    assert_eq!(browser.me().await, None);
    assert_eq!(copy.me().await, None);
}

#[actix_web::test]
async fn sign_out_after_the_head_of_the_response_is_logged_and_changes_nothing() {
    let hub = FakeHub::start(user());
    let space = start(of(&hub));
    let mut browser = space.browser();
    browser.sign_in(&hub).await;
    let oauth = HuggingFaceOAuth::new(of(&hub)).unwrap();
    let app = attach_huggingface_oauth(App::new(), oauth).configure(configure);
    let app = init_service(app).await;
    let cookie = format!("{AUTH}={}", browser.cookies[AUTH]);
    let request = TestRequest::get().uri("/late").insert_header(("cookie", cookie));
    let request = request.insert_header(("host", HOST)).to_request();
    let log = Log::default();
    let logging = log.begin();
    let response = try_call_service(&app, request).await.unwrap();
    assert!(!response.headers().contains_key("set-cookie"));
    body::to_bytes(response.into_body()).await.unwrap();
    drop(logging);
    let lines = log.lines();
    assert!(lines.iter().any(|line| line.contains("came too late")), "{lines:?}");
    assert!(browser.me().await.is_some());
}

#[actix_web::test]
async fn revoke_user_ends_all_logins_of_the_user_up_to_now_and_of_nobody_else() {
    let hub = FakeHub::start(user());
    let space = start(of(&hub));
    let sub = user()["sub"].as_str().unwrap().to_owned();
    let (mut one, mut two, mut other) = (space.browser(), space.browser(), space.browser());
    one.sign_in(&hub).await;
    two.sign_in(&hub).await;
    let mut frame = Frame::of(&space);
    let challenge = frame.challenge("/").await;
    sign_in_tab(&mut two, &hub, &challenge, "/").await;
    hub.set_user(json!({ "sub": "another-user" }));
    other.sign_in(&hub).await;

    assert_eq!(other.get(&format!("/revoke/{sub}")).await.body, "revoked");
    assert_eq!((one.me().await, two.me().await), (None, None));
    assert_eq!(frame.claim().await.status, 202, "a handoff from before is revoked");
    assert!(other.me().await.is_some());
    hub.set_user(user());
    one.sign_in(&hub).await;
    assert!(one.me().await.is_some(), "the user may log in again");
    assert_eq!(two.me().await, None);
}

#[actix_web::test]
async fn an_error_of_a_handler_with_a_logout_under_way_still_removes_the_cookie() {
    let hub = FakeHub::start(user());
    let settings = of(&hub);
    let space = Space::serving(|listener| -> Server {
        let address = listener.local_addr().unwrap();
        let oauth = HuggingFaceOAuth::new(settings.listening_on(address)).unwrap();
        let fail = async |request: HttpRequest| -> Result<&'static str, Error> {
            sign_out(&request);
            Err(ErrorImATeapot("short and stout"))
        };
        server(listener, 1, move || {
            attach_huggingface_oauth(App::new(), oauth.clone())
                .configure(app::configure)
                .route("/fail", web::post().to(fail))
        })
    });
    let mut browser = space.browser();
    browser.sign_in(&hub).await;
    let page = browser.post("/fail").await;
    assert_eq!((page.status, &*page.body), (418, "short and stout"));
    assert!(page.set_cookie(AUTH).unwrap().contains("Max-Age=0"), "{page:?}");
}

#[actix_web::test]
async fn a_user_who_is_revoked_while_the_hook_runs_is_not_logged_in() {
    let hub = FakeHub::start(user());
    let slow = Arc::new(Slow::new());
    let inside = slow.clone();
    let settings = of(&hub).on_login(async move |_: &OAuthInfo| {
        inside.wait().await;
        Ok(())
    });
    let mut limits = Limits::default();
    limits.on_login = Duration::from_secs(60);
    let space = start(settings.limits(limits));
    let mut browser = space.browser();
    let callback = browser.consent(&hub, LOGIN).await;
    let login = actix_web::rt::spawn(async move {
        browser.get(&callback).await;
        browser
    });
    slow.has_started().await;
    let sub = user()["sub"].as_str().unwrap().to_owned();
    assert_eq!(space.browser().get(&format!("/revoke/{sub}")).await.body, "revoked");
    slow.go_on();
    assert_eq!(login.await.unwrap().me().await, None);
}

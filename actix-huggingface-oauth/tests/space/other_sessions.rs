//! An app that has a `SessionMiddleware` of its own all the same: nobody can sign in, and no token leaves in its cookie.

use std::net::TcpListener;

use actix_huggingface_oauth::{HuggingFaceOAuth, attach_huggingface_oauth};
use actix_session::SessionMiddleware;
use actix_session::config::CookieContentSecurity;
use actix_session::storage::CookieSessionStore;
use actix_web::App;
use actix_web::cookie::Key;
use actix_web::dev::ServerHandle;
use actix_web::middleware::Condition;

use crate::helpers::{Browser, FakeHub, HOST, Space, app, server, settings, space_vars, user};

/// The name of the app's own cookie.
const OWN: &str = "own-session";

/// A session in a cookie that anybody can read.
fn own_session() -> SessionMiddleware<CookieSessionStore> {
    SessionMiddleware::builder(CookieSessionStore::default(), Key::from(&[7; 64]))
        .cookie_name(OWN.to_owned())
        .cookie_content_security(CookieContentSecurity::Signed)
        .build()
}

struct Running(Browser, ServerHandle);

impl Drop for Running {
    fn drop(&mut self) {
        drop(self.1.stop(false));
    }
}

/// An app with its own session, wrapped inside of attach or around it.
fn start(hub: &FakeHub, inside: bool) -> Running {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let oauth = HuggingFaceOAuth::new(settings(&space_vars(&hub.url)).unwrap()).unwrap();
    let server = server(listener, 1, move || {
        let app = App::new().wrap(Condition::new(inside, own_session()));
        attach_huggingface_oauth(app, oauth.clone())
            .configure(app::configure)
            .wrap(Condition::new(!inside, own_session()))
    });
    let handle = server.handle();
    actix_web::rt::spawn(server);
    Running(Browser::at(&address, HOST), handle)
}

#[actix_web::test]
async fn inside_of_attach_nobody_signs_in_and_no_token_leaves() {
    let hub = FakeHub::start(user());
    let mut running = start(&hub, true);
    let Running(browser, _) = &mut running;
    for again in [false, true] {
        let callback = browser.consent(&hub, "/oauth/huggingface/login").await;
        let page = browser.get(&callback).await;
        assert_eq!(page.status, 500, "{again}");
        assert!(page.body.contains("Its log says which it is"), "{}", page.body);
        assert_eq!((page.set_cookie(OWN), page.set_cookie("__Host-session")), (None, None));
        assert!(!format!("{page:?}").contains("hf_oauth_"), "{page:?}");
        assert_eq!(browser.get("/by-hand").await.body, "nobody");
        // What the app keeps in the session is kept where it wants it.
        assert_eq!(browser.get("/note/10").await.body, "kept");
        assert!(browser.cookie(OWN).is_some());
    }
}

#[actix_web::test]
async fn a_session_from_before_the_app_had_its_own_does_not_get_into_it() {
    let hub = FakeHub::start(user());
    let space = Space::on(&hub);
    let mut before = space.browser();
    before.sign_in(&hub).await;
    for inside in [true, false] {
        let mut running = start(&hub, inside);
        let Running(browser, _) = &mut running;
        browser.cookies.clone_from(&before.cookies);
        for path in ["/", "/note/10", "/profile"] {
            let page = browser.get(path).await;
            let own = page.set_cookie(OWN).unwrap_or_default();
            assert!(!own.contains("hf_oauth_") && !own.contains("hub.js"), "{path}: {own}");
        }
    }
}

#[actix_web::test]
async fn around_attach_nobody_signs_in_where_the_app_keeps_something() {
    let hub = FakeHub::start(user());
    let mut running = start(&hub, false);
    let Running(browser, _) = &mut running;
    // As an app would have kept it before attach was added.
    browser.cookies.insert(OWN.to_owned(), signed(r#"{"note":"\"x\""}"#));
    let callback = browser.consent(&hub, "/oauth/huggingface/login").await;
    let page = browser.get(&callback).await;
    assert_eq!(page.status, 500, "{page:?}");
    assert!(!page.set_cookie(OWN).unwrap_or_default().contains("hf_oauth_"), "{page:?}");
    assert_eq!(page.set_cookie("__Host-session"), None);
}

/// A cookie as the app's own middleware writes it.
fn signed(state: &str) -> String {
    let mut jar = actix_web::cookie::CookieJar::new();
    let cookie = actix_web::cookie::Cookie::new(OWN, state.to_owned());
    jar.signed_mut(&Key::from(&[7; 64])).add(cookie);
    jar.get(OWN).unwrap().encoded().to_string().split_once('=').unwrap().1.to_owned()
}

#[actix_web::test]
async fn what_an_app_clears_in_the_session_is_its_own() {
    let hub = FakeHub::start(user());
    let space = Space::on(&hub);
    let mut browser = space.browser();
    browser.sign_in(&hub).await;
    browser.get("/note/10").await;
    assert_eq!(browser.get("/entries").await.body, "{\"note\": \"\\\"xxxxxxxxxx\\\"\"}");
    browser.get("/clear").await;
    assert_eq!(browser.get("/entries").await.body, "{}");
    assert_eq!(browser.get("/by-hand").await.body, "62f264b9f3c90f4b6514a269");
    browser.get("/purge").await;
    assert_eq!(browser.get("/by-hand").await.body, "nobody");
}

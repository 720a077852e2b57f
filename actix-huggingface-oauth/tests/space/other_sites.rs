//! Paths that an owner has opened to pages of other sites: who may send what there, and that no cookie counts.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::time::Duration;

use actix_huggingface_oauth::{
    HuggingFaceOAuth, OAuthSettings, SignIn, attach_huggingface_oauth, signed_in_user,
};
use actix_web::dev::Server;
use actix_web::web::{self, resource};
use actix_web::{App, HttpRequest};
use reqwest::Method;

use crate::helpers::{Browser, FakeHub, HOST, Page, Space, server, settings, space_vars, user};

const OTHER_SITE: &str = "https://other.example.org";

/// What a script of another site sends.
const SCRIPT: [(&str, &str); 4] = [
    ("origin", OTHER_SITE),
    ("sec-fetch-site", "cross-site"),
    ("sec-fetch-mode", "cors"),
    ("accept", "*/*"),
];

/// Names the signed-in user.
async fn note(request: HttpRequest) -> String {
    let user = signed_in_user(&request);
    user.map_or("nobody".to_owned(), |user| user.display_name().to_owned())
}

fn serve(listener: TcpListener, settings: OAuthSettings) -> Server {
    let address = listener.local_addr().unwrap();
    let oauth = HuggingFaceOAuth::new(settings.listening_on(address)).unwrap();
    server(listener, 1, move || {
        attach_huggingface_oauth(App::new(), oauth.clone())
            .service(resource("/api/note").route(web::route().to(note)))
            .service(resource("/api/files/{path:.*}").post(async || "a file"))
            .service(resource("/apiary").post(async || "bees"))
            .service(resource("/note").post(note))
    })
}

fn start(vars: &[(&str, &str)], opened: &[&str]) -> Space {
    let settings = settings(vars).unwrap().open_to_other_sites(opened.iter().copied());
    Space::serving(|listener| serve(listener, settings))
}

async fn post(browser: &mut Browser, path: &str) -> Page {
    browser.send(Method::POST, path, &SCRIPT).await
}

/// Sends a path as it is: a client would take out the dots. The status line and the body.
async fn post_as_it_is(space: &Space, path: &str) -> String {
    let address = space.address.trim_start_matches("http://").to_owned();
    let request = format!(
        "POST {path} HTTP/1.1\r\nhost: {HOST}\r\norigin: {OTHER_SITE}\r\nconnection: close\r\n\r\n"
    );
    let answer = web::block(move || {
        let mut stream = TcpStream::connect(address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    });
    answer.await.unwrap()
}

fn assert_refused(page: &Page, what: &str) {
    assert_eq!(page.status, 403, "{what}: {page:?}");
    assert!(page.json()["error"].as_str().unwrap().contains("page of this app"), "{what}");
}

#[actix_web::test]
async fn nothing_is_open_by_default() {
    let hub = FakeHub::start(user());
    let space = start(&space_vars(&hub.url), &[]);
    assert_refused(&post(&mut space.browser(), "/api/note").await, "/api/note");
}

#[actix_web::test]
async fn a_page_of_another_site_may_send_to_what_is_opened_and_leaves_no_cookie() {
    let hub = FakeHub::start(user());
    let space = start(&space_vars(&hub.url), &["/api/"]);
    let mut browser = space.browser();
    browser.cookies.insert("of-another-app".to_owned(), "anything".to_owned());
    for method in [Method::POST, Method::PUT, Method::PATCH, Method::DELETE] {
        for _ in 0..2 {
            let path = "/api/note?__theme=dark";
            let page = browser.send(method.clone(), path, &SCRIPT).await;
            assert_eq!((page.status, &*page.body), (200, "nobody"), "{method}");
            assert_eq!(page.headers.get("set-cookie"), None, "{method}");
        }
    }
    let opaque = [("origin", "null"), ("sec-fetch-mode", "cors")];
    assert_eq!(browser.send(Method::POST, "/api/note", &opaque).await.status, 200);
    let preflight = [("access-control-request-method", "POST"), ("origin", OTHER_SITE)];
    assert_eq!(browser.send(Method::OPTIONS, "/api/note", &preflight).await.status, 200);
}

#[actix_web::test]
async fn with_a_cookie_of_this_app_it_is_refused_as_elsewhere() {
    let hub = FakeHub::start(user());
    let space = start(&space_vars(&hub.url), &["/api/"]);
    for cookie in ["__Host-hf-auth", "__Host-hf-login-0123abcd", "__Host-hf-handoff"] {
        let mut browser = space.browser();
        browser.cookies.insert(cookie.to_owned(), "anything".to_owned());
        assert_refused(&post(&mut browser, "/api/note").await, cookie);
    }
    let mut browser = space.browser();
    browser.sign_in(&hub).await;
    assert_refused(&post(&mut browser, "/api/note").await, "a session");
    let page = browser.send(Method::GET, "/api/note", &SCRIPT).await;
    assert_eq!((page.status, &*page.body), (200, "nobody"), "a cross-origin read is anonymous");
    assert_eq!(page.headers.get("set-cookie"), None);
    // Pages of the app's own go on as before.
    assert_eq!(browser.post("/api/note").await.body, "Hub CI bot");
}

#[actix_web::test]
async fn it_is_neither_a_navigation_nor_a_websocket_nor_without_an_origin() {
    let hub = FakeHub::start(user());
    let space = start(&space_vars(&hub.url), &["/api/"]);
    let mut browser = space.browser();
    let navigation = [("origin", OTHER_SITE), ("sec-fetch-mode", "navigate")];
    assert_eq!(browser.send(Method::POST, "/api/note", &navigation).await.location(), "/");
    let handshake = [SCRIPT[0], ("upgrade", "websocket"), ("connection", "upgrade")];
    for method in [Method::GET, Method::POST, Method::OPTIONS] {
        let page = browser.send(method, "/api/note", &handshake).await;
        assert_refused(&page, "a WebSocket");
    }
    assert_refused(&browser.send(Method::POST, "/api/note", &SCRIPT[1..]).await, "no Origin");
}

#[actix_web::test]
async fn what_is_not_opened_stays_closed_however_it_is_spelt() {
    let hub = FakeHub::start(user());
    let space = start(&space_vars(&hub.url), &["/api/"]);
    // This is what the router takes it for.
    for (path, body) in [("/%61pi/note", "nobody"), ("/api/files/a/..b.txt", "a file")] {
        let answer = post_as_it_is(&space, path).await;
        assert!(answer.starts_with("HTTP/1.1 200 ") && answer.ends_with(body), "{path}: {answer}");
    }
    for path in [
        "/note",
        "/api",
        "/apiary",
        "/API/note",
        "//api/note",
        "/api//note",
        "/api/files//note",
        "/api/../note",
        "/api/%2e%2e/note",
        "/api/files/.",
        "/api/files/./note",
        "/api/files/..",
        "/api/files/%2e%2e%2f%2e%2e%2fnote",
        "/api/files/..%5c..%5cnote",
        "/api/files/%25",
        "/api/files/%00",
        "/%2fapi/note",
        "/api%2fnote",
        "/note?/api/",
        "/note/api/",
    ] {
        let answer = post_as_it_is(&space, path).await;
        assert!(answer.starts_with("HTTP/1.1 403 "), "{path}: {answer}");
    }
}

#[actix_web::test]
async fn a_path_without_a_slash_at_its_end_is_itself_and_what_is_below() {
    let hub = FakeHub::start(user());
    let space = start(&space_vars(&hub.url), &["/elsewhere", "/api"]);
    let mut browser = space.browser();
    assert_eq!(post(&mut browser, "/api/note").await.status, 200);
    assert_eq!(post(&mut browser, "/api").await.status, 404);
    assert_refused(&post(&mut browser, "/apiary").await, "/apiary");
}

#[actix_web::test]
async fn nothing_is_open_on_a_computer_or_under_an_address() {
    let hub = FakeHub::start(user());
    let on_a_laptop = start(&[("HF_MOCK_USER", "off")], &["/api/"]);
    let tunnelled = [("HF_MOCK_USER", "off"), ("SPACE_HOST", "tunnel.example.org")];
    let tunnelled = start(&tunnelled, &["/api/"]);
    let mut vars = space_vars(&hub.url);
    vars[1].1 = "me-app.hf.space,localhost,app.localhost,127.0.0.1";
    let in_a_space = start(&vars, &["/api/"]);
    for (space, host, status) in [
        (&on_a_laptop, "localhost:7860", 403),
        (&on_a_laptop, "127.0.0.1:7860", 403),
        (&tunnelled, "tunnel.example.org", 200),
        (&tunnelled, "localhost:7860", 403),
        (&in_a_space, "me-app.hf.space", 200),
        (&in_a_space, "ME-APP.hf.space:443", 200),
        (&in_a_space, "localhost", 403),
        (&in_a_space, "localhost:7860", 403),
        (&in_a_space, "app.localhost", 403),
        (&in_a_space, "127.0.0.1", 403),
        (&in_a_space, "10.0.0.7:7860", 403),
        (&in_a_space, "other.hf.space", 403),
    ] {
        let mut browser = Browser::at(&space.address, host);
        assert_eq!(post(&mut browser, "/api/note").await.status, status, "{host}");
    }
}

#[actix_web::test]
async fn sign_in_is_never_opened() {
    let hub = FakeHub::start(user());
    let space = start(&space_vars(&hub.url), &["/", "/oauth/huggingface/"]);
    let mut browser = space.browser();
    assert_eq!(post(&mut browser, "/note").await.status, 200);
    for endpoint in ["login", "logout", "callback", "claim", "%6cogin", ""] {
        let path = format!("/oauth/huggingface/{endpoint}");
        assert_refused(&post(&mut browser, &path).await, endpoint);
    }
}

#[cfg(feature = "mock-hub")]
#[actix_web::test]
async fn the_mock_hub_is_never_opened() {
    let vars = [("HF_MOCK_USER", "ask"), ("SPACE_HOST", "tunnel.example.org")];
    let space = start(&vars, &["/"]);
    let mut browser = Browser::at(&space.address, "tunnel.example.org");
    assert_eq!(post(&mut browser, "/note").await.status, 200);
    for path in ["/mock-hub/oauth/authorize", "/mock-hub/oauth/token"] {
        assert_refused(&post(&mut browser, path).await, path);
    }
}

#[test]
fn what_is_no_path_refuses_to_start() {
    for path in
        ["", "//", "api", "https://x.test/api/", "/api/*?", "/api//", "/a/../b", "/a%2fb", "/a\\"]
    {
        let settings = OAuthSettings::new(SignIn::Off).open_to_other_sites([path]);
        let refusal = HuggingFaceOAuth::new(settings).unwrap_err().to_string();
        assert!(refusal.contains("open_to_other_sites"), "{path}: {refusal}");
    }
}

//! Requests for another host, and requests of other sites that would change something.

#[cfg(feature = "mock-hub")]
use actix_huggingface_oauth::{HuggingFaceOAuth, attach_huggingface_oauth};
#[cfg(feature = "mock-hub")]
use actix_web::App;
#[cfg(feature = "mock-hub")]
use actix_web::test::{TestRequest, call_service, init_service};
use reqwest::Method;

use crate::helpers::{Browser, FakeHub, HOST, Space, user};
#[cfg(feature = "mock-hub")]
use crate::helpers::{app, settings};

const EVIL: &str = "https://evil.hf.space";

#[actix_web::test]
async fn on_a_laptop_only_loopback_names_are_served() {
    let space = Space::start(&[("HF_MOCK_USER", "off")]);
    for (host, status) in [
        ("localhost", 200),
        ("localhost:7860", 200),
        ("127.0.0.1:1", 200),
        ("[::1]", 200),
        ("[::1]:7860", 200),
        ("evil.test", 421),
        ("localhost.evil.test", 421),
        ("localhost@evil.test", 421),
        ("127.0.0.1.evil.test:80", 421),
        ("localhost:80:80", 421),
        ("192.168.1.1", 421),
        ("[::2]", 421),
    ] {
        let page = Browser::at(&space.address, host).get("/").await;
        assert_eq!(page.status, status, "{host}");
        let is_told = page.body.contains("does not know the name under which you reached it");
        assert_eq!(is_told, status == 421, "{host}");
    }
}

#[cfg(feature = "mock-hub")]
#[actix_web::test]
async fn while_sign_in_is_mocked_only_this_computer_is_served() {
    for (vars, elsewhere) in [(&[("HF_MOCK_USER", "ask")], 421), (&[("HF_MOCK_USER", "off")], 200)]
    {
        let oauth = HuggingFaceOAuth::new(settings(vars).unwrap()).unwrap();
        let app = attach_huggingface_oauth(App::new(), oauth).configure(app::configure);
        let app = init_service(app).await;
        for (peer, status) in [
            ("127.0.0.1:9", 200),
            ("127.1.2.3:9", 200),
            ("[::1]:9", 200),
            ("[::ffff:127.0.0.1]:9", 200),
            ("192.168.1.2:9", elsewhere),
            ("[::ffff:192.168.1.2]:9", elsewhere),
            ("[2001:db8::1]:9", elsewhere),
        ] {
            let request = TestRequest::get().uri("/healthz").peer_addr(peer.parse().unwrap());
            let request = request.insert_header(("host", "localhost")).to_request();
            assert_eq!(call_service(&app, request).await.status(), status, "{vars:?} {peer}");
        }
    }
}

#[actix_web::test]
async fn a_space_answers_health_checks_whatever_their_host() {
    let hub = FakeHub::start(user());
    let space = Space::on(&hub);
    for host in ["10.0.0.7:7860", "localhost", HOST] {
        assert_eq!(Browser::at(&space.address, host).get("/").await.status, 200, "{host}");
    }
}

#[actix_web::test]
async fn with_space_host_the_app_is_https_outside_of_spaces_too() {
    let space = Space::start(&[("HF_MOCK_USER", "off"), ("SPACE_HOST", "tunnel.example.org")]);
    let page = Browser::at(&space.address, "tunnel.example.org").get("/?__theme=dark").await;
    assert_eq!(page.status, 200);
    assert!(page.set_cookie("__Host-hf-theme").unwrap().contains("; Secure;"), "{page:?}");
}

#[actix_web::test]
async fn a_post_of_another_origin_is_refused() {
    let hub = FakeHub::start(user());
    let space = Space::on(&hub);
    let mut browser = space.browser();
    let attacks = [
        EVIL,
        "null",
        "http://me-app.hf.space",
        "https://me-app.hf.space.evil.test",
        "https://ME-APP.hf.space:444",
    ];
    for origin in attacks {
        for method in [Method::POST, Method::PUT, Method::DELETE, Method::PATCH] {
            let page = browser.send(method, "/", &[("origin", origin), ("accept", "*/*")]).await;
            assert_eq!(page.status, 403, "{origin}");
            assert!(page.json()["error"].as_str().unwrap().contains("page of this app"));
        }
        let navigation = [("origin", origin), ("sec-fetch-mode", "navigate")];
        assert_eq!(browser.send(Method::POST, "/profile", &navigation).await.location(), "/");
    }
}

#[actix_web::test]
async fn in_a_space_no_proxy_makes_a_loopback_origin_one_of_ours() {
    let hub = FakeHub::start(user());
    let space = Space::on(&hub);
    for origin in ["http://localhost:7860", "https://127.0.0.1"] {
        let headers =
            [("origin", origin), ("sec-fetch-site", "same-origin"), ("x-forwarded-host", HOST)];
        let page = space.browser().send(Method::POST, "/healthz", &headers).await;
        assert_eq!(page.status, 403, "{origin}");
    }
}

#[actix_web::test]
async fn a_post_without_an_origin_is_refused_only_with_a_cookie_of_ours() {
    let hub = FakeHub::start(user());
    let space = Space::on(&hub);
    let mut browser = space.browser();
    assert_eq!(browser.send(Method::POST, "/healthz", &[]).await.status, 405, "scripts may post");
    for cookie in ["__Host-hf-auth", "__Host-hf-login-0123abcd", "__Host-hf-handoff"] {
        browser.cookies.clear();
        browser.cookies.insert(cookie.to_owned(), "anything".to_owned());
        assert_eq!(browser.send(Method::POST, "/healthz", &[]).await.status, 403, "{cookie}");
    }
    browser.cookies.clear();
    browser.cookies.insert("other".to_owned(), "anything".to_owned());
    assert_eq!(browser.send(Method::POST, "/healthz", &[]).await.status, 405);
}

#[actix_web::test]
async fn every_name_of_the_space_is_an_origin_of_ours() {
    let hub = FakeHub::start(user());
    let space = Space::on_two_names(&hub.url);
    for origin in ["https://me-app.hf.space", "https://www.example.org"] {
        let page = space.browser().send(Method::POST, "/healthz", &[("origin", origin)]).await;
        assert_eq!(page.status, 405, "{origin} is refused");
    }
}

#[actix_web::test]
async fn on_a_laptop_the_origin_is_that_of_the_request() {
    let space = Space::start(&[("HF_MOCK_USER", "off")]);
    let mut browser = Browser::at(&space.address, "localhost:7860");
    for (origin, status) in [
        ("http://localhost:7860", 405),
        ("http://127.0.0.1:7860", 403),
        ("http://localhost:1", 403),
    ] {
        assert_eq!(
            browser.send(Method::POST, "/healthz", &[("origin", origin)]).await.status,
            status,
            "{origin}"
        );
    }
}

#[actix_web::test]
async fn websockets_of_other_origins_are_refused() {
    let hub = FakeHub::start(user());
    let space = Space::on(&hub);
    let mut browser = space.browser();
    let upgrade =
        [("upgrade", "websocket"), ("connection", "upgrade"), ("accept", "*/*"), ("origin", EVIL)];
    assert_eq!(browser.send(Method::GET, "/", &upgrade).await.status, 403);
    browser.cookies.insert("__Host-hf-auth".to_owned(), "anything".to_owned());
    assert_eq!(browser.send(Method::GET, "/", &upgrade[..3]).await.status, 403);
    let origin = browser.origin();
    let ours = [("upgrade", "websocket"), ("connection", "upgrade"), ("origin", origin.as_str())];
    assert_eq!(browser.send(Method::GET, "/", &ours).await.status, 200);
}

#[actix_web::test]
async fn reading_needs_no_origin() {
    let hub = FakeHub::start(user());
    let space = Space::on(&hub);
    for method in [Method::GET, Method::HEAD] {
        assert_eq!(space.browser().send(method, "/", &[("origin", EVIL)]).await.status, 200);
    }
}

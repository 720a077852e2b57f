//! Login: what is asked of the Hub, and what the browser keeps meanwhile.

use std::collections::HashMap;
use std::io::Write;
use std::net::TcpStream;

use oauth2::url::Url;

use crate::helpers::frame::{Frame, post_login};
use crate::helpers::{Browser, Endpoint, FakeHub, HOST, SECOND_HOST, Space, user};

fn query(url: &str) -> HashMap<String, String> {
    Url::parse(url).unwrap().query_pairs().into_owned().collect()
}

#[actix_web::test]
async fn a_user_signs_in_and_is_greeted() {
    let hub = FakeHub::start(user());
    let space = Space::on(&hub);
    let mut browser = space.browser();
    assert_eq!(browser.me().await, None);

    browser.sign_in(&hub).await;
    assert!(browser.get("/").await.body.contains("Hub CI bot"));
    assert_eq!(browser.me().await.unwrap()["user_info"]["preferred_username"], "hub.js");
}

#[actix_web::test]
async fn login_asks_for_the_configured_scopes_with_pkce_and_a_redirect_uri_without_a_query() {
    let hub = FakeHub::start(user());
    let space = Space::on(&hub);
    let page = space.browser().get("/oauth/huggingface/login?_target_url=/profile&x=1").await;
    let asked = query(page.location());
    assert!(page.location().starts_with(&format!("{}/oauth/authorize?", hub.url)));
    assert_eq!(asked["response_type"], "code");
    assert_eq!(asked["client_id"], "client-id");
    assert_eq!(asked["scope"], "openid profile email");
    assert_eq!(asked["redirect_uri"], format!("https://{HOST}/oauth/huggingface/callback"));
    assert_eq!(asked["code_challenge_method"], "S256");
    assert_eq!(asked["code_challenge"].len(), 43);
    assert!(asked["state"].len() >= 22);
}

#[actix_web::test]
async fn state_and_challenge_differ_from_login_to_login() {
    let hub = FakeHub::start(user());
    let space = Space::on(&hub);
    let mut browser = space.browser();
    let first = query(browser.get("/oauth/huggingface/login").await.location());
    let second = query(browser.get("/oauth/huggingface/login").await.location());
    assert_ne!(first["state"], second["state"]);
    assert_ne!(first["code_challenge"], second["code_challenge"]);
}

#[actix_web::test]
async fn the_sign_in_cookie_is_bound_to_this_host_and_ends_after_ten_minutes() {
    let hub = FakeHub::start(user());
    let space = Space::on(&hub);
    let mut browser = space.browser();
    let page = browser.get("/oauth/huggingface/login").await;
    let cookie = page.set_cookie(&browser.sign_ins()[0]).unwrap();
    let (_, attributes) = cookie.split_once("; ").unwrap();
    assert_eq!(attributes, "Path=/; HttpOnly; Max-Age=600; Secure; SameSite=Lax");
    let state = &query(page.location())["state"];
    assert!(!cookie.contains(state), "the cookie is not encrypted");
}

#[actix_web::test]
async fn metadata_is_read_at_the_first_sign_in_and_kept() {
    let hub = FakeHub::start(user());
    let space = Space::on(&hub);
    space.browser().get("/").await;
    assert_eq!(hub.requests(Endpoint::Metadata), 0);
    space.browser().sign_in(&hub).await;
    space.browser().sign_in(&hub).await;
    assert_eq!(hub.requests(Endpoint::Metadata), 1);
}

#[actix_web::test]
async fn eight_sign_ins_can_be_under_way_and_end_in_any_order() {
    let hub = FakeHub::start(user());
    let space = Space::on(&hub);
    let mut browser = space.browser();
    let mut callbacks = Vec::new();
    for number in 0..9 {
        let login = format!("/oauth/huggingface/login?_target_url=/{number}");
        callbacks.push(browser.consent(&hub, &login).await);
    }
    assert_eq!(browser.sign_ins().len(), 8);
    assert_eq!(browser.get(&callbacks[0]).await.status, 400, "the oldest gives way to a ninth");
    for number in [4, 8, 1, 7, 2, 6, 3, 5] {
        assert_eq!(browser.get(&callbacks[number]).await.location(), format!("/{number}"));
    }
    assert_eq!(browser.sign_ins(), Vec::<String>::new(), "each takes its cookie away");
}

#[actix_web::test]
async fn sign_ins_that_begin_and_end_at_the_same_time_do_not_hinder_each_other() {
    let hub = FakeHub::start(user());
    let space = Space::on(&hub);
    // Two tabs of one browser: each sends the cookies that it had when it asked, and both keep what comes.
    let mut tabs = [space.browser(), space.browser()];
    let mut callbacks = Vec::new();
    for tab in &mut tabs {
        callbacks.push(tab.consent(&hub, "/oauth/huggingface/login").await);
    }
    let [one, other] = &mut tabs;
    one.cookies.append(&mut other.cookies.clone());
    other.cookies = one.cookies.clone();
    for (tab, callback) in tabs.iter_mut().zip(&callbacks) {
        let page = tab.get(callback).await;
        assert_eq!(page.location(), "/");
        let removals = page.headers.get_all("set-cookie").iter();
        let removals = removals.map(|header| header.to_str().unwrap()).filter(|header| {
            header.starts_with("__Host-hf-login-") && header.contains("Max-Age=0")
        });
        assert_eq!(removals.count(), 1, "only its own: {page:?}");
    }
}

#[actix_web::test]
async fn long_ways_back_do_not_let_the_cookies_grow() {
    let hub = FakeHub::start(user());
    let space = Space::on(&hub);
    let mut browser = space.browser();
    let mut callbacks = Vec::new();
    for number in 0..8 {
        let target = format!("/{number}{}", "a".repeat(510));
        let login = format!("/oauth/huggingface/login?_target_url={target}");
        callbacks.push(browser.consent(&hub, &login).await);
        let length: usize =
            browser.cookies.iter().map(|(name, value)| name.len() + value.len()).sum();
        assert!(length <= 2_000, "{length} bytes");
    }
    assert_eq!(browser.sign_ins().len(), 8);
    for callback in &callbacks {
        assert_eq!(browser.get(callback).await.location(), "/");
    }
    let mut callbacks = Vec::new();
    for number in 0..3 {
        let login = format!("/oauth/huggingface/login?_target_url=/{number}{}", "a".repeat(510));
        callbacks.push(browser.consent(&hub, &login).await);
    }
    let mut ways_back = Vec::new();
    for callback in &callbacks {
        ways_back.push(browser.get(callback).await.location().len());
    }
    assert_eq!(ways_back, [1, 512, 512], "the oldest of the longest becomes `/`");

    let login = format!("/oauth/huggingface/login?_target_url=/{}", "a".repeat(512));
    let callback = browser.consent(&hub, &login).await;
    assert_eq!(browser.get(&callback).await.location(), "/", "a way back of 513 bytes is too long");
}

#[actix_web::test]
async fn all_cookies_together_leave_room_in_a_request() {
    let hub = FakeHub::start(serde_json::json!({ "sub": "s" }));
    // As long as fits into the cookie.
    hub.set_token_field("access_token", "t".repeat(2_724).into());
    let space = Space::on(&hub);
    let mut frame = Frame::of(&space);
    frame.open("/?__theme=dark").await;
    let mut browser = frame.browser;
    browser.sign_in(&hub).await;
    for _ in 0..20 {
        let target = format!("/{}", "a".repeat(511));
        browser.get(&format!("/oauth/huggingface/login?_target_url={target}")).await;
    }
    let length: usize =
        browser.cookies.iter().map(|(name, value)| name.len() + value.len() + 3).sum();

    assert!((5_400..6_000).contains(&length), "{length} bytes");
}

#[actix_web::test]
async fn login_on_a_custom_domain_goes_on_at_the_spaces_own_name() {
    let hub = FakeHub::start(user());
    let space = Space::on_two_names(&hub.url);
    let mut custom = Browser::at(&space.address, SECOND_HOST);
    let page = custom.get("/oauth/huggingface/login?_target_url=%2Fprofile&x=1").await;
    assert_eq!(
        page.location(),
        "https://me-app.hf.space/oauth/huggingface/login?__moved=1&_target_url=%2Fprofile&x=1"
    );
    assert!(custom.cookies.is_empty());

    let mut own = space.browser();
    let callback = own.consent(&hub, "/oauth/huggingface/login?_target_url=%2Fprofile&x=1").await;
    assert_eq!(own.get(&callback).await.location(), "/profile");
}

#[actix_web::test]
async fn a_login_form_is_taken_from_the_spaces_own_name_alone() {
    let hub = FakeHub::start(user());
    let space = Space::on_two_names(&hub.url);
    let challenge = "c".repeat(43);
    for (host, begins) in [(SECOND_HOST, false), (HOST, true)] {
        let mut tab = Browser::at(&space.address, host);
        let origin = tab.origin();
        let page = post_login(&mut tab, Some(&origin), &challenge, "/profile").await;
        assert_eq!(page.status, 303);
        assert_eq!(page.location().starts_with(&hub.url), begins, "{host}: {}", page.location());
        assert_eq!(tab.cookies.is_empty(), !begins);
    }
}

#[actix_web::test]
async fn login_on_a_custom_domain_stays_ours_when_the_request_names_another_host() {
    let space = Space::on_two_names("https://huggingface.co");
    let address = space.address.trim_start_matches("http://").to_owned();
    // A client can put a whole URL into the request line. RFC 9112 §3.2.2.
    let request = "GET http://evil.test/oauth/huggingface/login?x=1 HTTP/1.1\r\n\
                   Host: www.example.org\r\nConnection: close\r\n\r\n";
    let ask = move || {
        let mut stream = TcpStream::connect(address).unwrap();
        stream.write_all(request.as_bytes()).unwrap();
        std::io::read_to_string(stream).unwrap()
    };
    let answer = actix_web::rt::task::spawn_blocking(ask).await.unwrap();
    let location = answer.lines().find_map(|line| line.strip_prefix("location: ")).unwrap();
    assert_eq!(location, "https://me-app.hf.space/oauth/huggingface/login?__moved=1&x=1");
}

#[actix_web::test]
async fn an_own_oauth_app_signs_in_on_a_laptop_without_a_secret() {
    for name in ["localhost", "127.0.0.1", "[::1]"] {
        let hub = FakeHub::start(user());
        let space =
            Space::start(&[("OAUTH_CLIENT_ID", "client-id"), ("OPENID_PROVIDER_URL", &hub.url)]);
        let port = space.address.rsplit_once(':').unwrap().1;
        let origin = format!("http://{name}:{port}");
        hub.make_public(&format!("{origin}/oauth/huggingface/callback"));
        let mut browser = Browser::at(&space.address, &format!("{name}:{port}"));
        let back = hub.authorize(browser.get("/oauth/huggingface/login").await.location()).await;
        let callback = back.strip_prefix(&origin).unwrap();
        let page = browser.get(callback).await;
        assert_eq!(page.location(), "/");
        let (_, attributes) =
            page.set_cookie(&browser.named("hf-auth")).unwrap().split_once("; ").unwrap();
        assert!(attributes.starts_with("Path=/; HttpOnly; Max-Age="), "{attributes}");
        assert!(attributes.ends_with("; SameSite=Lax"), "{attributes}");
        assert_eq!(browser.me().await.unwrap()["user_info"]["preferred_username"], "hub.js");
    }
}

#[actix_web::test]
async fn forwarded_headers_do_not_move_the_redirect_uri() {
    let hub = FakeHub::start(user());
    let space = Space::on(&hub);
    let headers = [
        ("x-forwarded-host", "evil.test"),
        ("x-forwarded-proto", "gopher"),
        ("forwarded", "host=evil.test;proto=http"),
    ];
    let page =
        space.browser().send(reqwest::Method::GET, "/oauth/huggingface/login", &headers).await;
    assert_eq!(
        query(page.location())["redirect_uri"],
        format!("https://{HOST}/oauth/huggingface/callback")
    );
}

#[actix_web::test]
async fn login_under_an_unknown_name_goes_on_at_the_spaces_own_name_once() {
    let hub = FakeHub::start(user());
    let space = Space::on(&hub);
    for host in
        ["www.me-app.hf.space", "www.example.org", "me-app.hf.space:8443", "EXAMPLE.org:443"]
    {
        let mut browser = Browser::at(&space.address, host);
        let moved = browser.get("/oauth/huggingface/login?_target_url=/profile").await;
        let location =
            "https://me-app.hf.space/oauth/huggingface/login?__moved=1&_target_url=/profile";
        assert_eq!(moved.location(), location, "{host}");
        assert!(browser.cookies.is_empty());
        // What stands before the app gives the first name another one, too.
        let path = location.trim_start_matches("https://me-app.hf.space");
        let begun = browser.get(path).await;
        assert!(begun.location().starts_with(&hub.url), "{host}");
        let callback = hub.authorize(begun.location()).await;
        let callback = callback.trim_start_matches("https://me-app.hf.space");
        assert_eq!(browser.get(callback).await.location(), "/profile");
    }
    for host in [
        HOST,
        "ME-APP.hf.space",
        "me-app.hf.space:443",
        "localhost:7860",
        "127.0.0.1",
        "10.0.0.7:7860",
        "[::1]",
    ] {
        let page = Browser::at(&space.address, host).get("/oauth/huggingface/login").await;
        assert!(page.location().starts_with(&hub.url), "{host}: {page:?}");
    }
    // The marker is no part of a way back.
    let mut browser = space.browser();
    let callback = browser.consent(&hub, "/oauth/huggingface/login?__moved=1&page=2").await;
    assert_eq!(browser.get(&callback).await.location(), "/?page=2");
}

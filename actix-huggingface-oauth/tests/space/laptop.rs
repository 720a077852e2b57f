//! A laptop is shared by apps on other ports, whose cookies are in the same jar, and has more than one name.

use reqwest::Method;

use crate::helpers::frame::{FRAME, NAVIGATION};
use crate::helpers::{Browser, FakeHub, Program, Space, until, user};

const LOGIN: &str = "/oauth/huggingface/login";
const LOGOUT: &str = "/oauth/huggingface/logout";

/// An app on a laptop that signs in at `hub`, as a browser reaches it under `host`.
fn real_app(hub: &FakeHub, host: &str) -> (Space, Browser) {
    let space =
        Space::start(&[("OAUTH_CLIENT_ID", "client-id"), ("OPENID_PROVIDER_URL", &hub.url)]);
    hub.make_public(&format!("http://{host}/oauth/huggingface/callback"));
    let browser = Browser::at(&space.address, host);
    (space, browser)
}

/// The cookies of one browser, as it goes from one app to another.
fn take_jar(to: &mut Browser, from: &Browser) {
    to.cookies.clone_from(&from.cookies);
}

#[actix_web::test]
async fn cookies_of_other_apps_are_neither_read_nor_changed_nor_removed() {
    let hub = FakeHub::start(user());
    let (_space, mut browser) = real_app(&hub, "localhost:7860");
    let others = [
        ("session", ".eJwNyEEKgCAQBdC7zNqFZ"),
        ("theme", "dark"),
        ("hf-auth", "x"),
        ("hf-handoff", "x"),
        ("hf-theme", "dark"),
        ("hf-auth-7861", "x"),
        ("hf-theme-7861", "dark"),
        ("hf-login-0123abcd", "x"),
        ("hf-login-0123abcd-7861", "x"),
        ("hf-login-other-7860", "x"),
        ("__Host-hf-auth", "x"),
    ];
    let put = |browser: &mut Browser| {
        browser.cookies.extend(others.map(|(name, value)| (name.to_owned(), value.to_owned())));
    };
    put(&mut browser);
    for path in ["/", "/api/me"] {
        let page = browser.get(path).await;
        assert!(!page.headers.contains_key("set-cookie"), "{path}: {page:?}");
        assert!(!page.body.contains("data-theme=\"dark\""), "{path}: {}", page.body);
    }
    browser.sign_in(&hub).await;
    assert!(browser.me().await.is_some());
    browser.get(LOGOUT).await;
    for (name, value) in others {
        assert_eq!(browser.cookie(name).map(String::as_str), Some(value), "{name}");
    }
    assert_eq!(browser.cookies.len(), others.len(), "ours are gone: {:?}", browser.cookies);
}

#[actix_web::test]
async fn two_apps_on_a_computer_sign_in_and_out_on_their_own() {
    let hub = FakeHub::start(user());
    // On two ports; or both on one, each behind another forwarded one.
    let (_one, mut one) = real_app(&hub, "localhost:9001");
    let (_other, mut other) = real_app(&hub, "localhost:9002");
    hub.add_redirect_uri("http://localhost:9001/oauth/huggingface/callback");

    let callback_of_one = one.consent(&hub, LOGIN).await;
    take_jar(&mut other, &one);
    let callback_of_other = other.consent(&hub, LOGIN).await;
    take_jar(&mut one, &other);
    assert_eq!(one.get(&callback_of_one).await.location(), "/");
    take_jar(&mut other, &one);
    assert_eq!(other.get(&callback_of_other).await.location(), "/");

    take_jar(&mut one, &other);
    assert!(one.me().await.is_some(), "signed out by another app's sign-in");
    one.get(LOGOUT).await;
    take_jar(&mut other, &one);
    assert!(other.me().await.is_some(), "signed out by another app");
}

#[actix_web::test]
async fn without_a_port_in_the_address_it_is_80() {
    let hub = FakeHub::start(user());
    let (_space, mut browser) = real_app(&hub, "localhost");
    browser.sign_in(&hub).await;
    assert!(browser.cookie("hf-auth-80").is_some() && browser.me().await.is_some());
}

#[actix_web::test]
async fn an_oauth_app_of_ones_own_signs_in_behind_a_proxy() {
    let hub = FakeHub::start(user());
    hub.make_public("https://dev.example.org/oauth/huggingface/callback");
    let vars = [
        ("OAUTH_CLIENT_ID", "client-id"),
        ("OPENID_PROVIDER_URL", &*hub.url),
        ("SPACE_HOST", "dev.example.org"),
    ];
    let space = Space::start(&vars);
    let mut browser = Browser::at(&space.address, "dev.example.org");
    browser.sign_in(&hub).await;
    assert!(browser.me().await.is_some());
    let rewritten = [("host", "localhost:7860"), ("x-forwarded-proto", "https")];
    let page = browser.send(reqwest::Method::GET, "/api/me", &rewritten).await;
    assert_eq!(page.status, 200);
}

#[actix_web::test]
async fn a_name_that_is_not_known_is_refused_with_the_cure() {
    let space = Space::start(&[("HF_MOCK_USER", "off")]);
    let mut browser = Browser::at(&space.address, "laptop.local:7860");
    let page = browser.get("/").await;
    assert_eq!(page.status, 421);
    for cure in ["http://localhost", "SPACE_HOST=laptop.local", "Over plain http nobody"] {
        assert!(page.body.contains(cure), "{cure} is missing: {}", page.body);
    }
    // Sign-in over https with that name works.
    let space = Space::start(&[("HF_MOCK_USER", "off"), ("SPACE_HOST", "laptop.local")]);
    assert_eq!(Browser::at(&space.address, "laptop.local").get("/").await.status, 200);
}

#[actix_web::test]
async fn the_log_says_once_why_requests_for_another_name_are_refused() {
    let program = Program::start(&[("HF_MOCK_USER", "off")]);
    let mut browser = Browser::at(&program.address, "evil.test");
    let said = "a request was refused (421). This app does not know the name";
    assert_eq!(browser.get("/").await.status, 421);
    until(said, || program.log().contains(said)).await;
    for _ in 0..3 {
        assert_eq!(browser.get("/").await.status, 421);
    }
    assert_eq!(program.log().matches(said).count(), 1, "{}", program.log());
}

#[actix_web::test]
async fn the_theme_reaches_the_iframe_over_https_and_locally() {
    let hub = FakeHub::start(user());
    let space = Space::on(&hub);
    // Browsers that send no Fetch Metadata do not say where a page is shown.
    let page = space.browser().get("/?__theme=dark").await;
    assert!(page.set_cookie("__Host-hf-theme").unwrap().ends_with("; Partitioned"), "{page:?}");

    let local = Space::start(&[("OAUTH_CLIENT_ID", "an-app")]);
    for (headers, is_embedded) in [(vec![FRAME, NAVIGATION], true), (vec![], false)] {
        let mut browser = Browser::on_laptop(&local);
        let page = browser.send(Method::GET, "/?__theme=dark", &headers).await;
        let cookie = page.set_cookie(&browser.named("hf-theme")).unwrap();
        let attributes = "; Secure; SameSite=None; Partitioned";
        assert_eq!(cookie.ends_with(attributes), is_embedded, "{headers:?}: {cookie}");
    }
}

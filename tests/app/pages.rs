//! What the pages show, and to whom.

use actix_huggingface_oauth::chrono::DateTime;
use actix_huggingface_oauth::reqwest::Method;
use serde_json::json;

use crate::helpers::{sign_in, start};

#[actix_web::test]
async fn home_greets_a_stranger_with_the_title_and_a_login_link() {
    let page = start(&[]).browser().open("/").await;
    assert_eq!(page.status, 200);
    assert_eq!(page.header("content-type"), "text/html; charset=utf-8");
    page.assert_has(&["<title>My Space</title>", "href=\"/oauth/huggingface/login\""]);
    assert!(!page.body.contains("/oauth/huggingface/logout"), "{}", page.body);
}

#[actix_web::test]
async fn home_shows_who_is_signed_in_and_a_logout_link() {
    let (_app, mut browser) = sign_in("pro").await;
    browser.open("/").await.assert_has(&[
        "Paul Pro",
        "@paul-pro",
        "PRO",
        "2 organizations",
        "/oauth/huggingface/logout",
        "Sign-in is mocked",
    ]);
}

#[actix_web::test]
async fn the_profile_shows_user_info_organizations_scopes_and_the_end_of_the_sign_in() {
    let (_app, mut browser) = sign_in("restricted").await;
    let me = browser.open("/api/me").await.json();
    browser.open("/profile").await.assert_has(&[
        "Rita Restricted",
        "Acme Corporation",
        "@old-guard",
        "contributor",
        "enterprise",
        "SSO pending",
        "complete single sign-on",
        "read-memberships",
        me["access_token_expires_at"].as_str().unwrap(),
    ]);
}

#[actix_web::test]
async fn me_tells_who_is_signed_in_but_no_token() {
    let (_app, mut browser) = sign_in("pro").await;
    let page = browser.open("/api/me").await;
    let me = page.json();
    let expires_at = me["access_token_expires_at"].as_str().unwrap();
    assert!(DateTime::parse_from_rfc3339(expires_at).is_ok(), "{expires_at}");
    assert_eq!(me["scope"], "openid profile email read-memberships");
    assert_eq!(me["user_info"]["preferred_username"], "paul-pro");
    assert_eq!(me["user_info"]["orgs"][0]["role_in_org"], "write");
    assert!(me["access_token"].is_null() && !page.body.contains("mock_"), "{}", page.body);
}

#[actix_web::test]
async fn me_answers_json_to_strangers_whatever_they_accept() {
    let app = start(&[]);
    for accept in ["text/html", "application/json", "*/*"] {
        let page = app.browser().send(Method::GET, "/api/me", &[("accept", accept)]).await;
        assert_eq!((page.status, page.header("content-type")), (401, "application/json"));
        assert_eq!(page.json(), json!({"error": "Please sign in with Hugging Face."}));
    }
}

#[actix_web::test]
async fn a_program_with_a_token_is_told_for_whom_it_calls() {
    let app = start(&[]);
    let mut browser = app.browser();
    let bearer = |token: &str| format!("Bearer {token}");
    let headers = [("authorization", &*bearer("hf_mock_pro"))];
    let me = browser.send(Method::GET, "/api/me", &headers).await;
    assert_eq!(me.json()["user_info"]["preferred_username"], "paul-pro");
    assert_eq!(browser.send(Method::GET, "/profile", &headers).await.status, 401);
    let headers = [("authorization", &*bearer("hf_mock_nobody"))];
    let refused = browser.send(Method::GET, "/api/me", &headers).await;
    assert_eq!(refused.status, 401);
    assert_eq!(refused.header("www-authenticate"), "Bearer error=\"invalid_token\"");
}

#[actix_web::test]
async fn what_a_user_wrote_is_text_never_markup_or_script() {
    let user = json!({
        "sub": "s",
        "name": "<script>alert(1)</script>",
        "website": "javascript:alert(1)",
        "profile": "data:text/html,<b>",
        "orgs": [{"name": "\"><img src=x>", "preferred_username": "<b>", "roleInOrg": "<i>"}],
    });
    let file = format!("{}/user.json", env!("CARGO_TARGET_TMPDIR"));
    std::fs::write(&file, user.to_string()).unwrap();
    let app = start(&[("HF_MOCK_USER", &file)]);
    let mut browser = app.browser();
    browser.open("/oauth/huggingface/login").await;
    for path in ["/", "/profile"] {
        let page = browser.open(path).await.body;
        for harmful in
            ["<script", "<img src=x", "<b>", "<i>", "href=\"javascript:", "href=\"data:t"]
        {
            assert!(!page.contains(harmful), "{harmful}: {page}");
        }
    }
}

#[actix_web::test]
async fn a_user_of_whom_only_the_sub_is_known_has_pages_too() {
    let (_app, mut browser) = sign_in("sub-only").await;
    browser.open("/").await.assert_has(&["65a1f0c0", "Organizations: not shown to this app"]);
    browser.open("/profile").await.assert_has(&["65a1f0c0", "This app is not told"]);
}

#[actix_web::test]
async fn the_theme_of_the_hubs_page_decides_and_stays() {
    let app = start(&[]);
    let mut browser = app.browser();
    for theme in ["dark", "light"] {
        let shown = format!("data-theme=\"{theme}\"");
        browser.open(&format!("/?__theme={theme}")).await.assert_has(&[&shown]);
        browser.open("/nowhere").await.assert_has(&[&shown]);
    }
    for query in ["?__theme=system", "", "?__theme=%22%3E"] {
        let page = browser.open(&format!("/{query}")).await;
        assert!(!page.body.contains("data-theme"), "{query}: {}", page.body);
    }
}

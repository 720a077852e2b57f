//! The pages: what they show, to whom, and what a visitor sees when something fails.

use reqwest::Method;
use serde_json::json;

use crate::helpers::{Browser, FakeHub, Space, user};

#[actix_web::test]
async fn home_greets_a_stranger_with_the_title_and_a_login_link() {
    let hub = FakeHub::start(user());
    let space = Space::on(&hub);
    let page = space.browser().get("/").await;
    assert_eq!(page.status, 200);
    assert_eq!(page.header("content-type"), "text/html; charset=utf-8");
    assert!(page.body.contains("<title>My Space</title>"));
    assert!(page.body.contains("href=\"/oauth/huggingface/login\""));
    assert!(!page.body.contains("/oauth/huggingface/logout"));
}

#[actix_web::test]
async fn home_shows_who_is_signed_in_and_a_logout_link() {
    let hub = FakeHub::start(user());
    let space = Space::on(&hub);
    let mut browser = space.browser();
    browser.sign_in(&hub).await;
    let page = browser.get("/").await;
    for part in [
        "Hub CI bot",
        "@hub.js",
        "PRO",
        "bot@example.org",
        "2 organizations",
        "/oauth/huggingface/logout",
    ] {
        assert!(page.body.contains(part), "{part} is missing: {}", page.body);
    }
}

#[actix_web::test]
async fn the_profile_shows_user_info_organizations_scopes_and_the_end_of_the_sign_in() {
    let hub = FakeHub::start(user());
    let space = Space::on(&hub);
    let mut browser = space.browser();
    browser.sign_in(&hub).await;
    let me = browser.me().await.unwrap();
    let expires_at = me["access_token_expires_at"].as_str().unwrap();
    let page = browser.get("/profile").await;
    for part in [
        "62f264b9f3c90f4b6514a269",
        "https://bot.example.org",
        "Acme Corporation",
        "@old-guard",
        "admin",
        "enterprise",
        "SSO pending",
        "complete single sign-on",
        "openid",
        "email",
        expires_at,
    ] {
        assert!(page.body.contains(part), "{part} is missing: {}", page.body);
    }
}

#[actix_web::test]
async fn the_profile_asks_a_stranger_to_sign_in_and_come_back() {
    let hub = FakeHub::start(user());
    let space = Space::on(&hub);
    let mut browser = space.browser();
    let page = browser.get("/profile?tab=orgs&__sign=secret").await;
    assert_eq!(page.status, 401);
    assert!(page.header("content-type").starts_with("text/html"));
    let login = "/oauth/huggingface/login?_target_url=%2Fprofile%3Ftab%3Dorgs";
    assert!(page.body.contains(&format!("href=\"{login}\"")), "{}", page.body);
    assert!(!page.body.contains("secret"));
    let callback = browser.consent(&hub, login).await;
    assert_eq!(browser.get(&callback).await.location(), "/profile?tab=orgs");
}

#[actix_web::test]
async fn me_tells_all_documented_fields_but_no_token() {
    let hub = FakeHub::start(user());
    let space = Space::on(&hub);
    let mut browser = space.browser();
    browser.sign_in(&hub).await;
    let page = browser.get("/api/me").await;
    let mut me = page.json();
    let expires_at = me["access_token_expires_at"].take();
    assert!(chrono::DateTime::parse_from_rfc3339(expires_at.as_str().unwrap()).is_ok());
    let expected = json!({
        "access_token_expires_at": null,
        "scope": "openid profile email",
        "user_info": {
            "sub": "62f264b9f3c90f4b6514a269",
            "name": "Hub CI bot",
            "preferred_username": "hub.js",
            "email_verified": true,
            "email": "bot@example.org",
            "picture": "https://cdn-avatars.huggingface.co/v1/production/uploads/62f264b9.png",
            "profile": "https://huggingface.co/hub.js",
            "website": "https://bot.example.org",
            "is_pro": true,
            "can_pay": false,
            "orgs": [
                {
                    "sub": "org-1", "name": "Acme Corporation", "preferred_username": "acme",
                    "picture": "https://cdn-avatars.huggingface.co/acme.png",
                    "is_enterprise": true, "plan": "enterprise", "can_pay": true, "role_in_org": "admin",
                    "pending_sso": false, "missing_mfa": false, "security_restrictions": [],
                },
                {
                    "sub": "org-2", "name": "Old Guard", "preferred_username": "old-guard",
                    "picture": "https://cdn-avatars.huggingface.co/old.png",
                    "is_enterprise": false, "plan": null, "can_pay": null, "role_in_org": "read",
                    "pending_sso": true, "missing_mfa": false, "security_restrictions": null,
                },
            ],
        },
    });
    assert_eq!(me, expected);
}

#[actix_web::test]
async fn me_answers_json_to_strangers_whatever_they_accept() {
    let hub = FakeHub::start(user());
    let space = Space::on(&hub);
    for accept in ["text/html", "application/json", "*/*"] {
        let page = space.browser().send(Method::GET, "/api/me", &[("accept", accept)]).await;
        assert_eq!(page.status, 401);
        assert_eq!(page.header("content-type"), "application/json");
        assert_eq!(page.json(), json!({"error": "Please sign in with Hugging Face."}));
    }
}

#[actix_web::test]
async fn errors_are_pages_for_browsers_and_json_for_scripts() {
    let hub = FakeHub::start(user());
    let space = Space::on(&hub);
    for (method, path, status) in [
        (Method::GET, "/nowhere", 404),
        (Method::GET, "/%ff%00", 404),
        (Method::GET, "/static/x/../../Cargo.toml", 404),
        (Method::POST, "/healthz", 405),
        (Method::GET, "/profile", 401),
    ] {
        let page = space.browser().send(method.clone(), path, &[]).await;
        assert_eq!(page.status, status, "{path}");
        assert!(page.header("content-type").starts_with("text/html"), "{path}");
        assert!(
            page.body.contains(&format!("Error {status}")) && page.body.contains("My Space"),
            "{}",
            page.body
        );

        let json = space.browser().send(method, path, &[("accept", "application/json")]).await;
        assert_eq!(json.status, status, "{path}");
        assert!(json.json()["error"].is_string());
    }
}

#[actix_web::test]
async fn what_a_user_wrote_is_text_never_markup_or_script() {
    let mut user = user();
    user["name"] = json!("<script>alert(1)</script>");
    user["website"] = json!("javascript:alert(1)");
    user["profile"] = json!("data:text/html,<b>");
    user["orgs"][0]["name"] = json!("\"><img src=x>");
    let hub = FakeHub::start(user);
    let space = Space::on(&hub);
    let mut browser = space.browser();
    browser.sign_in(&hub).await;
    for path in ["/", "/profile"] {
        let page = browser.get(path).await.body;
        assert!(!page.contains("<script") && !page.contains("<img src=x"), "{page}");
        assert!(!page.contains("href=\"javascript:") && !page.contains("href=\"data:"), "{page}");
    }
}

#[actix_web::test]
async fn a_user_of_whom_only_the_sub_is_known_has_pages_too() {
    let hub = FakeHub::start(json!({"sub": "only-sub"}));
    let space = Space::on(&hub);
    let mut browser = space.browser();
    browser.sign_in(&hub).await;
    for path in ["/", "/profile"] {
        let page = browser.get(path).await;
        assert_eq!(page.status, 200);
        assert!(page.body.contains("only-sub"), "{}", page.body);
    }
}

#[actix_web::test]
async fn the_theme_of_the_hubs_page_decides() {
    let space = Space::start(&[("HF_MOCK_USER", "off")]);
    let mut browser = Browser::on_laptop(&space);
    for (query, theme) in [("?__theme=dark", Some("dark")), ("?__theme=light", Some("light"))] {
        let page = browser.get(&format!("/{query}")).await.body;
        let shown = format!("data-theme=\"{}\"", theme.unwrap());
        assert!(page.contains(&shown), "{page}");
        let next = browser.get("/nowhere").await.body;
        assert!(next.contains(&shown), "it does not stay: {next}");
    }
    for query in ["?__theme=system", "", "?__theme=%22%3E"] {
        assert!(!browser.get(&format!("/{query}")).await.body.contains("data-theme"), "{query}");
    }
}

#[actix_web::test]
async fn healthz_answers() {
    let space = Space::start(&[("HF_MOCK_USER", "off")]);
    let page = Browser::on_laptop(&space).get("/healthz").await;
    assert_eq!((page.status, page.body.as_str()), (200, "ok"));
}

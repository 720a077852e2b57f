//! Tokens of the mock Hub's users, for programs on a laptop.

use std::path::PathBuf;

use chrono::Utc;

use crate::helpers::{Browser, Page, Space, settings};

async fn call(space: &Space, path: &str, token: &str) -> Page {
    Browser::on_laptop(space).call(path, token).await
}

#[actix_web::test]
async fn every_user_of_the_mock_hub_has_a_token_of_this_app() {
    let space = Space::start(&[("HF_MOCK_USER", "free"), ("OAUTH_SCOPES", "openid profile email")]);
    for (name, username) in [
        ("pro", "paul-pro"),
        ("free", "frida-free"),
        ("many-orgs", "maya-many"),
        ("reader", "rosa-reader"),
    ] {
        let page = call(&space, "/caller", &format!("hf_mock_{name}")).await;
        assert_eq!(page.status, 200, "{name}: {page:?}");
        let caller = page.json();
        assert_eq!(caller["user_info"]["preferred_username"], username);
        assert_eq!(caller["scope"], "openid profile email");
        assert_eq!(caller["is_by_bearer"], true);
        assert!(caller["ends"].as_i64().unwrap() > Utc::now().timestamp(), "{caller}");
    }
    let email = call(&space, "/caller", "hf_mock_pro").await.json()["user_info"]["email"].take();
    assert!(email.is_string(), "the scope email was asked for");
}

#[actix_web::test]
async fn without_a_scope_a_token_tells_no_more_than_a_sign_in() {
    let space = Space::start(&[("HF_MOCK_USER", "ask")]);
    let page = call(&space, "/caller", "hf_mock_pro").await.json();
    assert!(page["user_info"]["email"].is_null(), "{page}");
    assert_eq!(call(&space, "/caller/scope/email", "hf_mock_pro").await.status, 403);
}

#[actix_web::test]
async fn no_other_token_counts_while_sign_in_is_mocked() {
    let space = Space::start(&[("HF_MOCK_USER", "ask")]);
    for token in [
        "hf_mock_nobody",
        "hf_mock_",
        "mock_pro",
        "hf_pro",
        "hf_abcdefghijklmnopqrstuvwxyzABCDEF01",
        "hf_oauth_e30.e30.e30",
        "hf_jwt_e30.e30.e30",
    ] {
        call(&space, "/caller", token).await.assert_invalid_token(token);
    }
}

#[actix_web::test]
async fn what_the_mock_hub_gave_for_a_sign_in_is_no_token_of_a_program() {
    let space = Space::start(&[("HF_MOCK_USER", "pro")]);
    let mut browser = Browser::on_laptop(&space);
    browser.follow("/oauth/huggingface/login").await;
    let told = browser.get("/token").await.body;
    let token = told.split(' ').next().unwrap();
    assert!(token.starts_with("mock_"), "{told}");
    call(&space, "/caller", token).await.assert_invalid_token("of a sign-in");
}

#[actix_web::test]
async fn where_the_card_lets_in_members_alone_others_have_no_token() {
    let card = "---\ntitle: x\nsdk: docker\nhf_oauth: true\nhf_oauth_authorized_org: acme-corporation\n---\n";
    let settings = settings(&[("HF_MOCK_USER", "ask")]).unwrap().card(card);
    let space = Space::start_with(settings);
    assert_eq!(call(&space, "/caller", "hf_mock_enterprise-admin").await.status, 200);
    call(&space, "/caller", "hf_mock_free").await.assert_invalid_token("free");
}

#[actix_web::test]
async fn from_elsewhere_no_token_is_of_any_use() {
    let space = Space::start(&[("HF_MOCK_USER", "ask")]);
    for (host, headers) in
        [("evil.test", vec![]), ("localhost", vec![("x-forwarded-host", "evil.test")])]
    {
        let mut program = Browser::at(&space.address, host);
        let headers = [&headers[..], &[("authorization", "Bearer hf_mock_pro")]].concat();
        let page = program.send(reqwest::Method::GET, "/caller", &headers).await;
        assert_eq!(page.status, 421, "{host}");
    }
}

#[actix_web::test]
async fn a_user_of_a_file_has_a_token_by_its_name_there() {
    let path: PathBuf = std::env::temp_dir().join(format!("callers-{}.json", std::process::id()));
    std::fs::write(&path, r#"{"me": {"sub": "1"}, "boss": {"sub": "2"}}"#).unwrap();
    let space = Space::start(&[("HF_MOCK_USER", path.to_str().unwrap())]);
    assert_eq!(call(&space, "/caller", "hf_mock_boss").await.json()["user_info"]["sub"], "2");
    call(&space, "/caller", "hf_mock_pro").await.assert_invalid_token("of no file");
    std::fs::remove_file(&path).unwrap();
}

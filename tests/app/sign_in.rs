//! Signing in and out, and what a handler sees of it.

use actix_huggingface_oauth::reqwest::Method;
use actix_huggingface_oauth::{
    HuggingFaceOAuth, OAuthUserInfo, attach_huggingface_oauth, test_util,
};
use actix_web::test::{TestRequest, call_and_read_body, init_service};
use app::pages;

use crate::helpers::{settings, sign_in, start};

#[actix_web::test]
async fn a_user_signs_in_and_out() {
    let (_app, mut browser) = sign_in("pro").await;
    browser.open("/").await.assert_has(&["Hello, <bdi>Paul Pro</bdi>"]);
    assert_eq!(browser.open("/profile").await.status, 200);
    let message =
        ["<title>You are signed out. · ", "role=\"status\" dir=\"auto\">You are signed out.<"];
    let page = browser.open("/oauth/huggingface/logout").await;
    page.assert_has(&["Welcome to", message[0], message[1]]);
    let page = browser.open("/").await;
    assert!(!page.body.contains("You are signed out."), "it is shown once: {}", page.body);
    assert_eq!(browser.open("/profile").await.status, 401);
}

#[actix_web::test]
async fn a_stranger_is_asked_to_sign_in_and_comes_back() {
    let app = start(&[("HF_MOCK_USER", "pro")]);
    let mut browser = app.browser();
    let page = browser.open("/profile?tab=orgs").await;
    assert_eq!(page.status, 401);
    let login = "/oauth/huggingface/login?_target_url=%2Fprofile%3Ftab%3Dorgs";
    page.assert_has(&[&format!("href=\"{login}\""), "Sign in with Hugging Face"]);
    browser.open(login).await.assert_has(&["Your profile"]);
}

#[actix_web::test]
async fn in_a_frame_the_login_control_is_a_form() {
    let app = start(&[]);
    for path in ["/", "/profile", "/nowhere"] {
        let frame = [("sec-fetch-dest", "iframe")];
        let page = app.browser().send(Method::GET, path, &frame).await;
        page.assert_has(&["target=\"_blank\" data-claim=\"/oauth/huggingface/claim\""]);
    }
}

/// A handler's test that needs no Hub, not even a mocked one.
#[actix_web::test]
async fn a_handler_is_called_as_somebody() {
    let oauth = HuggingFaceOAuth::new(settings(&[("HF_MOCK_USER", "off")]).unwrap().oauth).unwrap();
    let app = attach_huggingface_oauth(actix_web::App::new(), oauth).configure(pages::configure);
    let app = init_service(app).await;
    let ada = OAuthUserInfo::from_json(br#"{"sub": "1", "name": "Ada"}"#).unwrap();
    let request = TestRequest::get().uri("/").to_request();
    test_util::sign_in(&request, test_util::oauth_info(ada));
    let body = call_and_read_body(&app, request).await;
    assert!(String::from_utf8(body.to_vec()).unwrap().contains("Hello, <bdi>Ada</bdi>"));
}

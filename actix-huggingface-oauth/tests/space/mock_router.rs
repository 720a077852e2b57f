//! Inference Providers of the mock Hub, with no network.

use oauth2::url::{Position, Url};
use reqwest::Method;
use serde_json::{Value, json};

use crate::helpers::{Browser, FakeHub, FakeRouter, Page, Space, user};

/// A browser that is signed in at an app with these variables.
async fn signed_in(vars: &[(&str, &str)]) -> (Space, Browser) {
    let vars = [&[("HF_MOCK_USER", "pro")], vars].concat();
    let space = Space::start(&vars);
    let mut browser = Browser::on_laptop(&space);
    let login = browser.get("/oauth/huggingface/login").await;
    let hub = space.address.trim_start_matches("http://");
    let path = Url::parse(login.location()).unwrap()[Position::BeforePath..].to_owned();
    let back = Browser::at(&space.address, hub).get(&path).await;
    let callback = browser.path_of(back.location());
    browser.get(&callback).await;
    (space, browser)
}

async fn ask(browser: &mut Browser, model: &str) -> Page {
    let question = json!({ "model": model, "messages": [{ "role": "user", "content": "Hi you" }] });
    browser.post_json("/chat", &question).await
}

fn events(page: &Page) -> Vec<Value> {
    assert_eq!(page.status, 200, "{page:?}");
    let data = page.body.lines().filter_map(|line| line.strip_prefix("data: "));
    data.map(|data| serde_json::from_str(data).unwrap()).collect()
}

const SCOPES: (&str, &str) = ("OAUTH_SCOPES", "openid profile inference-api");

#[actix_web::test]
async fn it_echoes_word_by_word() {
    // What is on no loopback is not asked while sign-in is mocked.
    let (_space, mut browser) =
        signed_in(&[SCOPES, ("HF_ROUTER_URL", "https://router.example.org/v1")]).await;
    let events = events(&ask(&mut browser, "some/model").await);
    let texts: Vec<_> = events.iter().filter_map(|event| event["text"].as_str()).collect();
    assert_eq!(texts, ["some/model ", "says: ", "Hi ", "you"]);
    assert_eq!(events.last().unwrap(), &json!({ "done": true }));
}

#[actix_web::test]
async fn its_models_fail_as_their_names_say() {
    let (_space, mut browser) = signed_in(&[SCOPES]).await;
    for (model, status, told) in [
        ("mock/no-credit", 402, "credit"),
        ("mock/forbidden", 403, "You may not use this model."),
        ("mock/busy", 429, "30 seconds"),
    ] {
        let page = ask(&mut browser, model).await;
        assert_eq!(page.status, status, "{page:?}");
        assert!(page.body.contains(told), "{page:?}");
    }
    let broken = events(&ask(&mut browser, "mock/broken").await);
    assert_eq!(broken[0]["text"], "mock/broken ");
    assert!(broken.last().unwrap()["error"].as_str().unwrap().contains("try again"));
    assert!(browser.me().await.is_some());

    let mut copy = browser.clone();
    let page = ask(&mut browser, "mock/revoked").await;
    assert_eq!(page.status, 401, "{page:?}");
    assert_eq!(browser.me().await, None);
    assert_eq!(copy.get("/who").await.body, "nobody");
}

#[actix_web::test]
async fn without_the_scope_it_refuses() {
    let (_space, mut browser) = signed_in(&[]).await;
    let page = ask(&mut browser, "some/model").await;
    assert_eq!(page.status, 403, "{page:?}");
    assert!(page.body.contains("inference-api"), "{page:?}");
}

#[actix_web::test]
async fn it_refuses_what_the_router_refuses() {
    let (_space, mut browser) = signed_in(&[SCOPES]).await;
    let token = browser.get("/token").await.body;
    let token = format!("Bearer {}", token.split_once(' ').unwrap().0);
    let question = json!({ "model": "m", "messages": [{ "content": "x" }], "stream": true });
    let question = question.to_string();
    let mut program = browser.clone();
    program.cookies.clear();
    for (authorization, body, status) in [
        (&*token, &*question, 200),
        ("Bearer mock_x", &question, 401),
        ("", &question, 401),
        (&token, "{}", 400),
        (&token, "", 400),
        (&token, "{\"model\": \"m\", \"messages\": []}", 400),
    ] {
        let path = "/mock-hub/v1/chat/completions";
        let headers = [("authorization", authorization)];
        let page = program.send_body(Method::POST, path, &headers, body.to_owned()).await;
        assert_eq!(page.status, status, "{body}: {page:?}");
    }
}

#[actix_web::test]
async fn a_router_on_this_computer_is_asked_while_sign_in_is_mocked() {
    let hub = FakeHub::start(user());
    let router = FakeRouter::of(&hub);
    let (_space, mut browser) = signed_in(&[SCOPES, ("HF_ROUTER_URL", &router.url)]).await;
    // It does not know the mock's tokens, of which the mock says that they hold.
    assert_eq!(ask(&mut browser, "some/model").await.status, 403);
    assert_eq!(router.seen().len(), 1);
}

#[actix_web::test]
async fn the_hubs_api_is_the_mocks_and_not_the_apps_own() {
    let (_space, mut browser) = signed_in(&[]).await;
    assert_eq!(browser.get("/api/me").await.status, 200);
    assert_eq!(browser.get("/hub?path=/api/me").await.status, 404);
    let user = browser.get("/hub?path=/oauth/userinfo").await.json();
    assert_eq!(user["sub"], browser.me().await.unwrap()["user_info"]["sub"]);
}

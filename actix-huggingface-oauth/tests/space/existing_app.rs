//! The example of an app with its own sessions in Redis, users and identity, to which the login is added.

use actix_huggingface_oauth::{HuggingFaceOAuth, attach_huggingface_oauth};
use actix_identity::IdentityMiddleware;
use actix_session::SessionMiddleware;
use actix_session::storage::RedisSessionStore;
use actix_web::App;
use actix_web::cookie::Key;
use actix_web::web::Data;
use reqwest::Method;

use crate::helpers::frame::{FORM, form};
use crate::helpers::{Browser, FakeHub, Page, Redis, Space, server, settings, space_vars, user};

#[path = "../../examples/existing_app/after.rs"]
mod after;

use after::{User, Users, configure};

async fn post_form(browser: &mut Browser, path: &str, fields: &[(&str, &str)]) -> Page {
    let origin = browser.origin();
    let headers = [("origin", origin.as_str()), FORM];
    browser.send_body(Method::POST, path, &headers, form(fields)).await
}

#[actix_web::test]
async fn both_logins_of_the_example_lead_to_its_table_of_users_and_its_logout_ends_both() {
    let hub = FakeHub::start(user());
    let redis = Redis::start();
    let sessions = RedisSessionStore::new(redis.url()).await.unwrap();
    let oauth = HuggingFaceOAuth::new(settings(&space_vars(&hub.url)).unwrap()).unwrap();
    let users = Users::default();
    let ada =
        User { name: "Ada".to_owned(), password: Some("made-up".to_owned()), hugging_face: None };
    users.0.lock().unwrap().push(ada);
    let table = Data::new(users.clone());
    let space = Space::serving(|listener| {
        server(listener, 1, move || {
            attach_huggingface_oauth(App::new(), oauth.clone())
                .app_data(table.clone())
                .configure(configure)
                .wrap(IdentityMiddleware::default())
                .wrap(SessionMiddleware::new(sessions.clone(), Key::from(&[7; 64])))
        })
    });

    let mut browser = space.browser();
    let home = browser.get("/").await.body;
    assert!(home.contains("action=\"/login\"") && home.contains("Sign in with Hugging Face"));
    let wrong = [("name", "Ada"), ("password", "wrong")];
    assert_eq!(post_form(&mut browser, "/login", &wrong).await.status, 401);
    let right = [("name", "Ada"), ("password", "made-up")];
    assert_eq!(post_form(&mut browser, "/login", &right).await.location(), "/");
    assert!(browser.get("/").await.body.contains("Hello, Ada!"));
    assert_eq!(post_form(&mut browser, "/logout", &[]).await.location(), "/");

    let mut second = space.browser();
    for browser in [&mut browser, &mut second] {
        assert_eq!(browser.get("/welcome").await.status, 401);
        let callback = browser.consent(&hub, "/oauth/huggingface/login?_target_url=/welcome").await;
        assert_eq!(browser.get(&callback).await.location(), "/welcome");
        assert_eq!(browser.get("/welcome").await.location(), "/");
        assert!(browser.get("/").await.body.contains("Hello, Hub CI bot!"));
    }
    assert_eq!(users.0.lock().unwrap().len(), 2, "the user's row is created once");
    let keys = redis.keys();
    assert!(keys.len() == 2, "the app's own sessions: {keys:?}");

    post_form(&mut browser, "/logout", &[]).await;
    assert!(browser.get("/").await.body.contains("Sign in with Hugging Face"));
    assert_eq!(browser.get("/welcome").await.status, 401);
    assert!(second.get("/").await.body.contains("Hello, Hub CI bot!"), "the other is not ended");
}

/// The guide shows what the two files differ by, as `diff` does.
#[test]
fn the_guide_shows_the_whole_difference() {
    let diff = std::process::Command::new("diff")
        .args(["-U0", "examples/existing_app/before.rs", "examples/existing_app/after.rs"])
        .output()
        .expect("diff");
    let diff = String::from_utf8(diff.stdout).unwrap();
    let lines = diff.lines().skip(2).filter(|line| !line.starts_with("@@"));
    let lines: Vec<_> = lines.map(str::trim_end).collect();
    let guide = std::fs::read_to_string("EXISTING_APP.md").unwrap();
    let (_, block) = guide.split_once("```diff\n").unwrap();
    let (block, _) = block.split_once("```").unwrap();
    let shown: Vec<_> = block.lines().filter(|line| line.starts_with(['+', '-'])).collect();
    assert_eq!(shown, lines, "the diff in EXISTING_APP.md is:\n{}", lines.join("\n"));
}

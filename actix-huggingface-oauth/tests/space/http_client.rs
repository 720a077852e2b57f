//! HTTP clients of an app's own.

use actix_huggingface_oauth::http_client;
use serde_json::json;

use crate::helpers::{Endpoint, FakeHub, Fault, user};

#[actix_web::test]
async fn it_needs_no_sign_in_follows_no_redirect_and_says_who_it_is() {
    let client = http_client().no_proxy().build().unwrap();
    let hub = FakeHub::start(user());
    let url = format!("{}{}", hub.url, Endpoint::Metadata.path());
    assert_eq!(client.get(&url).send().await.unwrap().status(), 200);
    hub.fail(Endpoint::Metadata, Fault::Redirect("http://127.0.0.1:9".to_owned()));
    assert_eq!(client.get(&url).send().await.unwrap().status(), 307);
    hub.fail(Endpoint::Metadata, Fault::Body(json!({}).to_string()));
    let shown = format!("{client:?}");
    assert!(shown.contains("actix-huggingface-oauth/"), "{shown}");
}

#[actix_web::test]
async fn it_gives_up_on_whoever_does_not_answer() {
    let hub = FakeHub::start(user());
    hub.fail(Endpoint::Metadata, Fault::Hang);
    let client = http_client().no_proxy().build().unwrap();
    let url = format!("{}{}", hub.url, Endpoint::Metadata.path());
    assert!(client.get(&url).send().await.unwrap_err().is_timeout());
}

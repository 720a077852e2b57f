//! What the tests share: the app, a Hub, and a browser.

pub mod app;
mod as_user_app;
mod browser;
pub mod calling;
mod eventually;
mod fake_hub;
mod fake_router;
mod fault;
pub mod frame;
pub mod gated;
mod log;
pub mod own_middleware;
mod program;
#[cfg(feature = "redis")]
mod redis;
#[cfg(feature = "redis")]
mod redis_proxy;
mod relay;
pub mod sealed;
mod server;
mod slow;
mod space;
mod visitor;

pub use browser::{Browser, Page};
pub use eventually::until;
pub use fake_hub::{Endpoint, FakeHub};
pub use fake_router::{Answer, FakeRouter, Then, chunk};
pub use fault::Fault;
pub use log::Log;
pub use program::Program;
#[cfg(feature = "redis")]
pub use redis::{Redis, Tls, free_port};
#[cfg(feature = "redis")]
pub use redis_proxy::RedisProxy;
pub use relay::{Close, Relay};
pub use server::{ACTIX_TIMEOUTS, server};
pub use slow::Slow;
pub use space::{HOST, SECOND_HOST, Space, serve_with, settings, space_vars};
pub use visitor::{Visitor, chatting, chatting_at, question};

use std::sync::Arc;
use std::time::Duration;

use reqwest::{Client, redirect};
use serde_json::{Value, json};

/// For an answer that takes seconds at most.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(120);

/// A client that shows redirects instead of following them. It speaks plain http, so that it needs no certificates,
/// which take their time to load.
pub fn http_client() -> Client {
    let ring = Arc::new(rustls::crypto::ring::default_provider());
    let tls = rustls::ClientConfig::builder_with_provider(ring)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(rustls::RootCertStore::empty())
        .with_no_client_auth();
    let client = Client::builder().redirect(redirect::Policy::none()).no_proxy();
    // The app closes idle connections, as is its right.
    let client = client.pool_max_idle_per_host(0).timeout(ANSWER_TIMEOUT);
    client.tls_backend_preconfigured(tls).build().unwrap()
}

/// A user as the Hub tells of one, with two organizations.
pub fn user() -> Value {
    json!({
        "sub": "62f264b9f3c90f4b6514a269",
        "name": "Hub CI bot",
        "preferred_username": "hub.js",
        "email_verified": true,
        "email": "bot@example.org",
        "picture": "https://cdn-avatars.huggingface.co/v1/production/uploads/62f264b9.png",
        "profile": "https://huggingface.co/hub.js",
        "website": "https://bot.example.org",
        "isPro": true,
        "canPay": false,
        "aud": "not for us",
        "orgs": [
            {
                "sub": "65a1f0c0e4b0d3a2b1c00001", "name": "Acme Corporation", "preferred_username": "acme",
                "picture": "https://cdn-avatars.huggingface.co/acme.png",
                "plan": "enterprise", "canPay": true, "roleInOrg": "admin", "securityRestrictions": [],
            },
            {
                "sub": "65a1f0c0e4b0d3a2b1c00002", "name": "Old Guard", "preferred_username": "old-guard",
                "picture": "https://cdn-avatars.huggingface.co/old.png",
                "isEnterprise": false, "roleInOrg": "read", "pendingSSO": true, "missingMFA": false,
            },
        ],
    })
}

/// The user in as many organizations.
pub fn user_with_orgs(count: usize) -> Value {
    let mut user = user();
    let org = |number| {
        json!({
            "sub": format!("{number:024x}"), "name": format!("Organization {number}"),
            "preferred_username": format!("organization-{number}"),
            "picture": "https://cdn-avatars.huggingface.co/org.png",
            "plan": "team", "canPay": false, "roleInOrg": "write", "securityRestrictions": [],
        })
    };
    user["orgs"] = (0..count).map(org).collect();
    user
}

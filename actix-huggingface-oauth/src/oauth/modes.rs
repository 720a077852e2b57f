//! What the log says at the start: with whom users sign in, and what does not work.

use std::path::Path;

use crate::request::Origins;
use crate::settings::OAuthClient;

/// Files that Docker and Podman put into a container.
const IN_CONTAINER: [&str; 2] = ["/.dockerenv", "/run/.containerenv"];

/// Says with whom users sign in.
pub fn say(client: Option<&OAuthClient>, mocked: bool, origins: &Origins) {
    match client {
        Some(client) if mocked => {
            let scopes = client.asked_scopes();
            tracing::warn!(scopes, "sign-in is mocked, no real account is involved");
            if let Origins::HttpsOrLoopback(names) = origins {
                tracing::warn!(?names, "whoever reaches this app under these names can be anybody");
            } else if IN_CONTAINER.iter().any(|file| Path::new(file).exists()) {
                tracing::warn!(
                    "while sign-in is mocked, a port that is published with `docker -p` does not answer: use a \
                     devcontainer's forwarding, `--network host`, or real sign-in"
                );
            }
        }
        Some(client) => {
            let scopes = client.asked_scopes();
            tracing::info!(provider = client.provider_url, scopes, "sign-in with Hugging Face");
        }
        None if cfg!(feature = "mock-hub") => tracing::warn!(
            "without sign-in: set OAUTH_CLIENT_ID for an OAuth app, or HF_MOCK_USER=ask for mocked users"
        ),
        None => tracing::warn!("without sign-in: set OAUTH_CLIENT_ID for an OAuth app"),
    }
}

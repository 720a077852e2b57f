//! The log: readable text on a terminal, a JSON object a line in a Space.

use std::net::SocketAddr;

use tracing_subscriber::EnvFilter;

use crate::huggingface::SignIn;
use crate::settings::Settings;

/// actix-session warns of each cookie that it cannot read, and anybody can send those.
const DEFAULT_FILTER: &str = "info,actix_session=error,actix_server=warn";

/// Starts the log; `RUST_LOG` sets what is in it.
pub fn start(as_json: bool) {
    let filter =
        EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(DEFAULT_FILTER));
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    if as_json {
        log.json().flatten_event(true).init();
    } else {
        log.with_target(false).init();
    }
}

/// Says what was started, a line each.
pub(crate) fn announce(settings: &Settings, address: SocketAddr) {
    tracing::info!("version: {} {}", env!("CARGO_PKG_NAME"), env!("CARGO_PKG_VERSION"));
    match &settings.sign_in {
        SignIn::HuggingFace(client) => {
            tracing::info!("mode: sign-in with Hugging Face");
            tracing::info!("provider: {}", client.provider_url);
            tracing::info!("scopes: {}", client.scopes);
        }
        #[cfg(feature = "mock-hub")]
        SignIn::Mock { scopes, .. } => {
            tracing::warn!("mode: sign-in is mocked, no real account is involved");
            tracing::info!("provider: the mock Hub in this app");
            tracing::info!("scopes: {scopes}");
        }
        SignIn::Off => {
            tracing::warn!("mode: without sign-in; OAUTH_CLIENT_ID is not set");
            tracing::info!("provider: none");
            tracing::info!("scopes: none");
        }
    }
    if settings.in_space {
        tracing::info!("address: {address}");
    } else {
        tracing::info!("address: http://localhost:{}", address.port());
    }
}

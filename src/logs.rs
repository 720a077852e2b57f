//! The log: readable text on a terminal, a JSON object a line in a Space.

use std::net::SocketAddr;

use anyhow::Context;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{Layer, Registry, fmt};

/// actix-session warns of each cookie that it cannot read, and anybody can send those.
const DEFAULT_FILTER: &str = "info,actix_session=error,actix_server=warn";

/// Starts the log, with what `filter` names: `info`, or `target=level` pairs separated by commas.
pub fn start(filter: Option<&str>, as_json: bool) -> anyhow::Result<()> {
    let filter: Targets =
        filter.unwrap_or(DEFAULT_FILTER).parse().context("RUST_LOG is no filter")?;
    let layer = fmt::layer().with_writer(std::io::stderr);
    let layer: Box<dyn Layer<Registry> + Send + Sync> = if as_json {
        layer.json().flatten_event(true).boxed()
    } else {
        layer.with_target(false).boxed()
    };
    tracing_subscriber::registry().with(layer.with_filter(filter)).init();
    Ok(())
}

/// Says what was started, and where it answers.
pub(crate) fn announce(address: SocketAddr) {
    let version = env!("CARGO_PKG_VERSION");
    tracing::info!(%address, version, "http://localhost:{}", address.port());
}

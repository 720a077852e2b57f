//! The log: readable text on a terminal, a JSON object a line in a Space.

use std::net::SocketAddr;

use anyhow::ensure;
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{Layer, Registry, fmt};

const DEFAULT_FILTER: &str = "info,actix_server=warn";

const LEVELS: [&str; 6] = ["off", "error", "warn", "info", "debug", "trace"];

/// Starts the log, with what `filter` changes of the default: a level, or `crate=level` pairs separated by commas.
pub fn start(filter: Option<&str>, as_json: bool) -> anyhow::Result<()> {
    let filter = parse(filter.unwrap_or_default())?;
    let layer = fmt::layer().with_writer(std::io::stderr);
    let layer: Box<dyn Layer<Registry> + Send + Sync> = if as_json {
        layer.json().flatten_event(true).boxed()
    } else {
        layer.with_target(false).boxed()
    };
    tracing_subscriber::registry().with(layer.with_filter(filter)).init();
    Ok(())
}

fn parse(filter: &str) -> anyhow::Result<Targets> {
    let mut targets: Targets = DEFAULT_FILTER.parse()?;
    for part in filter.split(',').map(str::trim).filter(|part| !part.is_empty()) {
        let (target, level) = part.split_once('=').unwrap_or(("", part));
        let (target, level) = (target.trim(), level.trim().to_ascii_lowercase());
        let is_crate = |byte: u8| byte.is_ascii_alphanumeric() || b"_:".contains(&byte);
        ensure!(
            LEVELS.contains(&&*level) && target.bytes().all(is_crate),
            "RUST_LOG: `{part}` is neither a level ({}) nor a crate with one, as `app=debug`; a crate's name has `_`, not `-`",
            LEVELS.join(", ")
        );
        let level: LevelFilter = level.parse()?;
        targets = match target {
            "" => targets.with_default(level),
            target => targets.with_target(target, level),
        };
    }
    Ok(targets)
}

/// Says what was started, and where it answers.
pub(crate) fn announce(address: SocketAddr) {
    let version = env!("CARGO_PKG_VERSION");
    tracing::info!(%address, version, "http://localhost:{}", address.port());
}

//! Starts the Space: settings, log, address, server.

use std::net::TcpListener;

use anyhow::Context;
use app::huggingface::Limits;
use app::settings::Settings;
use app::{logs, startup};

#[actix_web::main]
async fn main() -> anyhow::Result<()> {
    let settings = Settings::from_env()?;
    logs::start(settings.log_filter.as_deref(), settings.in_space)?;
    let (host, port) = settings.address();
    let listener = TcpListener::bind((host, port))
        .with_context(|| format!("cannot listen on {host}:{port}; PORT sets another port"))?;
    startup::run(listener, settings, Limits::default())?.await.context("the server failed")
}

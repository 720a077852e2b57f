//! Starts the Space: settings, log, address, server.

use std::net::TcpListener;
use std::process::ExitCode;

use anyhow::Context;
use app::settings::Settings;
use app::{logs, startup};

#[actix_web::main]
async fn main() -> ExitCode {
    match run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn run() -> anyhow::Result<()> {
    let settings = Settings::from_env()?;
    logs::start(settings.log_filter.as_deref(), settings.in_space)?;
    let mut listeners = Vec::new();
    for address in settings.oauth.addresses() {
        let listener = TcpListener::bind(address);
        listeners.push(
            listener
                .with_context(|| format!("cannot listen on {address}; PORT sets another port"))?,
        );
    }
    startup::run(listeners, settings)?.await.context("the server failed")
}

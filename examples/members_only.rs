//! The app for members of one organization, for the tests in browsers.

use std::net::TcpListener;

use actix_huggingface_oauth::Audience;
use app::settings::Settings;
use app::startup;

#[actix_web::main]
async fn main() -> anyhow::Result<()> {
    let settings = Settings { audience: Audience::Members(&["lab"]), ..Settings::from_env()? };
    let listeners: Result<_, _> =
        settings.oauth.addresses().iter().map(TcpListener::bind).collect();
    startup::run(listeners?, settings)?.await?;
    Ok(())
}

//! The app, as `main` starts it, with its settings from given variables.

use std::collections::HashMap;
use std::net::TcpListener;

use actix_web::dev::ServerHandle;
use app::huggingface::Limits;
use app::settings::Settings;
use app::startup;

use super::{Browser, FakeHub};

/// The name of the Space in the tests.
pub const HOST: &str = "me-app.hf.space";

/// A running app; it stops with the test.
pub struct Space {
    /// Where it listens, as `http://127.0.0.1:{port}`.
    pub address: String,
    handle: ServerHandle,
}

impl Space {
    /// The app with these variables.
    pub fn start(vars: &[(&str, &str)]) -> Self {
        Self::start_with(vars, Limits::default())
    }

    pub fn start_with(vars: &[(&str, &str)], limits: Limits) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let server = startup::run(listener, settings(vars).unwrap(), limits).unwrap();
        let handle = server.handle();
        actix_web::rt::spawn(server);
        Self { address, handle }
    }

    /// The app as a Space whose users sign in at `hub`.
    pub fn on(hub: &FakeHub) -> Self {
        Self::on_with(hub, Limits::default())
    }

    pub fn on_with(hub: &FakeHub, limits: Limits) -> Self {
        Self::start_with(&space_vars(&hub.url), limits)
    }

    /// A browser at the Space's own host name.
    pub fn browser(&self) -> Browser {
        Browser::at(&self.address, HOST)
    }
}

impl Drop for Space {
    fn drop(&mut self) {
        drop(self.handle.stop(false));
    }
}

/// Settings from variables.
pub fn settings(vars: &[(&str, &str)]) -> anyhow::Result<Settings> {
    let vars: HashMap<_, _> = vars.iter().copied().collect();
    Settings::from_vars(|name| vars.get(name).map(ToString::to_string))
}

/// The variables of a Space with `hf_oauth: true`.
pub fn space_vars(provider_url: &str) -> [(&'static str, &str); 7] {
    [
        ("SPACE_ID", "me/app"),
        ("SPACE_HOST", HOST),
        ("SPACE_TITLE", "My Space"),
        ("OAUTH_CLIENT_ID", "client-id"),
        ("OAUTH_CLIENT_SECRET", "client-secret/+&"),
        ("OAUTH_SCOPES", "openid profile email"),
        ("OPENID_PROVIDER_URL", provider_url),
    ]
}

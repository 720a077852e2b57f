//! The app, with its settings from given variables.

use std::collections::HashMap;
use std::net::TcpListener;
use std::time::Duration;

use actix_huggingface_oauth::{
    BodyTimeout, HeadAsGet, HuggingFaceOAuth, Limits, OAuthSettings, SetupError,
    attach_huggingface_oauth,
};
use actix_web::App;
use actix_web::dev::{Server, ServerHandle};

use super::{Browser, FakeHub, app, server};

/// The name of the Space in the tests.
pub const HOST: &str = "me-app.hf.space";

/// A custom domain of a Space.
pub const SECOND_HOST: &str = "www.example.org";

/// A running app; it stops with the test.
pub struct Space {
    /// Where it listens, as `http://127.0.0.1:{port}`.
    pub address: String,
    handle: ServerHandle,
}

impl Space {
    /// The app with these variables.
    pub fn start(vars: &[(&str, &str)]) -> Self {
        Self::start_with(settings(vars).unwrap())
    }

    pub fn start_with(settings: OAuthSettings) -> Self {
        Self::serving(|listener| serve(listener, settings))
    }

    /// An app of a test's own.
    pub fn serving(serve: impl FnOnce(TcpListener) -> Server) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let server = serve(listener);
        let handle = server.handle();
        actix_web::rt::spawn(server);
        Self { address, handle }
    }

    /// The app as a Space whose users sign in at `hub`.
    pub fn on(hub: &FakeHub) -> Self {
        Self::on_with(hub, Limits::default())
    }

    /// The same with time for a slow machine, for tests in which the Hub does all that it is asked for.
    pub fn unhurried(hub: &FakeHub) -> Self {
        let mut limits = Limits::default();
        let time = Duration::from_secs(5 * 60);
        (limits.connect, limits.sign_in, limits.read_orgs) = (time, time, time);
        Self::on_with(hub, limits)
    }

    /// The same with a custom domain.
    pub fn on_two_names(provider_url: &str) -> Self {
        let names = format!("{HOST},{SECOND_HOST}");
        let vars = space_vars(provider_url).map(|(name, value)| match name {
            "SPACE_HOST" => (name, names.as_str()),
            _ => (name, value),
        });
        Self::start(&vars)
    }

    pub fn on_with(hub: &FakeHub, limits: Limits) -> Self {
        Self::start_with(settings(&space_vars(&hub.url)).unwrap().limits(limits))
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

/// The server with the app, listening on `listener`, as quick starts put it together.
pub fn serve(listener: TcpListener, settings: OAuthSettings) -> Server {
    serve_with(listener, settings, BodyTimeout::default())
}

/// The same with another timeout for bodies.
pub fn serve_with(listener: TcpListener, settings: OAuthSettings, timeout: BodyTimeout) -> Server {
    let address = listener.local_addr().unwrap();
    let oauth = HuggingFaceOAuth::new(settings.listening_on(address)).unwrap();
    server(listener, 2, move || {
        attach_huggingface_oauth(App::new(), oauth.clone())
            .configure(app::configure)
            .wrap(timeout)
            .wrap(HeadAsGet)
    })
}

/// Settings from variables.
pub fn settings(vars: &[(&str, &str)]) -> Result<OAuthSettings, SetupError> {
    let vars: HashMap<_, _> = vars.iter().copied().collect();
    OAuthSettings::from_vars(|name| vars.get(name).map(ToString::to_string))
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

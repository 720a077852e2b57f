//! What the environment asks for. The only reader of the environment.

use anyhow::{Context, bail, ensure};
use oauth2::{ClientId, ClientSecret};

use crate::huggingface::{OAuthClient, Origins, SessionSecret, SessionStorage, SignIn};

/// The port that a Space is served on where its README.md has no `app_port`.
/// <https://huggingface.co/docs/hub/spaces-sdks-docker>
const DEFAULT_PORT: u16 = 7860;

/// The scopes that every OAuth app on the Hub has. <https://huggingface.co/docs/hub/oauth>
const DEFAULT_SCOPES: &str = "openid profile";

/// The shortest `SESSION_SECRET`, in bytes.
const MIN_SECRET: usize = 32;

/// Settings of the app. An empty variable counts as missing.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The title on the pages. Read from `SPACE_TITLE`; else the package's name.
    pub title: String,
    /// Read from `PORT`; else 7860.
    pub port: u16,
    /// What is logged, as `info` or `target=level,…`. Read from `RUST_LOG`.
    pub log_filter: Option<String>,
    /// Whether this is a Space on Hugging Face. Read from `SPACE_ID`.
    pub in_space: bool,
    /// With whom users sign in. Read from `SPACE_ID`, `HF_MOCK_USER`, `OAUTH_CLIENT_ID`,
    /// `OAUTH_CLIENT_SECRET`, `OAUTH_SCOPES` and `OPENID_PROVIDER_URL`; a Space with
    /// `hf_oauth: true` has the last four.
    pub sign_in: SignIn,
    /// The addresses under which visitors reach the app. Read from `SPACE_HOST`.
    pub origins: Origins,
    /// Secret of which the session keys are derived. Read from `SESSION_SECRET`; else `OAUTH_CLIENT_SECRET`.
    pub session_secret: Option<SessionSecret>,
    /// Where sessions are kept. Read from `REDIS_URL`; else the visitors' cookies.
    pub session_storage: SessionStorage,
}

impl Settings {
    /// Settings from the environment.
    ///
    /// # Errors
    /// Where the environment asks for what cannot be; the error says how to put it right.
    #[expect(clippy::disallowed_methods, reason = "the one place where the environment is read")]
    pub fn from_env() -> anyhow::Result<Self> {
        Self::from_vars(|name| std::env::var(name).ok())
    }

    /// Settings from a function that gives a variable's value.
    ///
    /// # Errors
    /// As [`Settings::from_env`].
    pub fn from_vars(vars: impl Fn(&str) -> Option<String>) -> anyhow::Result<Self> {
        let var = |name: &str| vars(name).filter(|value| !value.trim().is_empty());
        let in_space = var("SPACE_ID").is_some();
        let sign_in = match var("HF_MOCK_USER").as_deref() {
            None | Some("off") if in_space => SignIn::HuggingFace(space_client(var)?),
            Some(user) if in_space => {
                bail!(
                    "HF_MOCK_USER is `{user}`, but a Space never mocks a user: remove HF_MOCK_USER from its variables"
                )
            }
            None | Some("off") if var("OAUTH_CLIENT_ID").is_some() => {
                SignIn::HuggingFace(laptop_client(var))
            }
            Some("off") => SignIn::Off,
            user => mock(user, var)?,
        };
        let mocked = sign_in.is_mocked();
        let hosts = space_hosts(var);
        Ok(Self {
            title: var("SPACE_TITLE").unwrap_or_else(|| env!("CARGO_PKG_NAME").to_owned()),
            port: match var("PORT") {
                Some(port) => {
                    port.parse().with_context(|| format!("PORT is `{port}`, which is no port"))?
                }
                None => DEFAULT_PORT,
            },
            log_filter: var("RUST_LOG"),
            in_space,
            origins: if hosts.is_empty() || mocked {
                Origins::Loopback
            } else {
                Origins::Https(hosts)
            },
            session_secret: session_secret(var, mocked)?,
            session_storage: session_storage(var("REDIS_URL").as_deref())?,
            sign_in,
        })
    }

    /// The address to listen on: all interfaces, but loopback only while sign-in is mocked.
    #[must_use]
    pub fn address(&self) -> (&'static str, u16) {
        let host = if self.sign_in.is_mocked() { "127.0.0.1" } else { "0.0.0.0" };
        (host, self.port)
    }
}

/// The OAuth app of a Space: all of its variables have to be there.
fn space_client(var: impl Fn(&str) -> Option<String>) -> anyhow::Result<OAuthClient> {
    const NEEDED: [&str; 5] = [
        "OAUTH_CLIENT_ID",
        "OAUTH_CLIENT_SECRET",
        "OAUTH_SCOPES",
        "OPENID_PROVIDER_URL",
        "SPACE_HOST",
    ];
    let missing: Vec<&str> = NEEDED.into_iter().filter(|name| var(name).is_none()).collect();
    ensure!(
        missing.is_empty(),
        "this Space has no {}: put `hf_oauth: true` between the `---` lines at the top of its README.md, \
         and Hugging Face sets them",
        missing.join(", ")
    );
    Ok(laptop_client(var))
}

/// An OAuth app of one's own: all but its id has a default.
fn laptop_client(var: impl Fn(&str) -> Option<String>) -> OAuthClient {
    OAuthClient {
        client_id: ClientId::new(var("OAUTH_CLIENT_ID").unwrap_or_default()),
        client_secret: var("OAUTH_CLIENT_SECRET").map(ClientSecret::new),
        scopes: var("OAUTH_SCOPES").unwrap_or_else(|| DEFAULT_SCOPES.to_owned()),
        provider_url: var("OPENID_PROVIDER_URL")
            .unwrap_or_else(|| "https://huggingface.co".to_owned()),
    }
}

#[cfg(feature = "mock-hub")]
fn mock(user: Option<&str>, var: impl Fn(&str) -> Option<String>) -> anyhow::Result<SignIn> {
    Ok(SignIn::Mock {
        users: crate::huggingface::mock_hub::MockUsers::from_setting(user)?,
        scopes: var("OAUTH_SCOPES").unwrap_or_else(|| DEFAULT_SCOPES.to_owned()),
    })
}

#[cfg(not(feature = "mock-hub"))]
fn mock(user: Option<&str>, _: impl Fn(&str) -> Option<String>) -> anyhow::Result<SignIn> {
    match user {
        None => Ok(SignIn::Off),
        Some(user) => bail!(
            "HF_MOCK_USER is `{user}`, but this build has no mock Hub: build it with the feature `mock-hub`, \
             or unset HF_MOCK_USER"
        ),
    }
}

/// `SPACE_HOST` is a list, separated by commas, where the Space has a custom domain.
fn space_hosts(var: impl Fn(&str) -> Option<String>) -> Vec<String> {
    let hosts = var("SPACE_HOST").unwrap_or_default();
    hosts
        .split(',')
        .map(|host| host.trim().to_ascii_lowercase())
        .filter(|host| !host.is_empty())
        .collect()
}

fn session_secret(
    var: impl Fn(&str) -> Option<String>,
    mocked: bool,
) -> anyhow::Result<Option<SessionSecret>> {
    if let Some(secret) = var("SESSION_SECRET") {
        ensure!(
            secret.len() >= MIN_SECRET,
            "SESSION_SECRET is shorter than {MIN_SECRET} bytes: make one with `openssl rand -base64 48`"
        );
        return Ok(Some(SessionSecret(secret)));
    }
    Ok(var("OAUTH_CLIENT_SECRET").filter(|_| !mocked).map(SessionSecret))
}

#[cfg(feature = "redis")]
fn session_storage(redis_url: Option<&str>) -> anyhow::Result<SessionStorage> {
    let Some(url) = redis_url else {
        return Ok(SessionStorage::Cookies);
    };
    let url = crate::huggingface::RedisUrl::parse(url)
        .context("REDIS_URL is not like `redis://user:password@host:6379`")?;
    Ok(SessionStorage::Redis(url))
}

#[cfg(not(feature = "redis"))]
fn session_storage(redis_url: Option<&str>) -> anyhow::Result<SessionStorage> {
    ensure!(
        redis_url.is_none(),
        "REDIS_URL is set, but this build has no Redis: build it with the feature `redis`, or unset REDIS_URL"
    );
    Ok(SessionStorage::Cookies)
}

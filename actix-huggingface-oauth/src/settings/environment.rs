//! Settings from the environment. The only reader of the environment.

#[cfg(feature = "mock-hub")]
use super::MockSignIn;
use super::{OAuthClient, OAuthSettings, SetupError, SignIn};
use crate::request::Origins;

impl OAuthSettings {
    /// Settings from the environment, as [`from_vars`](Self::from_vars) reads it.
    ///
    /// # Errors
    /// As [`from_vars`](Self::from_vars).
    #[expect(clippy::disallowed_methods, reason = "the one place where the environment is read")]
    pub fn from_env() -> Result<Self, SetupError> {
        Self::from_vars(|name| std::env::var(name).ok())
    }

    /// Settings from a function that gives a variable's value. White space and line ends around a value do not count,
    /// and an empty one counts as missing.
    ///
    /// | variable | meaning |
    /// |---|---|
    /// | `SPACE_ID` | tells that this is a Space, where sign-in is real |
    /// | `SPACE_HOST` | the names under which visitors reach it over https, separated by commas, the one on hf.space first |
    /// | `SPACE_TITLE` | the app's title |
    /// | `SPACE_AUTHOR_NAME` | who owns the Space, see [`space_owner`](Self::space_owner) |
    /// | `OAUTH_CLIENT_ID`, `OAUTH_CLIENT_SECRET` | the OAuth app; without a secret it is a public one |
    /// | `OAUTH_SCOPES` | what to ask users for; `openid profile` by default |
    /// | `OPENID_PROVIDER_URL` | the provider; `https://huggingface.co` by default |
    /// | `HF_MOCK_USER` | outside of a Space whom to be: `ask`, a user of the mock Hub, the path of a JSON file, or `off` |
    /// | `SESSION_SECRET` | at least 32 bytes; see [`session_secret`](Self::session_secret) |
    /// | `REDIS_URL` | Redis for logins and handoffs, with the feature `redis` |
    /// | `HF_ROUTER_URL` | where Inference Providers are called; `https://router.huggingface.co/v1` by default |
    /// | `HF_BILL_TO` | the organization that pays for them; see [`bill_to`](Self::bill_to) |
    /// | `PORT` | the port; 7860 by default |
    ///
    /// # Errors
    /// Where the environment asks for what cannot be.
    pub fn from_vars(vars: impl Fn(&str) -> Option<String>) -> Result<Self, SetupError> {
        let var = |name: &str| {
            vars(name).map(|value| value.trim().to_owned()).filter(|value| !value.is_empty())
        };
        let mut settings = Self::new(sign_in(var)?);
        settings.origins = origins(var, settings.sign_in.is_mocked())?;
        if let Some(port) = var("PORT") {
            settings.port = port
                .parse()
                .map_err(|_| SetupError::new(format!("PORT is `{port}`, which is no port")))?;
        }
        if let Some(secret) = var("SESSION_SECRET") {
            settings = settings.session_secret(secret);
        }
        settings.space_title = var("SPACE_TITLE");
        settings.space_owner = var("SPACE_AUTHOR_NAME");
        if let Some(url) = var("REDIS_URL") {
            settings = with_redis(settings, &url)?;
        }
        if let Some(url) = var("HF_ROUTER_URL") {
            settings = settings.router_url(&url)?;
        }
        if let Some(organization) = var("HF_BILL_TO") {
            settings = settings.bill_to(&organization)?;
        }
        settings.check()?;
        Ok(settings)
    }
}

fn sign_in(var: impl Fn(&str) -> Option<String> + Copy) -> Result<SignIn, SetupError> {
    let in_space = var("SPACE_ID").is_some();
    match var("HF_MOCK_USER").as_deref() {
        None | Some("off") if in_space => space_client(var).map(SignIn::HuggingFace),
        Some(user) if in_space => Err(SetupError::new(format!(
            "HF_MOCK_USER is `{user}`, but a Space never mocks a user: remove HF_MOCK_USER from its variables"
        ))),
        None | Some("off") if var("OAUTH_CLIENT_ID").is_some() => {
            Ok(SignIn::HuggingFace(laptop_client(var)))
        }
        // What is built for others to use mocks nobody unasked.
        None if cfg!(all(debug_assertions, feature = "mock-hub")) => mock("ask", var),
        None | Some("off") => Ok(SignIn::Off),
        Some(user) => mock(user, var),
    }
}

/// In a Space all requests are its own; elsewhere only those for a name that is known. Who is mocked without having asked
/// for it stays on this computer.
fn origins(
    var: impl Fn(&str) -> Option<String> + Copy,
    is_mocked: bool,
) -> Result<Origins, SetupError> {
    let hosts = space_hosts(var)?;
    let is_unasked = is_mocked && var("HF_MOCK_USER").is_none();
    Ok(if var("SPACE_ID").is_some() {
        Origins::Https(hosts)
    } else if hosts.is_empty() || is_unasked {
        Origins::Loopback
    } else {
        Origins::HttpsOrLoopback(hosts)
    })
}

/// The OAuth app of a Space: all of its variables have to be there.
fn space_client(var: impl Fn(&str) -> Option<String> + Copy) -> Result<OAuthClient, SetupError> {
    const NEEDED: [&str; 5] = [
        "OAUTH_CLIENT_ID",
        "OAUTH_CLIENT_SECRET",
        "OAUTH_SCOPES",
        "OPENID_PROVIDER_URL",
        "SPACE_HOST",
    ];
    let missing: Vec<&str> = NEEDED.into_iter().filter(|name| var(name).is_none()).collect();
    if missing.is_empty() {
        return Ok(laptop_client(var));
    }
    Err(SetupError::new(format!(
        "this Space has no {}: put `hf_oauth: true` between the `---` lines at the top of its README.md, and Hugging \
         Face sets them",
        missing.join(", ")
    )))
}

/// An OAuth app of one's own: all but its id has a default.
fn laptop_client(var: impl Fn(&str) -> Option<String>) -> OAuthClient {
    let mut client = OAuthClient::new(var("OAUTH_CLIENT_ID").unwrap_or_default());
    if let Some(secret) = var("OAUTH_CLIENT_SECRET") {
        client = client.client_secret(secret);
    }
    if let Some(scopes) = var("OAUTH_SCOPES") {
        client = client.scopes(scopes);
    }
    match var("OPENID_PROVIDER_URL") {
        Some(url) => client.provider_url(url),
        None => client,
    }
}

#[cfg(feature = "redis")]
fn with_redis(settings: OAuthSettings, url: &str) -> Result<OAuthSettings, SetupError> {
    settings.redis_url(url)
}

#[cfg(not(feature = "redis"))]
fn with_redis(_: OAuthSettings, _: &str) -> Result<OAuthSettings, SetupError> {
    Err(SetupError::new(
        "REDIS_URL is set, but this build has no Redis: build it with the feature `redis`, or unset REDIS_URL",
    ))
}

#[cfg(feature = "mock-hub")]
fn mock(user: &str, var: impl Fn(&str) -> Option<String>) -> Result<SignIn, SetupError> {
    Ok(SignIn::Mock(MockSignIn { scopes: var("OAUTH_SCOPES"), ..MockSignIn::of(user)? }))
}

#[cfg(not(feature = "mock-hub"))]
fn mock(user: &str, _: impl Fn(&str) -> Option<String>) -> Result<SignIn, SetupError> {
    Err(SetupError::new(format!(
        "HF_MOCK_USER is `{user}`, but this build has no mock Hub: build it with the feature `mock-hub`, or unset \
         HF_MOCK_USER"
    )))
}

/// The names in `SPACE_HOST`, a list where the Space has a custom domain. What people copy from a browser counts, too:
/// scheme, path, port and case do not matter.
fn space_hosts(var: impl Fn(&str) -> Option<String>) -> Result<Vec<String>, SetupError> {
    let Some(list) = var("SPACE_HOST") else {
        return Ok(Vec::new());
    };
    let is_name = |host: &str| {
        host.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_'))
    };
    let hosts: Vec<String> = list.split(',').map(host_of).filter(|host| !host.is_empty()).collect();
    if hosts.is_empty() || !hosts.iter().all(|host| is_name(host)) {
        return Err(SetupError::new(format!(
            "SPACE_HOST is `{list}`: it has to be a host's name like `me-app.hf.space`, or several separated by commas"
        )));
    }
    Ok(hosts)
}

fn host_of(text: &str) -> String {
    let text = text.trim().to_ascii_lowercase();
    let text = text.split_once("://").map_or(&*text, |(_, rest)| rest);
    let host = text.split('/').next().unwrap_or_default();
    host.split(':').next().unwrap_or_default().to_owned()
}

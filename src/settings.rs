//! What the environment asks for. The only reader of the environment besides the sign-in's own settings.

use actix_huggingface_oauth::{Audience, OAuthSettings, SetupError};

use crate::audience::AUDIENCE;
use crate::project;

/// Settings of the app. White space around a value does not count, and an empty one is missing. Add your own here.
#[derive(Clone, Debug)]
pub struct Settings {
    /// With whom users sign in, the title and the port. Read from `SPACE_…`, `OAUTH_…`, `HF_MOCK_USER`, `PORT` and more.
    pub oauth: OAuthSettings,
    /// Whom the Space is for. No variable changes it.
    pub audience: Audience,
    /// Whether this is a Space on Hugging Face. Read from `SPACE_ID`.
    pub in_space: bool,
    /// Models that the page `/chat` suggests, instead of its own, separated by commas. Read from `CHAT_MODEL`.
    pub chat_models: Option<String>,
    /// What is logged, as `info` or `target=level,…`. Read from `RUST_LOG`.
    pub log_filter: Option<String>,
}

impl Settings {
    /// Settings from the environment; under `cargo run` also from `.env` and from the card in README.md. Where they ask for
    /// what cannot be, the error says how to put it right.
    #[expect(clippy::disallowed_methods, reason = "the one place where the environment is read")]
    pub fn from_env() -> anyhow::Result<Self> {
        let in_space = std::env::var_os("SPACE_ID").is_some();
        let Some(folder) = project::folder().filter(|_| !in_space) else {
            return Ok(Self::from_vars(|name| std::env::var(name).ok())?);
        };
        let dot_env = project::dot_env(&folder)?;
        let var = |name: &str| std::env::var(name).ok().or_else(|| dot_env.get(name).cloned());
        let settings = Self::from_vars(var)?;
        #[cfg(feature = "mock-hub")]
        let settings = {
            let oauth = settings.oauth.card(&project::readme(&folder));
            Self { oauth: oauth.mock_key_in(&folder.join("target")), ..settings }
        };
        Ok(settings)
    }

    /// Settings from a function that gives a variable's value.
    pub fn from_vars(vars: impl Fn(&str) -> Option<String>) -> Result<Self, SetupError> {
        let var = |name: &str| {
            vars(name).map(|value| value.trim().to_owned()).filter(|value| !value.is_empty())
        };
        let mut oauth = OAuthSettings::from_vars(&vars)?.default_title(env!("CARGO_PKG_NAME"));
        if cfg!(feature = "chat") {
            oauth = oauth.default_scopes("openid profile inference-api");
        }
        Ok(Self {
            oauth,
            audience: AUDIENCE,
            in_space: var("SPACE_ID").is_some(),
            chat_models: var("CHAT_MODEL"),
            log_filter: var("RUST_LOG"),
        })
    }
}

//! What sign-in needs to know, from the environment or from the app.

mod bearer;
#[cfg(feature = "mock-hub")]
mod card;
mod environment;
mod for_programs;
mod inference_providers;
mod limits;
mod login_hook;
#[cfg(feature = "mock-hub")]
mod mock_key;
mod oauth_settings;
mod other_sites;
mod router_settings;
mod session_settings;
mod setup_error;
mod sign_in;

pub use bearer::Bearer;
pub use limits::Limits;
pub use login_hook::LoginHook;
pub use oauth_settings::OAuthSettings;
pub use other_sites::OpenedPaths;
pub use router_settings::RouterSettings;
#[cfg(feature = "redis")]
pub use session_settings::RedisUrl;
pub use session_settings::SessionSecret;
pub use setup_error::SetupError;
#[cfg(feature = "mock-hub")]
pub use sign_in::MockSignIn;
pub use sign_in::{OAuthClient, SignIn};

//! Which access tokens of programs count.

/// The access tokens that count where a handler takes [`Caller`](crate::Caller).
///
/// A token that was made for another purpose lets whoever was ever given it act as its owner here: another Space that
/// somebody signed in to, for example. So tokens of other OAuth apps, and personal ones, which were made for no app at all,
/// count only where an app names them. RFC 6749 §10.16.
///
/// ```
/// use actix_huggingface_oauth::{Bearer, OAuthSettings, SignIn};
///
/// let settings = OAuthSettings::new(SignIn::Off)
///     .bearer(Bearer::own_app().or_personal().or_client("the-client-id-of-another-app"));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bearer {
    personal: bool,
    clients: Vec<String>,
}

impl Bearer {
    /// Tokens of this app's own OAuth app, which always count.
    #[must_use]
    pub fn own_app() -> Self {
        Self::default()
    }

    /// And personal access tokens, from a user's settings on the Hub. Anybody who was ever given such a token can act as
    /// its owner here.
    ///
    /// One that may not write has no role above read in any organization, whatever its owner's, and no scope.
    #[must_use]
    pub fn or_personal(mut self) -> Self {
        self.personal = true;
        self
    }

    /// And tokens of another OAuth app, by its client id. Whatever that app does with its users' tokens, it can do here.
    #[must_use]
    pub fn or_client(mut self, client_id: impl Into<String>) -> Self {
        self.clients.push(client_id.into());
        self
    }

    pub(crate) fn lets_in_personal(&self) -> bool {
        self.personal
    }

    /// Whether tokens of an OAuth app that is not this app's own count.
    pub(crate) fn lets_in_client(&self, client_id: &str) -> bool {
        self.clients.iter().any(|client| client == client_id)
    }
}

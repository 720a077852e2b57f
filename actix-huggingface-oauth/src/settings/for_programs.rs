//! What programs and pages of other sites may do.

use super::{Bearer, OAuthSettings};

impl OAuthSettings {
    /// Which access tokens of programs count where a handler takes [`Caller`](crate::Caller): by default those that were made
    /// for this app's own OAuth app.
    #[must_use]
    pub fn bearer(mut self, bearer: Bearer) -> Self {
        self.bearer = bearer;
        self
    }

    /// Lets pages of other sites send requests that change something to these paths, each with all that is below it, as
    /// `/api/`. No path by default, and none of sign-in's own, ever.
    ///
    /// Such a request is let in without a cookie of this app, and its answer sets none: who sends it says so with a bearer
    /// token, or is nobody. It is neither a navigation nor a WebSocket, and comes under one of the names in `SPACE_HOST`,
    /// not under one of this computer. What browsers let those pages read, and whether they ask first, is CORS, which
    /// stays the app's.
    #[must_use]
    pub fn open_to_other_sites<I>(mut self, paths: I) -> Self
    where
        I: IntoIterator<Item: Into<String>>,
    {
        self.opened_paths.extend(paths.into_iter().map(Into::into));
        self
    }
}

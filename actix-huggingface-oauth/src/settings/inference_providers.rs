//! Settings of the calls to Inference Providers.

use super::{OAuthSettings, SetupError};

impl OAuthSettings {
    /// Where Inference Providers are called: `https://router.huggingface.co/v1` by default. https, or http on this
    /// computer; while sign-in is mocked it is the mock Hub, if it is not on this computer.
    ///
    /// # Errors
    /// Where a user's token should not be sent there.
    pub fn router_url(mut self, url: &str) -> Result<Self, SetupError> {
        self.router.set_url(url)?;
        Ok(self)
    }

    /// The organization that pays for Inference Providers, by its name or by a resource group's id. By default users
    /// pay themselves; who is not in it with the rights to write is refused by the Hub.
    ///
    /// # Errors
    /// Where it is no such name.
    pub fn bill_to(mut self, organization: &str) -> Result<Self, SetupError> {
        self.router.set_bill_to(organization)?;
        Ok(self)
    }
}

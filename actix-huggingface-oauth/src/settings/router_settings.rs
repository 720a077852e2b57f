//! Where Inference Providers are called, and who pays for it.

use oauth2::url::Url;
use reqwest::header::HeaderValue;

use super::SetupError;
use crate::request::is_loopback_url;

/// Where Inference Providers are called, and who pays for it.
#[derive(Clone, Debug, Default)]
pub struct RouterSettings {
    /// The default one where none is named.
    pub url: Option<Url>,
    /// An organization; the user where none is named.
    pub bill_to: Option<HeaderValue>,
}

impl RouterSettings {
    /// # Errors
    /// Where a user's token should not be sent there. The text does not show the URL: there may be a password in it.
    pub fn set_url(&mut self, url: &str) -> Result<(), SetupError> {
        let parsed = Url::parse(url).ok().filter(|parsed| is_plain(url, parsed));
        self.url = Some(parsed.ok_or_else(|| {
            SetupError::new(
                "HF_ROUTER_URL is no URL like https://router.huggingface.co/v1: it has to be https, or http on this \
                 computer, without user, query and fragment",
            )
        })?);
        Ok(())
    }

    /// # Errors
    /// Where it is no name, so that it might be no value of a header.
    pub fn set_bill_to(&mut self, bill_to: &str) -> Result<(), SetupError> {
        let is_name = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
        let value = Some(bill_to).filter(|text| !text.is_empty() && text.bytes().all(is_name));
        self.bill_to = Some(value.and_then(|text| text.parse().ok()).ok_or_else(|| {
            SetupError::new(
                "HF_BILL_TO is no name of an organization, nor the id of a resource group: it has to be of letters, \
                 digits, `-`, `_` and `.`",
            )
        })?);
        Ok(())
    }
}

fn is_plain(text: &str, url: &Url) -> bool {
    // The parser takes some characters out of a URL, or reads them as others, without a word.
    let is_written_so =
        !text.contains(|letter: char| letter.is_control() || "\\ @?#".contains(letter));
    let is_safe = url.scheme() == "https" || url.scheme() == "http" && is_loopback_url(text);
    let has_host = text.split_once("://").is_some_and(|(_, rest)| !rest.starts_with('/'));
    is_written_so && is_safe && has_host
}

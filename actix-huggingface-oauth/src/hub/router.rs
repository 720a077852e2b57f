//! The router of Inference Providers, with chat completions as of `OpenAI`.
//! <https://huggingface.co/docs/inference-providers>

use oauth2::AccessToken;
use reqwest::header::{ACCEPT, CONTENT_TYPE, HeaderValue};
use reqwest::{Method, RequestBuilder};

use super::Provider;
use super::http_client::HttpClient;
use crate::request::is_loopback_url;
use crate::settings::{Limits, RouterSettings, SetupError};

const DEFAULT_URL: &str = "https://router.huggingface.co/v1";

/// Says who pays.
const BILL_TO: &str = "x-hf-bill-to";

/// The router of Inference Providers.
pub struct Router {
    chat_completions: String,
    http: HttpClient,
    bill_to: Option<HeaderValue>,
}

impl Router {
    /// The router for the users of a provider; `None` where nobody signs in and none is named. While sign-in is mocked
    /// it is the mock Hub, but for one on this computer.
    ///
    /// # Errors
    /// Where no HTTP client can be made, for want of the system's certificates.
    pub fn new(
        settings: RouterSettings,
        provider: Option<&Provider>,
        mocked: bool,
        limits: &Limits,
    ) -> Result<Option<Self>, SetupError> {
        let chosen = settings.url.map(String::from);
        let chosen = chosen.filter(|url| !mocked || is_loopback_url(url));
        let of_provider = provider.map(|provider| match provider {
            mock_hub if mocked => format!("{}/v1", mock_hub.api_url()),
            _ => DEFAULT_URL.to_owned(),
        });
        let Some(url) = chosen.or(of_provider) else {
            return Ok(None);
        };
        let http = match provider {
            // A client of its own would read the system's certificates again.
            Some(provider) if is_loopback_url(provider.url()) == is_loopback_url(&url) => {
                provider.http().clone()
            }
            _ => HttpClient::new(&url, limits)?,
        };
        let chat_completions = format!("{}/chat/completions", url.trim_end_matches('/'));
        Ok(Some(Self { chat_completions, http, bill_to: settings.bill_to }))
    }

    /// The client that sends [`Self::chat_completion`].
    pub fn http(&self) -> &HttpClient {
        &self.http
    }

    /// Asks for a chat completion, as a stream of events, which the user pays if nobody else does.
    pub fn chat_completion(&self, access_token: &AccessToken, request: String) -> RequestBuilder {
        let call = self
            .http
            .request(Method::POST, &self.chat_completions)
            .bearer_auth(access_token.secret());
        let call =
            call.header(CONTENT_TYPE, "application/json").header(ACCEPT, "text/event-stream");
        let call = match &self.bill_to {
            Some(bill_to) => call.header(BILL_TO, bill_to),
            None => call,
        };
        call.body(request)
    }
}

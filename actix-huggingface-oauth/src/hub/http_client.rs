//! HTTP client for the Hub: no redirects, responses of limited size, no secret in an error, and one retry if the Hub closed
//! a pooled connection.

use std::any::Any;
use std::cell::Cell;
use std::error::Error;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use actix_web::http::StatusCode;
use futures_util::FutureExt;
use futures_util::future::{BoxFuture, Inspect};
use hyper_util::client::legacy::connect::{Connected, Connection, HttpInfo};
use oauth2::http::Extensions;
use reqwest::{Client, ClientBuilder, Method, Request, RequestBuilder, Response, redirect};
use rustls::ClientConfig;
use rustls_platform_verifier::BuilderVerifierExt;
use tower_layer::layer_fn;
use tower_service::Service;

use super::HubError;
use crate::request::is_loopback_url;
use crate::settings::{Limits, SetupError};

/// Connect timeout of an app's own clients.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(3);

/// Timeout of a whole request of an app's own clients.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(10);

/// The largest response that is read, in bytes, except user info.
pub const MAX_BODY: usize = 1024 * 1024;

/// The largest user info that is read, in bytes: a user may be a member of thousands of organizations.
pub const MAX_USER_INFO: usize = 4 * 1024 * 1024;

tokio::task_local! {
    /// Local address of the connection that was opened for the request of this task.
    static OPENED_CONNECTION: Cell<Option<SocketAddr>>;
}

/// A response that was read to its end.
pub struct Answer {
    pub status: StatusCode,
    pub body: Vec<u8>,
}

/// HTTP client for one provider. Timeouts are the caller's. A clone shares the connections.
#[derive(Clone)]
pub struct HttpClient {
    pooled: Client,
    /// Opens a connection for each request.
    unpooled: Client,
}

impl HttpClient {
    /// Client for the provider at `provider_url`.
    ///
    /// # Errors
    /// [`SetupError`] if the system's certificates cannot be read.
    pub fn new(provider_url: &str, limits: &Limits) -> Result<Self, SetupError> {
        let failed = |error: &dyn std::fmt::Display| {
            SetupError::new(format!(
                "no HTTPS client can be made: {error}. In an image, install the certificates (ca-certificates)"
            ))
        };
        let tls = tls_config().map_err(|error| failed(&error))?;
        let client = || {
            let builder = builder(tls.clone()).connect_timeout(limits.connect);
            if is_loopback_url(provider_url) { builder.no_proxy() } else { builder }
        };
        let pooled = client().connector_layer(layer_fn(|inner| NoteConnection { inner }));
        Ok(Self {
            pooled: pooled.build().map_err(|error| failed(&error))?,
            unpooled: client().pool_max_idle_per_host(0).build().map_err(|error| failed(&error))?,
        })
    }

    /// A request, to be sent by [`HttpClient::send`] or [`HttpClient::read`].
    pub fn request(&self, method: Method, url: impl reqwest::IntoUrl) -> RequestBuilder {
        self.pooled.request(method, url)
    }

    /// The same for a request that another library made.
    pub fn request_from(&self, request: Request) -> RequestBuilder {
        RequestBuilder::from_parts(self.pooled.clone(), request)
    }

    /// Sends a request. If the server closed a reused connection before it sent a response, the request is sent once more,
    /// on a new connection: servers close idle connections at any moment, also while the next request is on its way.
    /// RFC 9112 §9.3.1.
    ///
    /// # Errors
    /// reqwest's, without retry, if the connection was new, the request timed out, or a response began.
    pub fn send(&self, request: RequestBuilder) -> BoxFuture<'_, reqwest::Result<Response>> {
        // Boxed, so that it is not part of the futures of all callers.
        Box::pin(async move {
            let request = request.build()?;
            let copy = request.try_clone();
            let sent = OPENED_CONNECTION.scope(Cell::new(None), async {
                let result = self.pooled.execute(request).await;
                (result, OPENED_CONNECTION.with(Cell::get))
            });
            let (result, opened) = sent.await;
            match (result, copy) {
                (Err(error), Some(copy)) if is_closed_without_response(&error, opened) => {
                    tracing::debug!("the Hub closed an idle connection; sending the request again");
                    self.unpooled.execute(copy).await
                }
                (result, _) => result,
            }
        })
    }

    /// Sends a request and reads its response up to `max_body` bytes.
    ///
    /// # Errors
    /// [`HubError`] if the Hub does not respond, is busy or broken, or sends more.
    pub async fn read(&self, request: RequestBuilder, max_body: usize) -> Result<Answer, HubError> {
        let mut response = self.send(request).await.map_err(HubError::from_request)?;
        let status = StatusCode::from_u16(response.status().as_u16())
            .map_err(|_| HubError::Malformed("status"))?;
        match status.as_u16() {
            300..=399 => return Err(HubError::Redirect(status)),
            429 | 503 => return Err(HubError::Busy(status)),
            500..=599 => return Err(HubError::Failed(status)),
            _ => {}
        }

        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(HubError::from_request)? {
            if body.len() + chunk.len() > max_body {
                return Err(HubError::TooLarge);
            }
            body.extend_from_slice(&chunk);
        }
        Ok(Answer { status, body })
    }
}

/// Connector that notes which connection was opened for the request of the current task: the pool may give that request
/// another one, and does not report whether it was reused.
#[derive(Clone)]
struct NoteConnection<S> {
    inner: S,
}

impl<S, R> Service<R> for NoteConnection<S>
where
    S: Service<R, Response: Connection>,
{
    type Response = S::Response;
    type Error = S::Error;
    type Future = Inspect<S::Future, fn(&Result<S::Response, S::Error>)>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, destination: R) -> Self::Future {
        self.inner.call(destination).inspect(|connection| {
            let address = connection.as_ref().ok().and_then(|it| local_address(&it.connected()));
            // A connection that is opened for the pool alone belongs to no request.
            let _ = OPENED_CONNECTION.try_with(|opened| opened.set(address));
        })
    }
}

fn local_address(connection: &Connected) -> Option<SocketAddr> {
    let mut extras = Extensions::new();
    connection.get_extras(&mut extras);
    extras.get::<HttpInfo>().map(HttpInfo::local_addr)
}

/// Whether a reused connection, which is any but the `opened` one, ended before a response head was complete.
fn is_closed_without_response(error: &reqwest::Error, opened: Option<SocketAddr>) -> bool {
    let mut is_reused = false;
    let mut cause = error.source();
    while let Some(error) = cause {
        let by_client = error.downcast_ref::<hyper_util::client::legacy::Error>();
        if let Some(connection) = by_client.and_then(|error| error.connect_info()) {
            is_reused = local_address(connection).is_some_and(|used| Some(used) != opened);
        }
        let by_hyper = error.downcast_ref::<hyper::Error>().is_some_and(|error| {
            error.is_incomplete_message() || error.is_canceled() || error.is_closed()
        });
        let by_system = error.downcast_ref::<io::Error>().is_some_and(|error| {
            use io::ErrorKind::{BrokenPipe, ConnectionAborted, ConnectionReset, UnexpectedEof};
            matches!(error.kind(), BrokenPipe | ConnectionAborted | ConnectionReset | UnexpectedEof)
        });
        if by_hyper || by_system {
            return is_reused;
        }
        cause = error.source();
    }
    false
}

/// Builder for HTTP clients of an app's own: redirects are not followed, connecting takes three seconds at most and a
/// whole request ten, and TLS needs no crypto provider of the process.
///
/// ```
/// let client = actix_huggingface_oauth::http_client().build()?;
/// # Ok::<(), actix_huggingface_oauth::reqwest::Error>(())
/// ```
pub fn http_client() -> ClientBuilder {
    let with_timeouts =
        |builder: ClientBuilder| builder.connect_timeout(CONNECT_TIMEOUT).timeout(REQUEST_TIMEOUT);
    match tls_config() {
        Ok(tls) => with_timeouts(builder(tls)),
        Err(error) => {
            tracing::error!(%error, "the system's certificates cannot be read");
            // A value that is no TLS configuration makes `build` fail.
            with_timeouts(builder(()))
        }
    }
}

fn builder(tls: impl Any) -> ClientBuilder {
    Client::builder()
        // Following redirects would let the provider send secrets elsewhere (SSRF).
        .redirect(redirect::Policy::none())
        .user_agent(concat!(env!("CARGO_PKG_NAME"), "/", env!("CARGO_PKG_VERSION")))
        .tls_backend_preconfigured(tls)
}

/// TLS with ring and the system's certificates, whatever crypto provider the process has.
///
/// # Errors
/// The system's certificates cannot be read.
pub fn tls_config() -> Result<ClientConfig, rustls::Error> {
    let ring = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(ring)
        .with_safe_default_protocol_versions()?
        .with_platform_verifier()?;
    Ok(config.with_no_client_auth())
}

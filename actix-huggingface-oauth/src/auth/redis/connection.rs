//! The connection to Redis, which all workers share. It is made when it is needed, and replaced if it was closed, is silent, or
//! leads to a node that does not serve.
//!
//! The library's own `ConnectionManager` keeps a connection to a node that became a replica, and takes the process's crypto
//! provider.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use redis::aio::{AsyncStream, MultiplexedConnection};
use redis::{
    AsyncConnectionConfig, ConnectionAddr, ErrorKind, FromRedisValue, Pipeline, RedisError,
    ServerErrorKind,
};
use rustls::pki_types::ServerName;
use tokio::net::{TcpStream, UnixStream};
use tokio::sync::watch;
use tokio::task::AbortHandle;
use tokio::time::{sleep, timeout};
use tokio_rustls::TlsConnector;

use crate::auth::StoreUnavailable;
use crate::hub::tls_config;
use crate::settings::RedisUrl;

/// How long a request waits for Redis, retries included.
const DEADLINE: Duration = Duration::from_secs(2);

/// A connection without a response for this time is silent, and so is a server that does not accept a new one.
const SILENT_AFTER: Duration = Duration::from_secs(1);

/// Pause between two attempts to connect to a silent server.
const RETRY_PAUSE: Duration = Duration::from_millis(100);

/// A connection to the node that serves. A clone shares it.
#[derive(Clone)]
pub struct RedisConnection(Arc<Shared>);

struct Shared {
    url: RedisUrl,
    tls: Option<TlsConnector>,
    link: watch::Sender<Link>,
    /// Host and port of the cluster's node that has the keys of this app, if the URL's node named it.
    moved_to: Mutex<Option<(String, u16)>>,
    next_id: AtomicU64,
    /// Whether the log has said that Redis is unavailable.
    is_reported: AtomicBool,
}

#[derive(Clone)]
enum Link {
    /// With the reason, if the last attempt to connect failed.
    Closed(Option<RedisError>),
    /// An attempt to connect is running. Requests do not wait for a silent server.
    Opening {
        is_silent: bool,
    },
    Open(Connection),
}

#[derive(Clone)]
struct Connection {
    id: u64,
    commands: MultiplexedConnection,
    driver: AbortHandle,
}

/// Why a command failed.
enum Fault {
    /// This node did not execute the command: it is a replica, is loading, or does not have the keys. Another one may, the one
    /// with this host and port if it was named.
    NotServing(Option<(String, u16)>),
    /// The connection failed, so that the command may have been executed.
    Lost,
    /// Redis refuses the command.
    Refused,
}

impl RedisConnection {
    /// # Errors
    /// The system's certificates cannot be read.
    pub fn new(url: RedisUrl) -> Result<Self, rustls::Error> {
        let tls = url.is_tls.then(tls_config).transpose()?;
        Ok(Self(Arc::new(Shared {
            url,
            tls: tls.map(|config| TlsConnector::from(Arc::new(config))),
            link: watch::Sender::new(Link::Closed(None)),
            moved_to: Mutex::default(),
            next_id: AtomicU64::default(),
            is_reported: AtomicBool::default(),
        })))
    }

    /// The response to commands that only read. They are sent once more, on a new connection, if theirs was lost.
    ///
    /// # Errors
    /// [`StoreUnavailable`]; the log has the reason.
    pub async fn read<T: FromRedisValue>(
        &self,
        commands: &Pipeline,
    ) -> Result<T, StoreUnavailable> {
        self.run(self.send_twice(commands, true)).await
    }

    /// The response to commands that write. They are sent once more only if Redis did not execute them.
    ///
    /// # Errors
    /// [`StoreUnavailable`]; the log has the reason.
    pub async fn write<T: FromRedisValue>(
        &self,
        commands: &Pipeline,
    ) -> Result<T, StoreUnavailable> {
        self.run(async {
            // A server that hangs would execute them when it goes on, after the visitor was told that nothing was stored.
            let mut ping = redis::pipe();
            ping.cmd("PING");
            self.send_twice::<()>(&ping, true).await?;
            self.send_twice(commands, false).await
        })
        .await
    }

    async fn run<T>(
        &self,
        response: impl Future<Output = Result<T, RedisError>>,
    ) -> Result<T, StoreUnavailable> {
        let result = timeout(DEADLINE, response).await.unwrap_or_else(|_| Err(silent()));
        match &result {
            Ok(_) if self.0.is_reported.swap(false, Ordering::Relaxed) => {
                tracing::info!("Redis answers again");
            }
            Err(error) if !self.0.is_reported.swap(true, Ordering::Relaxed) => {
                let error = format!("{error}");
                tracing::warn!(
                    error,
                    "Redis is unavailable; signed-in users get 503 until it answers"
                );
            }
            _ => {}
        }
        result.map_err(|_| StoreUnavailable)
    }

    async fn send_twice<T: FromRedisValue>(
        &self,
        commands: &Pipeline,
        is_read: bool,
    ) -> Result<T, RedisError> {
        match self.send(commands).await {
            Err((_, Fault::NotServing(_))) => {}
            Err((_, Fault::Lost)) if is_read => {}
            result => return result.map_err(|(error, _)| error),
        }
        self.send(commands).await.map_err(|(error, _)| error)
    }

    async fn send<T: FromRedisValue>(&self, commands: &Pipeline) -> Result<T, (RedisError, Fault)> {
        let mut connection = self.connection().await.map_err(|error| (error, Fault::Refused))?;
        let response = timeout(SILENT_AFTER, commands.query_async(&mut connection.commands)).await;
        response.unwrap_or_else(|_| Err(silent())).map_err(|error| {
            let fault = Fault::of(&error);
            match &fault {
                Fault::Refused => {}
                Fault::Lost => connection.driver.abort(),
                Fault::NotServing(node) => self.0.moved_to().clone_from(node),
            }
            if !matches!(fault, Fault::Refused) {
                self.0.close(connection.id);
            }
            (error, fault)
        })
    }

    /// The open connection, or a new one.
    async fn connection(&self) -> Result<Connection, RedisError> {
        let mut link = self.0.link.subscribe();
        self.0.link.send_if_modified(|link| {
            let is_closed = matches!(link, Link::Closed(_));
            if is_closed {
                *link = Link::Opening { is_silent: false };
                tokio::spawn(open(Arc::clone(&self.0)));
            }
            is_closed
        });
        let is_settled = |link: &Link| !matches!(link, Link::Opening { is_silent: false });
        let link = link.wait_for(is_settled).await;
        match link.as_deref() {
            Ok(Link::Open(connection)) => Ok(connection.clone()),
            Ok(Link::Closed(Some(error))) => Err(error.clone()),
            _ => Err(silent()),
        }
    }
}

/// Connects. If the server is silent, it is tried until it is not.
async fn open(shared: Arc<Shared>) {
    // If the worker that runs this ends.
    let _closed = OnDrop(|| shared.end_opening(Link::Closed(None)));
    loop {
        let mut attempt = std::pin::pin!(timeout(DEADLINE, connect(&shared)));
        let result = match timeout(SILENT_AFTER, &mut attempt).await {
            // The next request tries again, and waits for it.
            Ok(Ok(Err(error))) => return shared.end_opening(Link::Closed(Some(error))),
            Ok(result) => result,
            Err(_) => {
                shared.link.send_if_modified(|link| {
                    *link = Link::Opening { is_silent: true };
                    true
                });
                attempt.await
            }
        };
        if let Ok(Ok(connection)) = result {
            return shared.end_opening(Link::Open(connection));
        }
        sleep(RETRY_PAUSE).await;
    }
}

/// Connects to the node that another one named, else to that of the URL.
async fn connect(shared: &Arc<Shared>) -> Result<Connection, RedisError> {
    let moved_to = shared.moved_to().clone();
    if let Some(node) = moved_to {
        if let Ok(connection) = connect_to(shared, Some(node)).await {
            return Ok(connection);
        }
        *shared.moved_to() = None;
    }
    connect_to(shared, None).await
}

async fn connect_to(
    shared: &Arc<Shared>,
    node: Option<(String, u16)>,
) -> Result<Connection, RedisError> {
    let stream = stream(shared, node).await?;
    let server = shared.url.server.redis_settings();
    let config = AsyncConnectionConfig::new().set_response_timeout(None);
    let (commands, driver) = MultiplexedConnection::new_with_config(server, stream, config).await?;
    let id = shared.next_id.fetch_add(1, Ordering::Relaxed);
    // Weak: the connection ends with the last clone of what it belongs to.
    let weak = Arc::downgrade(shared);
    let driver = tokio::spawn(async move {
        let _closed = OnDrop(move || {
            if let Some(shared) = weak.upgrade() {
                shared.close(id);
            }
        });
        driver.await;
    });
    Ok(Connection { id, commands, driver: driver.abort_handle() })
}

/// A stream to the node with this host and port, or to that of the URL.
async fn stream(
    shared: &Shared,
    node: Option<(String, u16)>,
) -> Result<Box<dyn AsyncStream + Send + Unpin>, RedisError> {
    let (host, port) = match (shared.url.server.addr(), node) {
        (ConnectionAddr::Unix(path), _) => return Ok(Box::new(UnixStream::connect(path).await?)),
        // An empty host is the one that named the node.
        (ConnectionAddr::Tcp(_, _), Some((host, port))) if !host.is_empty() => (host, port),
        (ConnectionAddr::Tcp(host, _), Some((_, port))) => (host.clone(), port),
        (ConnectionAddr::Tcp(host, port), None) => (host.clone(), *port),
        _ => return Err((ErrorKind::InvalidClientConfig, "an address of another kind").into()),
    };
    let stream = TcpStream::connect((&*host, port)).await?;
    stream.set_nodelay(true)?;
    let Some(tls) = &shared.tls else {
        return Ok(Box::new(stream));
    };
    let name = ServerName::try_from(host);
    let name = name.map_err(|_| (ErrorKind::InvalidClientConfig, "no host name for TLS"))?;
    Ok(Box::new(tls.connect(name, stream).await?))
}

impl Shared {
    fn moved_to(&self) -> MutexGuard<'_, Option<(String, u16)>> {
        self.moved_to.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Closes the connection with this id, if it is still in use.
    fn close(&self, id: u64) {
        self.link.send_if_modified(|link| {
            let is_this = matches!(link, Link::Open(open) if open.id == id);
            if is_this {
                *link = Link::Closed(None);
            }
            is_this
        });
    }

    fn end_opening(&self, result: Link) {
        self.link.send_if_modified(|link| {
            let is_opening = matches!(link, Link::Opening { .. });
            if is_opening {
                *link = result;
            }
            is_opening
        });
    }
}

impl Fault {
    fn of(error: &RedisError) -> Self {
        // Those of each command of a transaction.
        let Some(errors) = error.clone().into_server_errors() else {
            return Self::Lost;
        };
        let mut faults = errors.iter().filter_map(|(_, error)| match error.kind()? {
            ServerErrorKind::Moved => {
                // The slot, host and port.
                let (_, node) = error.details()?.split_once(' ')?;
                let (host, port) = node.rsplit_once(':')?;
                Some(Self::NotServing(Some((host.to_owned(), port.parse().ok()?))))
            }
            ServerErrorKind::ReadOnly
            | ServerErrorKind::BusyLoading
            | ServerErrorKind::MasterDown
            | ServerErrorKind::ClusterDown => Some(Self::NotServing(None)),
            _ => None,
        });
        faults.next().unwrap_or(Self::Refused)
    }
}

fn silent() -> RedisError {
    (ErrorKind::Io, "it does not answer in time").into()
}

/// Calls a function when it is dropped.
struct OnDrop<F: Fn()>(F);

impl<F: Fn()> Drop for OnDrop<F> {
    fn drop(&mut self) {
        (self.0)();
    }
}

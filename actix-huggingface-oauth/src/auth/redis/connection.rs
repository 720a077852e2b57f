//! The connection to Redis, which all workers share. It is made when it is needed, and replaced if it was closed, is silent, or
//! leads to a node that does not serve.
//!
//! The library's own `ConnectionManager` keeps a connection to a node that became a replica, and takes the process's crypto
//! provider.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use redis::aio::{AsyncStream, MultiplexedConnection};
use redis::{
    AsyncConnectionConfig, ConnectionAddr, ErrorKind, FromRedisValue, Pipeline, RedisError,
    ServerErrorKind,
};
use rustls::pki_types::ServerName;
use tokio::net::TcpStream;
#[cfg(unix)]
use tokio::net::UnixStream;
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

/// An attempt without progress for this time belongs to a worker that is blocked: another worker makes the next one.
const BLOCKED_AFTER: Duration = Duration::from_secs(4);

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
        attempt: u64,
        is_silent: bool,
        at: Instant,
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
        if let Link::Open(connection) = &*self.0.link.borrow() {
            return Ok(connection.clone());
        }
        let mut link = self.0.link.subscribe();
        if let Some(attempt) = Attempt::start(&self.0) {
            tokio::spawn(open(attempt));
        }
        let is_settled = |link: &Link| !matches!(link, Link::Opening { is_silent: false, .. });
        let link = link.wait_for(is_settled).await;
        match link.as_deref() {
            Ok(Link::Open(connection)) => Ok(connection.clone()),
            Ok(Link::Closed(Some(error))) => Err(error.clone()),
            _ => Err(silent()),
        }
    }
}

/// The attempt to connect that requests wait for, unless a later one replaced it.
struct Attempt {
    shared: Arc<Shared>,
    id: u64,
}

impl Attempt {
    /// `None` if there is a connection, or an attempt.
    fn start(shared: &Arc<Shared>) -> Option<Self> {
        let id = shared.next_id.fetch_add(1, Ordering::Relaxed);
        let is_started = shared.link.send_if_modified(|link| {
            let is_due = match link {
                Link::Closed(_) => true,
                Link::Opening { at, .. } => at.elapsed() > BLOCKED_AFTER,
                Link::Open(_) => false,
            };
            if is_due {
                *link = Link::Opening { attempt: id, is_silent: false, at: Instant::now() };
            }
            is_due
        });
        is_started.then(|| Self { shared: Arc::clone(shared), id })
    }

    fn set(&self, next: Link) {
        self.shared.link.send_if_modified(|link| {
            let is_this = matches!(link, Link::Opening { attempt, .. } if *attempt == self.id);
            if is_this {
                *link = next;
            }
            is_this
        });
    }
}

impl Drop for Attempt {
    /// If the worker that runs the attempt ends.
    fn drop(&mut self) {
        self.set(Link::Closed(None));
    }
}

/// Connects. If the server is silent, it is tried until it is not.
async fn open(attempt: Attempt) {
    loop {
        let mut connecting = std::pin::pin!(timeout(DEADLINE, connect(&attempt.shared)));
        let result = match timeout(SILENT_AFTER, &mut connecting).await {
            // The next request tries again, and waits for it.
            Ok(Ok(Err(error))) => return attempt.set(Link::Closed(Some(error))),
            Ok(result) => result,
            Err(_) => {
                let (id, at) = (attempt.id, Instant::now());
                attempt.set(Link::Opening { attempt: id, is_silent: true, at });
                connecting.await
            }
        };
        if let Ok(Ok(connection)) = result {
            return attempt.set(Link::Open(connection));
        }
        sleep(RETRY_PAUSE).await;
    }
}

/// Connects to the node that another one named, else to that of the URL.
async fn connect(shared: &Arc<Shared>) -> Result<Connection, RedisError> {
    // Taken: if that node is silent, the next attempt is for the other one.
    let moved_to = shared.moved_to().take();
    if let Some(node) = moved_to
        && let Ok(connection) = connect_to(shared, Some(node.clone())).await
    {
        *shared.moved_to() = Some(node);
        return Ok(connection);
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
        #[cfg(unix)]
        (ConnectionAddr::Unix(path), _) => return Ok(Box::new(UnixStream::connect(path).await?)),
        // An empty host is the one that named the node.
        (ConnectionAddr::Tcp(_, _), Some((host, port))) if !host.is_empty() => (host, port),
        (ConnectionAddr::Tcp(host, _), Some((_, port))) => (host.clone(), port),
        (ConnectionAddr::Tcp(host, port), None) => (host.clone(), *port),
        _ => return Err((ErrorKind::InvalidClientConfig, "an address of another kind").into()),
    };
    let stream = TcpStream::connect((&*host, port)).await?;
    stream.set_nodelay(true)?;
    // What was not sent when the connection is given up is never sent.
    stream.set_zero_linger()?;
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

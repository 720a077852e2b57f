//! Relay in front of the fake Hub, or of the fake router, that closes connections at chosen moments, as a server does whose
//! keep-alive timeout passes while a request is on its way.

use std::io::Result;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use actix_web::rt::net::{TcpListener, TcpStream};
use oauth2::url::Url;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::task::JoinHandle;

/// What the relay does with a request that it does not let through. Each is closed without a `Connection: close` before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Close {
    /// Closes a connection under its second and each later request.
    Reused,
    /// Closes each connection under its request.
    Always,
    /// Closes a connection under its second and each later request, in the middle of the response's body.
    InBody,
    /// Responds to the second and each later request of a connection with what is no HTTP.
    Garbage,
}

/// A running relay; it stops with the test.
pub struct Relay {
    /// Where it listens, as `http://127.0.0.1:{port}`.
    pub url: String,
    closed: Arc<AtomicUsize>,
    task: JoinHandle<()>,
}

impl Relay {
    /// Relay to the server at `url` that closes connections under requests for `path`, and lets all others through.
    pub fn to(url: &str, path: &'static str, close: Close) -> Self {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        let address = Url::parse(url).unwrap().socket_addrs(|| None).unwrap()[0];
        let closed = Arc::new(AtomicUsize::new(0));
        let (url, count) = (format!("http://{}", listener.local_addr().unwrap()), closed.clone());
        let task = tokio::spawn(async move {
            let listener = TcpListener::from_std(listener).unwrap();
            loop {
                let (client, _) = listener.accept().await.unwrap();
                let server = TcpStream::connect(address).await.unwrap();
                let count = count.clone();
                tokio::spawn(async move {
                    // An error is the end of one of the two connections, and so of both.
                    let _ = relay(client, server, path, close, &count).await;
                });
            }
        });
        Self { url, closed, task }
    }

    /// How many requests ended with their connection.
    pub fn closed(&self) -> usize {
        self.closed.load(Ordering::SeqCst)
    }
}

impl Drop for Relay {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn relay(
    mut client: TcpStream,
    mut server: TcpStream,
    path: &str,
    close: Close,
    closed: &AtomicUsize,
) -> Result<()> {
    let (mut from_client, mut from_server) = (vec![0; 16 * 1024], vec![0; 16 * 1024]);
    let (mut request, mut requests, mut cuts) = (Vec::new(), 0, false);
    loop {
        tokio::select! {
            length = client.read(&mut from_client) => {
                let length = length?;
                if length == 0 {
                    return Ok(());
                }
                request.extend_from_slice(&from_client[..length]);
                if !is_whole(&request) {
                    continue;
                }
                requests += 1;
                let head = String::from_utf8_lossy(&request);
                let is_meant = head.split(' ').nth(1).is_some_and(|target| target.starts_with(path));
                let is_due = close == Close::Always || requests > 1;
                if is_meant && is_due {
                    closed.fetch_add(1, Ordering::SeqCst);
                    match close {
                        Close::InBody => cuts = true,
                        Close::Garbage => return client.write_all(b"garbage\r\n\r\n").await,
                        Close::Reused | Close::Always => return Ok(()),
                    }
                }
                server.write_all(&request).await?;
                request.clear();
            }
            length = server.read(&mut from_server) => {
                let length = length?;
                let response = &from_server[..length];
                if cuts && let Some(end) = end_of_head(response) {
                    return client.write_all(&response[..=end]).await;
                }
                client.write_all(response).await?;
                if length == 0 {
                    return Ok(());
                }
            }
        }
    }
}

/// Whether a request has come to its end, as `Content-Length` gives it.
fn is_whole(request: &[u8]) -> bool {
    let Some(end) = end_of_head(request) else {
        return false;
    };
    let head = String::from_utf8_lossy(&request[..end]).to_lowercase();
    let length = head.lines().find_map(|line| line.strip_prefix("content-length:"));
    request.len() - end >= length.map_or(0, |length| length.trim().parse().unwrap())
}

fn end_of_head(message: &[u8]) -> Option<usize> {
    message.windows(4).position(|window| window == b"\r\n\r\n").map(|start| start + 4)
}

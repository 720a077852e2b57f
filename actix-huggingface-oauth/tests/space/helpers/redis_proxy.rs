//! Proxy at a fixed address in front of Redis, as a load balancer or a name that moves to another server.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex};

use actix_web::rt::net::{TcpListener, TcpStream};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::sync::watch;
use tokio::task::JoinHandle;

/// A running proxy; it stops with the test.
pub struct RedisProxy {
    port: u16,
    state: Arc<State>,
    task: JoinHandle<()>,
}

struct State {
    server: Mutex<SocketAddr>,
    connections: watch::Sender<Connections>,
    /// The command under whose response a connection is closed, once.
    closes_after: Mutex<Option<&'static str>>,
}

/// How many connections were made, and how many of them, from the first on, are swallowed.
#[derive(Default)]
struct Connections {
    made: usize,
    swallowed: usize,
}

impl RedisProxy {
    pub fn to(server: SocketAddr) -> Self {
        let listener = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        listener.set_nonblocking(true).unwrap();
        let port = listener.local_addr().unwrap().port();
        let state = Arc::new(State {
            server: Mutex::new(server),
            connections: watch::Sender::default(),
            closes_after: Mutex::default(),
        });
        let shared = Arc::clone(&state);
        let task = tokio::spawn(async move {
            let listener = TcpListener::from_std(listener).unwrap();
            loop {
                let (client, _) = listener.accept().await.unwrap();
                let shared = Arc::clone(&shared);
                tokio::spawn(async move {
                    // An error is the end of one of the two connections, and so of both.
                    let _ = relay(client, &shared).await;
                });
            }
        });
        Self { port, state, task }
    }

    pub fn url(&self) -> String {
        format!("redis://127.0.0.1:{}", self.port)
    }

    /// Connects new clients to another server. Open connections stay.
    pub fn move_to(&self, server: SocketAddr) {
        *self.state.server.lock().unwrap() = server;
    }

    /// Lets no more bytes through the connections that are open, and closes none.
    pub fn swallow_open(&self) {
        self.state.connections.send_modify(|connections| connections.swallowed = connections.made);
    }

    /// Lets no more bytes through, nor through new connections.
    pub fn swallow_all(&self) {
        self.state.connections.send_modify(|connections| connections.swallowed = usize::MAX);
    }

    /// Closes a connection once: after a command with this name was executed, and before its response.
    pub fn close_after(&self, command: &'static str) {
        *self.state.closes_after.lock().unwrap() = Some(command);
    }

    /// How many connections were made.
    pub fn connections(&self) -> usize {
        self.state.connections.borrow().made
    }
}

impl Drop for RedisProxy {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl State {
    /// Whether these bytes are the command under whose response a connection is closed.
    fn closes_after(&self, sent: &[u8]) -> bool {
        let mut command = self.closes_after.lock().unwrap();
        let is_sent = command.is_some_and(|command| {
            sent.windows(command.len()).any(|window| window == command.as_bytes())
        });
        if is_sent {
            *command = None;
        }
        is_sent
    }
}

async fn relay(mut client: TcpStream, state: &State) -> io::Result<()> {
    let address = *state.server.lock().unwrap();
    let mut number = 0;
    state.connections.send_modify(|connections| {
        number = connections.made;
        connections.made += 1;
    });
    let mut server = TcpStream::connect(address).await?;
    let (mut from_client, mut from_server) = (vec![0; 16 * 1024], vec![0; 16 * 1024]);
    let mut closes = false;
    loop {
        let (length, sender, receiver) = tokio::select! {
            length = client.read(&mut from_client) => (length?, &from_client, &mut server),
            length = server.read(&mut from_server) => {
                if closes {
                    return Ok(());
                }
                (length?, &from_server, &mut client)
            }
        };
        if number < state.connections.borrow().swallowed {
            // The other side does not learn that a side closed its connection.
            return std::future::pending().await;
        }
        if length == 0 {
            return Ok(());
        }
        let sent = &sender[..length];
        closes |= state.closes_after(sent);
        receiver.write_all(sent).await?;
    }
}

//! A Redis server of the test's own.

use std::net::TcpListener;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use deadpool_redis::redis::{self, Client, Connection};

/// For a start, on a machine that has much else to do.
const PATIENCE: Duration = Duration::from_secs(60);

/// A server that may be running; it is killed with the test.
pub struct Redis {
    port: u16,
    folder: PathBuf,
    server: Option<Child>,
}

impl Redis {
    /// A place for a server, which is not there yet.
    pub fn down() -> Self {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let folder = std::env::temp_dir().join(format!("redis-of-a-test-{port}"));
        std::fs::create_dir_all(&folder).unwrap();
        Self { port, folder, server: None }
    }

    /// A server that runs.
    pub fn start() -> Self {
        let mut redis = Self::down();
        redis.up();
        redis
    }

    pub fn url(&self) -> String {
        format!("redis://127.0.0.1:{}", self.port)
    }

    /// Starts the server, with what it saved when it was shut down.
    pub fn up(&mut self) {
        let mut server = Command::new("redis-server");
        server.args(["--port", &self.port.to_string(), "--bind", "127.0.0.1", "--save", ""]);
        server.arg("--dir").arg(&self.folder).stdout(Stdio::null());
        self.server = Some(
            server
                .spawn()
                .expect("these tests need redis-server, from Debian's package of this name"),
        );
        let begun = Instant::now();
        while self.connection().and_then(|mut it| redis::cmd("PING").query::<()>(&mut it)).is_err()
        {
            assert!(begun.elapsed() < PATIENCE, "redis-server does not answer");
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    /// Saves everything and shuts the server down.
    pub fn shut_down(&mut self) {
        // It answers by closing the connection.
        let _ = redis::cmd("SHUTDOWN").arg("SAVE").query::<()>(&mut self.connection().unwrap());
        self.server.take().unwrap().wait().unwrap();
    }

    /// Stops answering, without closing anything.
    pub fn hang(&self) {
        self.signal("-STOP");
    }

    /// Goes on after it hung.
    pub fn go_on(&self) {
        self.signal("-CONT");
    }

    fn signal(&self, signal: &str) {
        let server = self.server.as_ref().unwrap().id().to_string();
        assert!(Command::new("kill").args([signal, &server]).status().unwrap().success());
    }

    pub fn connection(&self) -> redis::RedisResult<Connection> {
        Client::open(self.url())?.get_connection()
    }
}

impl Drop for Redis {
    fn drop(&mut self) {
        if let Some(mut server) = self.server.take() {
            let _ = server.kill();
            let _ = server.wait();
        }
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

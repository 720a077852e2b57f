//! A Redis server of the test's own.

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use deadpool_redis::redis::{self, Client, Connection};

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// For a start, on a machine that has much else to do.
const PATIENCE: Duration = Duration::from_secs(60);

/// A server that may be running; it is killed with the test.
pub struct Redis {
    port: u16,
    folder: PathBuf,
    /// The password that it asks for; it asks for none where this is empty.
    password: &'static str,
    /// More of its settings.
    settings: Vec<String>,
    server: Option<Child>,
}

impl Redis {
    /// A place for a server, which is not there yet.
    pub fn down() -> Self {
        let port = free_port();
        let folder = std::env::temp_dir().join(format!("redis-of-a-test-{port}"));
        std::fs::create_dir_all(&folder).unwrap();
        Self { port, folder, password: "", settings: Vec::new(), server: None }
    }

    /// A server that runs.
    pub fn start() -> Self {
        let mut redis = Self::down();
        redis.up();
        redis
    }

    /// A server that runs, asks for a password and speaks TLS at another port, with a certificate of its own.
    pub fn start_with_tls(password: &'static str) -> (Self, Tls) {
        let mut redis = Self::down();
        redis.password = password;
        let tls = Tls::make(&redis.folder);
        redis.settings = tls.settings();
        redis.settings.extend(["--requirepass".to_owned(), password.to_owned()]);
        redis.up();
        (redis, tls)
    }

    pub fn url(&self) -> String {
        let login = match self.password {
            "" => String::new(),
            password => format!("default:{password}@"),
        };
        format!("redis://{login}127.0.0.1:{}", self.port)
    }

    /// Starts the server, with what it saved when it was shut down.
    pub fn up(&mut self) {
        let mut server = Command::new("redis-server");
        server.args(["--port", &self.port.to_string(), "--bind", "127.0.0.1", "--save", ""]);
        server.arg("--dir").arg(&self.folder).args(&self.settings).stdout(Stdio::null());
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

/// Where a server speaks TLS.
pub struct Tls {
    pub port: u16,
    /// What signs its certificate, which is valid for `localhost`.
    pub certificate: PathBuf,
    key: PathBuf,
}

impl Tls {
    fn make(folder: &Path) -> Self {
        let port = free_port();
        let [certificate, key] = ["certificate.pem", "key.pem"].map(|name| folder.join(name));
        let mut openssl = Command::new("openssl");
        openssl.args(["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"]);
        openssl.args(["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"]);
        openssl.args(["-addext", "basicConstraints=critical,CA:FALSE"]);
        openssl.arg("-out").arg(&certificate).arg("-keyout").arg(&key);
        let made = openssl.output().expect("these tests need openssl");
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        Self { port, certificate, key }
    }

    fn settings(&self) -> Vec<String> {
        let [certificate, key] = [&self.certificate, &self.key].map(|path| path.to_str().unwrap());
        let settings = ["--tls-port", &self.port.to_string(), "--tls-auth-clients", "no"];
        let files = ["--tls-cert-file", certificate, "--tls-key-file", key];
        settings.into_iter().chain(files).map(str::to_owned).collect()
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

//! A Redis server of the test's own.

use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use ::redis::{Client, Commands, Connection, FromRedisValue, RedisResult};

pub fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// For a start on a slow machine.
const START_TIMEOUT: Duration = Duration::from_secs(60);

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
        Self::start_with(&[])
    }

    /// A server that runs, with these settings.
    pub fn start_with(settings: &[&str]) -> Self {
        let mut redis = Self::down();
        redis.settings = settings.iter().map(ToString::to_string).collect();
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

    pub fn address(&self) -> SocketAddr {
        (Ipv4Addr::LOCALHOST, self.port).into()
    }

    /// Starts the server, with what it saved when it was shut down.
    pub fn up(&mut self) {
        self.spawn();
        wait_until("redis-server answers", || self.try_command::<()>(&["PING"]).is_ok());
    }

    /// Starts the server, which takes a tenth of a second to load each key that it saved, until [`Redis::load`].
    pub fn up_loading(&mut self) {
        self.settings.extend(["--key-load-delay", "100000"].map(str::to_owned));
        self.spawn();
        wait_until("redis-server loads", || {
            let error = self.try_command::<()>(&["PING"]).err();
            error.is_some_and(|error| error.code() == Some("LOADING"))
        });
    }

    /// Has the server load what is left.
    pub fn load(&self) {
        self.command::<()>(&["CONFIG", "SET", "key-load-delay", "0"]);
    }

    fn spawn(&mut self) {
        let mut server = Command::new("redis-server");
        server.args(["--port", &self.port.to_string(), "--bind", "127.0.0.1", "--save", ""]);
        server.args(["--repl-diskless-sync-delay", "0", "--rdbcompression", "no"]);
        server.args(["--loading-process-events-interval-bytes", "1024"]);
        server.arg("--dir").arg(&self.folder).args(&self.settings).stdout(Stdio::null());
        let server = server.spawn();
        self.server = Some(
            server.expect("these tests need redis-server, from Debian's package of this name"),
        );
    }

    /// Saves everything and shuts the server down.
    pub fn shut_down(&mut self) {
        // It answers by closing the connection.
        let _ = self.try_command::<()>(&["SHUTDOWN", "SAVE"]);
        self.server.take().unwrap().wait().unwrap();
    }

    /// Ends the server without a warning (SIGKILL).
    pub fn kill(&mut self) {
        let mut server = self.server.take().unwrap();
        server.kill().unwrap();
        server.wait().unwrap();
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

    pub fn connection(&self) -> RedisResult<Connection> {
        Client::open(self.url())?.get_connection()
    }

    /// The response to a command.
    pub fn command<T: FromRedisValue>(&self, command: &[&str]) -> T {
        self.try_command(command).unwrap()
    }

    fn try_command<T: FromRedisValue>(&self, command: &[&str]) -> RedisResult<T> {
        let (name, arguments) = command.split_first().unwrap();
        ::redis::cmd(name).arg(arguments).query(&mut self.connection()?)
    }

    /// All keys.
    pub fn keys(&self) -> Vec<String> {
        let mut keys: Vec<String> = self.connection().unwrap().keys("*").unwrap();
        keys.sort();
        keys
    }

    /// Forgets which commands were executed.
    pub fn reset_commands(&self) {
        self.command::<()>(&["CONFIG", "RESETSTAT"]);
    }

    /// The commands that were executed since [`Redis::reset_commands`], with their number, as `mget 2`.
    pub fn commands(&self) -> Vec<String> {
        let stats: String = self.command(&["INFO", "commandstats"]);
        let lines = stats.lines().filter_map(|line| line.strip_prefix("cmdstat_"));
        let counts = lines.filter_map(|line| {
            let (name, rest) = line.split_once(":calls=")?;
            Some(format!("{name} {}", rest.split(',').next()?))
        });
        let mut counts: Vec<_> = counts.collect();
        // Those of the test's own connections.
        counts
            .retain(|count| !["config", "client", "info"].iter().any(|own| count.starts_with(own)));
        counts.sort();
        counts
    }

    /// Makes this server a replica of another one, and waits until it has all of its keys.
    pub fn follow(&self, master: &Self) {
        self.command::<()>(&["REPLICAOF", "127.0.0.1", &master.port.to_string()]);
        wait_until("the replica follows", || {
            let info = self.try_command::<String>(&["INFO", "replication"]);
            info.is_ok_and(|info| info.contains("master_link_status:up"))
        });
    }

    /// Waits until the replica of this server has what was written up to now.
    pub fn wait_for_replica(&self) {
        let mut connection = self.connection().unwrap();
        connection.set::<_, _, ()>("written", "now").unwrap();
        let replicas = ::redis::cmd("WAIT").arg(1).arg(60_000).query(&mut connection);
        assert_eq!(replicas, Ok(1));
    }

    /// Makes this server a master.
    pub fn lead(&self) {
        self.command::<()>(&["REPLICAOF", "NO", "ONE"]);
    }
}

fn wait_until(what: &str, condition: impl Fn() -> bool) {
    let begun = Instant::now();
    while !condition() {
        assert!(begun.elapsed() < START_TIMEOUT, "waited in vain: {what}");
        std::thread::sleep(Duration::from_millis(10));
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

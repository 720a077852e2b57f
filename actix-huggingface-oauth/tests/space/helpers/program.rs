//! The app in a process of its own, so that it can be killed and its memory be read.

use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex, mpsc};
use std::time::Duration;

use actix_huggingface_oauth::{BodyTimeout, OAuthSettings};

use super::{Browser, FakeHub, HOST, serve_with, space_vars};

/// What it says before the address that it listens on.
const ADDRESS: &str = "listening on ";

/// How long the program waits for a body: tests wait as long.
const BODY_TIMEOUT: Duration = Duration::from_secs(5);

/// For a start, on a machine that has much else to do.
const START_TIMEOUT: Duration = Duration::from_secs(60);

/// The program: this binary, which runs the app where it is asked for this test alone. With the variable
/// `CRYPTO_PROVIDER_OF_THE_PROCESS`, the process has a crypto provider that nothing can use.
#[actix_web::test]
#[ignore = "the program that other tests start"]
async fn the_program() {
    let log = tracing_subscriber::fmt().with_writer(std::io::stderr).with_ansi(false);
    log.with_max_level(tracing::Level::INFO).init();
    if std::env::var_os("CRYPTO_PROVIDER_OF_THE_PROCESS").is_some() {
        let mut provider = rustls::crypto::ring::default_provider();
        provider.cipher_suites.clear();
        provider.install_default().unwrap();
    }
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    eprintln!("{ADDRESS}{}", listener.local_addr().unwrap());
    let settings = OAuthSettings::from_env().unwrap();
    serve_with(listener, settings, BodyTimeout::new(BODY_TIMEOUT)).await.unwrap();
}

/// A running program; it is killed with the test.
pub struct Program {
    /// Where it listens, as `http://127.0.0.1:{port}`.
    pub address: String,
    process: Child,
    log: Arc<Mutex<String>>,
}

impl Program {
    /// The program as a Space whose users sign in at `hub`.
    pub fn on(hub: &FakeHub) -> Self {
        Self::start(&space_vars(&hub.url))
    }

    /// The program with nothing but these variables, on a port that is free.
    pub fn start(vars: &[(&str, &str)]) -> Self {
        let mut program = Command::new(std::env::current_exe().unwrap());
        program.args(["--exact", "helpers::program::the_program", "--ignored", "--nocapture"]);
        program.env_clear().envs(vars.iter().copied());
        let mut process = program.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
        let lines = BufReader::new(process.stderr.take().unwrap()).lines();
        let log = Arc::new(Mutex::new(String::new()));
        let (sender, address) = mpsc::channel();
        let kept = Arc::clone(&log);
        std::thread::spawn(move || {
            for line in lines.map_while(Result::ok) {
                if let Some((_, address)) = line.split_once(ADDRESS) {
                    let _ = sender.send(address.to_owned());
                }
                kept.lock().unwrap().extend([&line, "\n"]);
            }
        });
        let address = address.recv_timeout(START_TIMEOUT);
        let address = address.unwrap_or_else(|_| panic!("no start: {}", log.lock().unwrap()));
        Self { address: format!("http://{address}"), process, log }
    }

    /// A browser at the Space's own host name.
    pub fn browser(&self) -> Browser {
        Browser::at(&self.address, HOST)
    }

    /// Ends it without a warning (SIGKILL).
    pub fn kill(mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }

    /// What it logged up to now.
    pub fn log(&self) -> String {
        self.log.lock().unwrap().clone()
    }
}

#[cfg(target_os = "linux")]
impl Program {
    /// Its memory, in KiB.
    pub fn memory(&self) -> usize {
        self.status("VmRSS")
    }

    /// The most memory that it had, in KiB.
    pub fn peak_memory(&self) -> usize {
        self.status("VmHWM")
    }

    pub fn threads(&self) -> usize {
        self.status("Threads")
    }

    /// Its sockets and other open files.
    pub fn open_files(&self) -> usize {
        std::fs::read_dir(format!("/proc/{}/fd", self.process.id())).unwrap().count()
    }

    /// A field of `/proc/{pid}/status`.
    fn status(&self, field: &str) -> usize {
        let status =
            std::fs::read_to_string(format!("/proc/{}/status", self.process.id())).unwrap();
        let line = status.lines().find(|line| line.starts_with(&format!("{field}:"))).unwrap();
        line.split_whitespace().nth(1).unwrap().parse().unwrap()
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // It has ended already where the test killed it.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

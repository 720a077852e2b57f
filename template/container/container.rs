//! A container as Hugging Face runs one, but with less: its root file system is read-only, and it has no capabilities.

use std::fs;
use std::net::SocketAddr;
use std::process::Output;
use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::browser::curl;
use crate::engine::{engine, is_podman, try_engine};

/// For what takes milliseconds on an idle machine.
pub const PATIENCE: Duration = Duration::from_mins(2);

/// How long Docker waits after SIGTERM before it sends SIGKILL, in seconds.
const GRACE: &str = "10";

pub struct Container {
    id: String,
    port: u16,
}

/// How a container is run.
#[derive(Default)]
pub struct Options {
    /// The port on which the app listens; none: 7860.
    pub port: Option<u16>,
    pub env: Vec<(String, String)>,
    /// Whether the root file system can be written to, as in a Space.
    pub writable: bool,
    /// More arguments of `docker create`.
    pub more: Vec<String>,
}

impl Container {
    /// Starts a container, and waits until the app answers.
    pub fn start(image: &str, options: &Options) -> Self {
        let port = options.port.unwrap_or(7860);
        let publish = format!("127.0.0.1::{port}");
        let arguments = arguments(image, options);
        let arguments: Vec<_> = ["create", "--publish", &publish]
            .into_iter()
            .chain(arguments.iter().map(String::as_str))
            .collect();
        let container = Self { id: engine(&arguments), port };
        engine(&["start", &container.id]);
        container.wait_until_up();
        container
    }

    fn wait_until_up(&self) {
        let begun = Instant::now();
        while curl(&[&format!("http://{}/healthz", self.address())]).status != 200 {
            assert_eq!(self.inspect("{{.State.Running}}"), "true", "it stopped: {}", self.logs());
            assert!(begun.elapsed() < PATIENCE, "it does not answer: {}", self.logs());
            sleep(Duration::from_millis(20));
        }
    }

    /// Where its port is published on this machine.
    pub fn address(&self) -> SocketAddr {
        let published = engine(&["port", &self.id, &self.port.to_string()]);
        published.lines().next().and_then(|line| line.parse().ok()).expect("an address")
    }

    pub fn inspect(&self, format: &str) -> String {
        engine(&["inspect", "--format", format, &self.id])
    }

    /// A line of the app's `/proc/…/status`.
    pub fn process_status(&self, field: &str) -> String {
        let pid = self.inspect("{{.State.Pid}}");
        let status = fs::read_to_string(format!("/proc/{pid}/status")).expect("its process runs");
        let line = status.lines().find_map(|line| line.strip_prefix(field)?.strip_prefix(':'));
        line.unwrap_or_else(|| panic!("no {field} in {status}")).trim().to_owned()
    }

    pub fn logs(&self) -> String {
        engine(&["logs", &self.id])
    }

    /// What a command prints that is run inside.
    pub fn exec(&self, command: &[&str]) -> String {
        engine(&[&["exec", &self.id][..], command].concat())
    }

    /// Stops it and starts it anew, as Dev Mode's button "Refresh" does.
    pub fn restart(&self) {
        engine(&["restart", "--time", GRACE, &self.id]);
        self.wait_until_up();
    }

    pub fn send_sigterm(&self) {
        engine(&["kill", "--signal", "TERM", &self.id]);
    }

    /// Waits until it has ended: its exit status.
    pub fn wait(&self) -> String {
        engine(&["wait", &self.id])
    }

    /// Stops it as Docker does: 137 is the exit status of one that had to be killed.
    pub fn stop(&self) -> String {
        engine(&["stop", "--time", GRACE, &self.id]);
        self.inspect("{{.State.ExitCode}}")
    }
}

impl Drop for Container {
    fn drop(&mut self) {
        try_engine(&["rm", "--force", &self.id]);
    }
}

/// Runs a container that ends by itself.
pub fn run_to_end(image: &str, options: &Options) -> Output {
    let arguments = arguments(image, options);
    let arguments: Vec<_> =
        ["run", "--rm"].into_iter().chain(arguments.iter().map(String::as_str)).collect();
    try_engine(&arguments)
}

fn arguments(image: &str, options: &Options) -> Vec<String> {
    let mut arguments: Vec<String> =
        ["--label=container-tests", "--cap-drop=all", "--security-opt=no-new-privileges"]
            .map(str::to_owned)
            .into();
    if !options.writable {
        arguments.push("--read-only".to_owned());
    }
    if is_podman() {
        // Otherwise /tmp and /run can be written to, and the image is looked for in registries.
        arguments.extend(["--read-only-tmpfs=false", "--pull=never"].map(str::to_owned));
    }
    for (name, value) in &options.env {
        arguments.extend(["--env".to_owned(), format!("{name}={value}")]);
    }
    arguments.extend(options.more.iter().cloned());
    arguments.push(image.to_owned());
    arguments
}

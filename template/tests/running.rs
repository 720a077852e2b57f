//! Spaces, as cargo builds and runs them.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use crate::browser::Browser;
use crate::repository::scratch;

/// For the build that the app may have to wait for.
const PATIENCE: Duration = Duration::from_mins(15);

/// The Space as `cargo run` starts it. It is stopped when this is dropped.
pub struct Running {
    app: Child,
    pub browser: Browser,
}

impl Running {
    pub fn start(space: &Path, user: &str) -> Self {
        // The app chooses the port: one that a test chose could be another app's by the time that this one is built.
        let mut app = cargo(space, &["run", "--quiet", "--locked"])
            .env("PORT", "0")
            .env("HF_MOCK_USER", user)
            .stdin(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .expect("cargo runs");
        let log = BufReader::new(app.stderr.take().expect("it is piped"));
        let (sender, address) = mpsc::channel();
        thread::spawn(move || {
            for line in log.lines().map_while(Result::ok) {
                if let Some((_, rest)) = line.split_once(" address=127.0.0.1:") {
                    let port = rest.split(' ').next().unwrap_or_default().to_owned();
                    let _ = sender.send(port);
                }
                eprintln!("{line}");
            }
        });
        let port = match address.recv_timeout(PATIENCE) {
            Ok(port) => port,
            Err(reason) => panic!("`cargo run` does not listen ({reason}); its log is above"),
        };
        Self { app, browser: Browser::new(&format!("http://localhost:{port}")) }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.app.kill();
        let _ = self.app.wait();
    }
}

pub fn succeeds(space: &Path, arguments: &[&str]) {
    let output = cargo(space, arguments).output().expect("cargo runs");
    assert!(
        output.status.success(),
        "cargo {} in {}:\n{}{}",
        arguments.join(" "),
        space.display(),
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr),
    );
}

/// cargo in the Space, as somebody's shell runs it: without what cargo and a Space tell their own programs.
pub fn cargo(space: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new("cargo");
    command.args(arguments).current_dir(space).env("CARGO_TARGET_DIR", target());
    for (variable, _) in std::env::vars() {
        let from_cargo = ["CARGO_PKG_", "CARGO_MANIFEST_", "CARGO_CRATE_", "CARGO_BIN_"];
        let from_a_space =
            ["SPACE_", "OAUTH_", "OPENID_", "SESSION_", "HF_MOCK_", "PORT", "RUST_LOG"];
        if [&from_cargo[..], &from_a_space]
            .concat()
            .iter()
            .any(|prefix| variable.starts_with(prefix))
        {
            command.env_remove(variable);
        }
    }
    command
}

/// The target directory of these tests: dependencies are built once, whatever Space is built. With `CARGO_TARGET_DIR`
/// it is the live app's, if that is built in the same one.
pub fn target() -> &'static Path {
    scratch().parent().expect("cargo's folder for scratch files lies in its target directory")
}

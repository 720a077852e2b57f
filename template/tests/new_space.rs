//! A Space with every option and an awkward name, as its owner builds, tests and runs it.

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::LazyLock;
use std::thread::sleep;
use std::time::{Duration, Instant};

use serde_json::{Map, Value};

use crate::browser::{Browser, Page};
use crate::generate::{Generate, read};
use crate::repository::{choices, scratch};

const NAME: &str = "awkward_2nd_space";

/// For the build that the app may have to wait for.
const PATIENCE: Duration = Duration::from_mins(15);

static SPACE: LazyLock<PathBuf> = LazyLock::new(|| {
    Generate::new(NAME)
        .define("title", "It's \"awkward\": # {{ title }} \\ 🤗")
        .customize("emoji", "👩🏽‍🔬")
        .define("color_from", "indigo")
        .define("color_to", "pink")
        .define("short_description", "'\"': # {{ x }} \\ 日本語 🤗")
        .define("license", "bsd-3-clause")
        .define("scopes", &choices("scopes").join(","))
        .define("redis", "true")
        .define("organizations", "my-org, another.org_2")
        .space_in(scratch())
});

#[test]
fn it_builds_with_the_lock_file_that_it_has() {
    let lock = read(&SPACE, "Cargo.lock");
    succeeds(&["build", "--quiet", "--locked"]);
    // Without --locked, cargo would write the file anew if a line of it stood elsewhere.
    succeeds(&["build", "--quiet"]);
    assert_eq!(read(&SPACE, "Cargo.lock"), lock);
}

#[test]
fn it_is_formatted() {
    succeeds(&["fmt", "--check"]);
}

#[test]
fn clippy_has_nothing_to_say() {
    succeeds(&["clippy", "--quiet", "--locked", "--all-targets", "--", "-D", "warnings"]);
}

#[test]
fn its_tests_pass() {
    succeeds(&["test", "--quiet", "--locked"]);
}

#[test]
fn a_mocked_user_signs_in_and_out() {
    let users: Map<String, Value> =
        serde_json::from_str(&read(&SPACE, "actix-huggingface-oauth/src/mock_hub/users.json"))
            .expect("users by their names");
    let (key, user) = users.iter().next().expect("a mocked user");
    let username =
        user["preferred_username"].as_str().expect("the first user has a preferred_username");
    let mut app = Running::start(key);
    let browser = &mut app.browser;

    let home = browser.follow("/");
    assert_eq!(home.status, 200, "{}", home.body);
    assert!(
        home.body.contains(NAME),
        "the page does not show the package's name as its title:\n{}",
        home.body
    );
    assert!(!home.body.contains(username), "somebody is signed in already:\n{}", home.body);
    assert_eq!(me(browser), (401, Value::Null));

    let home = browser.follow("/oauth/huggingface/login");
    assert_eq!(home.status, 200, "{}", home.body);
    assert!(home.body.contains(username), "{username} is not greeted:\n{}", home.body);
    assert_eq!(me(browser), (200, Value::from(username)));
    assert_eq!(browser.follow("/profile").status, 200);

    assert_eq!(browser.follow("/oauth/huggingface/logout").status, 200);
    assert_eq!(me(browser), (401, Value::Null));
    assert_eq!(browser.follow("/profile").status, 401);
}

/// The status of `/api/me` and who it says is signed in.
fn me(browser: &mut Browser) -> (u16, Value) {
    let Page { status, body, .. } = browser.follow("/api/me");
    let json: Value =
        serde_json::from_str(&body).unwrap_or_else(|error| panic!("{error} in /api/me: {body}"));
    (status, json["user_info"]["preferred_username"].clone())
}

/// The Space as `cargo run` starts it. It is stopped when this is dropped.
struct Running {
    app: Child,
    browser: Browser,
}

impl Running {
    fn start(user: &str) -> Self {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let app = cargo(&["run", "--quiet", "--locked"])
            .env("PORT", port.to_string())
            .env("HF_MOCK_USER", user)
            .stdin(Stdio::null())
            .spawn()
            .expect("cargo runs");
        let mut running = Self { app, browser: Browser::new(&format!("http://localhost:{port}")) };
        let started = Instant::now();
        while running.browser.get("/healthz").is_err() {
            if let Some(status) = running.app.try_wait().unwrap() {
                panic!("`cargo run` ended with {status}; what it said is above");
            }
            assert!(started.elapsed() < PATIENCE, "`cargo run` does not answer on port {port}");
            sleep(Duration::from_millis(50));
        }
        running
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.app.kill();
        let _ = self.app.wait();
    }
}

fn succeeds(arguments: &[&str]) {
    let output = cargo(arguments).output().expect("cargo runs");
    assert!(
        output.status.success(),
        "cargo {} in {}:\n{}{}",
        arguments.join(" "),
        SPACE.display(),
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr),
    );
}

/// cargo in the Space, as somebody's shell runs it: without what cargo and a Space tell their own programs.
fn cargo(arguments: &[&str]) -> Command {
    let mut command = Command::new("cargo");
    command.args(arguments).current_dir(&*SPACE).env("CARGO_TARGET_DIR", target());
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
fn target() -> &'static Path {
    scratch().parent().expect("cargo's folder for scratch files lies in its target directory")
}

//! The program itself: how it refuses to start, in one line, what it logs, and what it bears.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

#[cfg(all(target_os = "linux", feature = "mock-hub"))]
mod clock;
#[cfg(target_os = "linux")]
mod unread;

use std::fs;
use std::io::{self, Write};
use std::net::{SocketAddr, TcpListener, TcpStream, ToSocketAddrs};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

/// A Space whose users sign in at a Hub that no test asks.
const SPACE: [(&str, &str); 6] = [
    ("SPACE_ID", "me/app"),
    ("SPACE_HOST", "me-app.hf.space"),
    ("OAUTH_CLIENT_ID", "client-id"),
    ("OAUTH_CLIENT_SECRET", "client-secret"),
    ("OAUTH_SCOPES", "openid profile"),
    ("OPENID_PROVIDER_URL", "https://huggingface.co"),
];

/// A program that runs; it is killed with the test.
struct Program(Child);

impl Program {
    fn start(vars: &[(&str, &str)]) -> Self {
        let mut program = Command::new(env!(concat!("CARGO_BIN_EXE_", env!("CARGO_PKG_NAME"))));
        program.env_clear().env("RUST_BACKTRACE", "1").envs(vars.iter().copied());
        Self(program.stderr(Stdio::piped()).spawn().unwrap())
    }

    /// What it has logged, once it has ended.
    fn log(&mut self) -> String {
        io::read_to_string(self.0.stderr.take().unwrap()).unwrap()
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Waits for what comes soon on an idle machine.
fn until(what: &str, mut condition: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !condition() {
        assert!(begun.elapsed() < Duration::from_secs(60), "waited in vain for {what}");
        sleep(Duration::from_millis(10));
    }
}

/// What a start that fails says, whatever backtraces are asked for.
fn refusal(vars: &[(&str, &str)]) -> String {
    let mut program = Program::start(vars);
    until("a refusal", || program.0.try_wait().unwrap().is_some());
    assert_eq!(program.0.wait().unwrap().code(), Some(1));
    let refusal = program.log();
    assert_eq!(refusal.lines().count(), 1, "{refusal}");
    refusal
}

#[test]
fn settings_that_cannot_be_are_named_with_a_way_out() {
    let space = refusal(&[("SPACE_ID", "me/app")]);
    assert!(space.contains("`hf_oauth: true`") && space.contains("README.md"), "{space}");
    for filter in ["app=loudly", "verbose", "1", "app", "my-space=debug", "info;app=debug"] {
        let log = refusal(&[("HF_MOCK_USER", "off"), ("RUST_LOG", filter)]);
        assert!(log.contains(&format!("RUST_LOG: `{filter}`")), "{log}");
        assert!(log.contains("off, error, warn, info, debug, trace"), "{log}");
    }
}

#[test]
fn a_port_that_is_taken_is_named_with_a_way_out() {
    // `localhost` is both of the addresses.
    for address in ["127.0.0.1:0", "[::1]:0"] {
        let Ok(taken) = TcpListener::bind(address) else { continue };
        let taken = taken.local_addr().map(|address| (address, taken)).unwrap();
        let port = taken.0.port().to_string();
        let refusal = refusal(&[("HF_MOCK_USER", "off"), ("PORT", &port)]);
        assert!(refusal.contains(&port) && refusal.contains("PORT sets another port"), "{refusal}");
    }
}

fn is_well(address: SocketAddr) -> io::Result<bool> {
    let mut stream = TcpStream::connect(address)?;
    stream.write_all(b"GET /healthz HTTP/1.0\r\nHost: localhost\r\n\r\n")?;
    Ok(io::read_to_string(stream)?.starts_with("HTTP/1.0 200"))
}

#[test]
fn what_is_printed_answers_and_the_log_says_what_it_is_asked_for() {
    let free = TcpListener::bind("[::1]:0").or_else(|_| TcpListener::bind("127.0.0.1:0"));
    let port = free.unwrap().local_addr().unwrap().port().to_string();
    for (filter, is_shown) in
        [("info, ,", true), ("Info ", true), ("actix_web=debug", true), ("warn", false)]
    {
        let mut program =
            Program::start(&[("HF_MOCK_USER", "off"), ("RUST_LOG", filter), ("PORT", &port)]);
        for address in format!("localhost:{port}").to_socket_addrs().unwrap() {
            until("an answer", || is_well(address).unwrap_or_default());
        }
        program.0.kill().unwrap();
        let log = program.log();
        assert_eq!(log.contains(&format!("http://localhost:{port}")), is_shown, "{filter}: {log}");
    }
}

#[test]
fn a_request_is_a_line_of_the_log_with_an_id_and_without_its_query() {
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let mut program = Program::start(&[&SPACE[..], &[("PORT", &port.to_string())]].concat());
    until("an answer", || is_well(([127, 0, 0, 1], port).into()).unwrap_or_default());
    let mut stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
    let request =
        "GET /nowhere?code=secret HTTP/1.0\r\nX-Request-Id: mine\r\nAccept: text/html\r\n\r\n";
    stream.write_all(request.as_bytes()).unwrap();
    let answer = io::read_to_string(stream).unwrap();
    let (_, id) = answer.split_once("x-request-id: ").unwrap();
    let id = id.lines().next().unwrap();
    assert!(id != "mine" && answer.contains(&format!("Request {id}")), "{answer}");
    program.0.kill().unwrap();
    let log = program.log();
    let lines: Vec<Value> = log.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let requests: Vec<_> = lines.iter().filter(|line| line["message"] == "request").collect();
    let [line] = &requests[..] else { panic!("{log}") };
    assert_eq!((&line["method"], &line["path"]), (&json!("GET"), &json!("/nowhere")));
    assert_eq!((&line["status"], &line["id"]), (&json!(404), &json!(id)));
    assert!(line["ms"].is_f64() && !log.contains("secret"), "{log}");
}

/// What a start under `cargo run` refuses, with this `.env` in the folder of the project.
fn refusal_with(dot_env: &str, vars: &[(&str, &str)]) -> String {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("dot-env");
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join(".env"), dot_env).unwrap();
    let vars = [vars, &[("CARGO_MANIFEST_DIR", folder.to_str().unwrap())]].concat();
    refusal(&vars)
}

#[test]
fn cargo_run_reads_dot_env_behind_the_environment() {
    let port = refusal_with("# mine\nPORT='http'\n", &[]);
    assert!(port.contains("PORT is `http`"), "{port}");
    let hidden = refusal_with("PORT=http\n", &[("PORT", ""), ("HF_MOCK_USER", "nobody")]);
    assert!(hidden.contains("nobody") && !hidden.contains("PORT"), "{hidden}");
    let space = refusal_with("SPACE_ID=me/app\n", &[]);
    assert!(space.contains(".env sets SPACE_ID") && space.contains("remove it"), "{space}");
    let no_line = refusal_with("OAUTH_CLIENT_SECRET made-up-secret\n", &[]);
    assert!(no_line.contains("NAME=value") && !no_line.contains("made-up"), "{no_line}");
    // A Space reads none, though Dev Mode is `cargo run`.
    let in_space = refusal_with("PORT=http\n", &[("SPACE_ID", "me/app")]);
    assert!(in_space.contains("hf_oauth: true"), "{in_space}");
}

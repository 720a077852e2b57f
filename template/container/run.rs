//! How a Space starts: as whom, where, what it says.

use std::net::TcpListener;
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::browser::curl;
use crate::container::{Container, Options, PATIENCE, run_to_end};
use crate::engine::text_of;
use crate::internet::{Internet, SPACE_NAME};
use crate::pushed::{PUSHED, image, name, unpack};

fn env(name: &str, value: &str) -> (String, String) {
    (name.to_owned(), value.to_owned())
}

#[test]
fn it_runs_as_user_1000_without_capabilities() {
    let container = Container::start(image(), &Options::default());
    assert_eq!(container.process_status("Uid"), "1000\t1000\t1000\t1000");
    assert_eq!(container.process_status("CapEff"), "0000000000000000");
    assert_eq!(container.process_status("NoNewPrivs"), "1");
}

#[test]
fn it_can_write_temporary_files() {
    let container = Container::start(image(), &Options { writable: true, ..Options::default() });
    let pid = container.inspect("{{.State.Pid}}");
    let folder = Path::new("/proc").join(pid).join("root").join("tmp");
    // As the program itself: the image has no other one that could.
    let write = Command::new("setpriv")
        .args(["--reuid=1000", "--regid=1000", "--clear-groups", "sh", "-c", "echo 5 MB >upload"])
        .current_dir(&folder)
        .output()
        .expect("setpriv runs");
    assert!(write.status.success(), "{}", text_of(&write));
    assert_eq!(std::fs::read_to_string(folder.join("upload")).unwrap(), "5 MB\n");
}

#[test]
fn port_moves_the_port() {
    let options =
        Options { port: Some(8123), env: vec![env("PORT", "8123")], ..Options::default() };
    let container = Container::start(image(), &options);
    assert_eq!(curl(&[&format!("http://{}/", container.address())]).status, 200);
}

#[test]
fn a_space_logs_a_line_of_json_for_each_thing_that_it_starts_with() {
    let internet = Internet::new();
    let card = PUSHED.card();
    let space = internet.start_space(image(), SPACE_NAME, &card);
    let logs = space.logs();
    let lines: Vec<Value> = logs
        .lines()
        .map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}")))
        .collect();
    let [sign_in, listening] = &lines[..] else { panic!("{lines:?}") };
    assert_eq!((&sign_in["level"], &listening["level"]), (&json!("INFO"), &json!("INFO")));
    assert_eq!(sign_in["message"], "sign-in with Hugging Face");
    assert_eq!(sign_in["provider"], internet.provider_url());
    assert_eq!(sign_in["scopes"], "openid profile read-memberships");
    assert_eq!(listening["address"], "0.0.0.0:7860");
    assert_eq!(listening["version"], "0.1.0");
}

#[test]
fn a_space_without_hf_oauth_does_not_start_and_says_what_to_put_into_its_readme() {
    let options = Options { env: vec![env("SPACE_ID", "me/my-space")], ..Options::default() };
    let output = run_to_end(image(), &options);
    let text = text_of(&output);
    assert!(!output.status.success(), "{text}");
    for said in
        ["hf_oauth: true", "README.md", "OAUTH_CLIENT_ID", "OAUTH_CLIENT_SECRET", "OAUTH_SCOPES"]
    {
        assert!(text.contains(said), "{said} is not in: {text}");
    }
}

#[test]
fn the_image_mocks_nobody() {
    let options = Options { env: vec![env("HF_MOCK_USER", "pro")], ..Options::default() };
    let output = run_to_end(image(), &options);
    let text = text_of(&output);
    assert!(!output.status.success() && text.contains("has no mock Hub"), "{text}");
}

/// Tells how long the program takes, without the engine around it. Nothing is demanded: that would depend on what else
/// the machine does.
#[test]
fn how_long_the_first_answer_takes() {
    let root = unpack(image());
    let internet = Internet::new();
    let env = internet.space_options(SPACE_NAME, &PUSHED.card()).env;
    let mut times: Vec<Duration> = (0..7)
        .map(|_| {
            let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
            let begun = Instant::now();
            let mut program = Command::new(root.path().join(name()))
                .env_clear()
                .envs(env.clone())
                .env("PORT", port.to_string())
                .env("SSL_CERT_FILE", root.path().join("etc/ssl/certs/ca-certificates.crt"))
                .stderr(Stdio::null())
                .spawn()
                .expect("the program runs here, too");
            let answer = loop {
                match first_answer(port) {
                    Ok(answer) => break answer,
                    Err(_) if begun.elapsed() < PATIENCE => sleep(Duration::from_micros(200)),
                    Err(error) => panic!("no answer: {error}"),
                }
            };
            let took = begun.elapsed();
            program.kill().unwrap();
            program.wait().unwrap();
            assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
            took
        })
        .collect();
    times.sort();
    println!("first_answer_ms={:.1} (median of {})", times[3].as_secs_f64() * 1000.0, times.len());
}

fn first_answer(port: u16) -> std::io::Result<String> {
    use std::io::{Read, Write};
    let mut stream = std::net::TcpStream::connect(("127.0.0.1", port))?;
    stream.write_all(
        format!("GET / HTTP/1.1\r\nHost: {SPACE_NAME}\r\nConnection: close\r\n\r\n").as_bytes(),
    )?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    Ok(answer)
}

//! Clients that send too much, too slowly, or nothing: others are served all the same.

use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use crate::helpers::{ACTIX_TIMEOUTS, HOST, Program, space_vars};

const LOGIN: &str = "/oauth/huggingface/login";
const CLAIM: &str = "/oauth/huggingface/claim";

/// The program with the timeouts that Actix has, and a Hub that is not called.
fn start() -> Program {
    let vars = space_vars("http://127.0.0.1:9");
    Program::start(&[&vars[..], &[(ACTIX_TIMEOUTS, "yes")]].concat())
}

fn connect(program: &Program) -> TcpStream {
    TcpStream::connect(program.address.trim_start_matches("http://")).unwrap()
}

/// What comes back until the connection ends, which it does: a reset is an end, too.
fn answer(mut stream: TcpStream) -> String {
    stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
    let mut answer = Vec::new();
    if let Err(error) = stream.read_to_end(&mut answer) {
        assert_eq!(error.kind(), ErrorKind::ConnectionReset, "the connection does not end");
    }
    String::from_utf8(answer).unwrap()
}

/// The status of the answer to a request, `None` where the connection was closed without one.
fn status_of(program: &Program, request: &str) -> Option<u16> {
    let mut stream = connect(program);
    // The program may close the connection before it has read everything.
    let _ = stream.write_all(request.as_bytes());
    let answer = answer(stream);
    answer.strip_prefix("HTTP/1.1 ").map(|rest| rest[..3].parse().unwrap())
}

fn get(path: &str, headers: &str) -> String {
    format!("GET {path} HTTP/1.1\r\nHost: {HOST}\r\nConnection: close\r\n{headers}\r\n")
}

/// The head of a form.
fn post(path: &str, length: &str) -> String {
    format!(
        "POST {path} HTTP/1.1\r\nHost: {HOST}\r\nOrigin: https://{HOST}\r\nConnection: close\r\n\
         Content-Type: application/x-www-form-urlencoded\r\n{length}\r\n\r\n"
    )
}

fn assert_serves(program: &Program) {
    assert_eq!(status_of(program, &get("/", "")), Some(200));
    assert!(!program.log().contains("panicked"), "{}", program.log());
}

#[test]
fn headers_and_cookies_have_a_bound() {
    let program = start();
    let long = |length: usize| "x".repeat(length);
    let header = |length| get("/", &format!("X-Long: {}\r\n", long(length)));
    let cookie = |length| get("/", &format!("Cookie: __Host-hf-auth={}\r\n", long(length)));
    let path = |length| get(&format!("/?{}", long(length)), "");
    let many = |count| get("/", &"X-Many: x\r\n".repeat(count));
    assert_eq!(status_of(&program, &header(60_000)), Some(200));
    assert_eq!(status_of(&program, &cookie(60_000)), Some(200));
    assert_eq!(status_of(&program, &path(60_000)), Some(200));
    assert_eq!(status_of(&program, &many(90)), Some(200));
    for request in [header(10_000_000), cookie(10_000_000), path(10_000_000), many(10_000)] {
        let status = status_of(&program, &request);
        assert!(matches!(status, None | Some(400 | 414 | 431)), "{status:?}");
    }
    assert_serves(&program);
}

/// For Linux: elsewhere a process may open too few files.
#[cfg(target_os = "linux")]
#[test]
fn clients_that_send_nothing_or_too_slowly_hold_up_nobody() {
    let program = start();
    let idle = [(); 300].map(|()| connect(&program));
    let slow_heads = [(); 20].map(|()| connect(&program));
    let slow_bodies = [(); 180].map(|()| connect(&program));
    for mut stream in &slow_bodies {
        stream.write_all(post(LOGIN, "Content-Length: 1000").as_bytes()).unwrap();
    }
    for byte in get("/", "").as_bytes()[..40].chunks(1) {
        for mut stream in slow_heads.iter().chain(&slow_bodies) {
            // It may be cut off by now.
            let _ = stream.write_all(byte);
        }
        assert_serves(&program);
    }
    for stream in idle {
        assert!(answer(stream).starts_with("HTTP/1.1 408 "), "another end");
    }
    for (slow, status) in [(slow_heads.as_slice(), "408"), (&slow_bodies, "303")] {
        for stream in slow {
            let answer = answer(stream.try_clone().unwrap());
            // What was sent after the end resets the connection, which can take the answer away.
            let is_expected = answer.starts_with(&format!("HTTP/1.1 {status} "));
            assert!(is_expected || answer.is_empty(), "{answer}");
        }
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_body_of_fifty_megabytes_is_not_kept() {
    const CHUNK: usize = 0x10_0000;
    let program = start();
    let data = "x".repeat(CHUNK);
    let chunk = format!("{CHUNK:x}\r\n{data}\r\n");
    let send = |path: &str, length: &str, part: &str, end: &str| {
        let mut stream = connect(&program);
        stream.write_all(post(path, length).as_bytes()).unwrap();
        for part in std::iter::repeat_n(part, 50).chain([end]) {
            // The program may close the connection before it has read everything.
            if stream.write_all(part.as_bytes()).is_err() {
                break;
            }
        }
        answer(stream)
    };
    let announced = format!("Content-Length: {}", 50 * CHUNK);
    let chunked = "Transfer-Encoding: chunked";
    send("/nowhere", &announced, &data, "");
    let before = program.memory();
    for (path, status) in [("/nowhere", "404"), (LOGIN, "303"), (CLAIM, "400")] {
        for answer in [send(path, &announced, &data, ""), send(path, chunked, &chunk, "0\r\n\r\n")]
        {
            let is_expected = answer.starts_with(&format!("HTTP/1.1 {status} "));
            // A reset can take the answer away.
            assert!(is_expected || answer.is_empty(), "{path}: {answer}");
        }
    }
    let grown = program.peak_memory().saturating_sub(before);
    assert!(grown < 10 * 1024, "grown by {grown} KiB");
    assert_serves(&program);
}

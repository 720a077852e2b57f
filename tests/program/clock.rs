//! A clock that jumps while the program runs, as one that is set: libfaketime tells the program another time of day, and leaves
//! its timers alone.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::{env, fs};

use crate::{Program, is_well, until};

const LOGIN: &str = "/oauth/huggingface/login";
const CALLBACK: &str = "/oauth/huggingface/callback?";

/// Where Debian has it, for each architecture.
fn libfaketime() -> PathBuf {
    let folders = fs::read_dir("/usr/lib").unwrap().map(|folder| folder.unwrap().path());
    let mut libraries = folders.map(|folder| folder.join("faketime/libfaketimeMT.so.1"));
    let library = libraries.find(|library| library.exists());
    library.expect("the Debian package libfaketime, which template/prepare installs")
}

/// The program, with a mocked user, and its clock.
struct Clocked {
    program: Program,
    port: u16,
    offset: PathBuf,
}

impl Clocked {
    fn start(name: &str) -> Self {
        let offset = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("clock-{name}"));
        set(&offset, "+0");
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let program = Program::start(&[
            ("HF_MOCK_USER", "free"),
            ("PORT", &port.to_string()),
            ("LD_PRELOAD", libfaketime().to_str().unwrap()),
            ("FAKETIME_TIMESTAMP_FILE", offset.to_str().unwrap()),
            ("FAKETIME_NO_CACHE", "1"),
            ("FAKETIME_DONT_FAKE_MONOTONIC", "1"),
        ]);
        until("an answer", || is_well(([127, 0, 0, 1], port).into()).unwrap_or_default());
        Self { program, port, offset }
    }

    /// Sets the clock, from the true time.
    fn set(&self, offset: &str) {
        set(&self.offset, offset);
    }

    fn browser(&self) -> Browser {
        Browser { port: self.port, cookies: BTreeMap::new() }
    }

    /// Ends it, and looks at what it has logged.
    fn end(mut self) {
        self.program.0.kill().unwrap();
        let log = self.program.log();
        assert!(!log.contains("panicked") && !log.contains("ERROR"), "{log}");
    }
}

/// At once: the program reads the file at any time.
fn set(file: &Path, offset: &str) {
    let new = file.with_extension("new");
    fs::write(&new, offset).unwrap();
    fs::rename(new, file).unwrap();
}

/// A browser with a clock of its own, which keeps cookies until they are removed.
struct Browser {
    port: u16,
    cookies: BTreeMap<String, String>,
}

struct Page {
    status: u16,
    location: String,
    text: String,
}

impl Browser {
    fn get(&mut self, path: &str) -> Page {
        self.send(&format!("GET {path} HTTP/1.0"), "Accept: text/html\r\n", "")
    }

    fn send(&mut self, line: &str, headers: &str, body: &str) -> Page {
        let origin = format!("http://localhost:{}", self.port);
        let cookies = self.cookies.iter().map(|(name, value)| format!("{name}={value}"));
        let cookies = cookies.collect::<Vec<_>>().join("; ");
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        let host = format!("Host: localhost:{}\r\nCookie: {cookies}\r\n", self.port);
        write!(stream, "{line}\r\n{host}{headers}\r\n{body}").unwrap();
        let text = io::read_to_string(stream).unwrap();
        let head = text.split("\r\n\r\n").next().unwrap();
        let mut location = String::new();
        for (name, value) in head.lines().filter_map(|line| line.split_once(": ")) {
            match name {
                "location" => location = value.replace(&origin, ""),
                "set-cookie" => {
                    let (name, rest) = value.split_once('=').unwrap();
                    self.cookies.remove(name);
                    if !rest.contains("Max-Age=0") {
                        let value = rest.split(';').next().unwrap();
                        self.cookies.insert(name.to_owned(), value.to_owned());
                    }
                }
                _ => {}
            }
        }
        Page { status: text[9..12].parse().unwrap(), location, text }
    }

    /// Begins a sign-in, up to the callback.
    fn begin(&mut self) -> String {
        let mut path = LOGIN.to_owned();
        while !path.starts_with(CALLBACK) {
            let page = self.get(&path);
            assert_eq!(page.status, 303, "{path}: {}", page.text);
            path = page.location;
        }
        path
    }

    fn sign_in(&mut self) {
        let callback = self.begin();
        let page = self.get(&callback);
        assert_eq!((page.status, &*page.location), (303, "/"), "{}", page.text);
        assert_eq!(self.get("/profile").status, 200);
    }
}

#[test]
fn a_clock_that_is_put_forward_ends_what_it_is_past() {
    let app = Clocked::start("forward");
    let (mut user, mut late, mut in_time) = (app.browser(), app.browser(), app.browser());
    user.sign_in();
    let (late_callback, callback) = (late.begin(), in_time.begin());

    app.set("+5m");
    assert_eq!(in_time.get(&callback).status, 303);
    assert_eq!(in_time.get("/profile").status, 200);

    app.set("+1h");
    assert_eq!(user.get("/profile").status, 200, "the token holds for eight hours");
    let page = late.get(&late_callback);
    assert!(page.status == 400 && page.text.contains("more than ten minutes"), "{}", page.text);
    late.sign_in();

    app.set("+9h");
    for browser in [&mut user, &mut in_time] {
        let page = browser.get("/profile");
        assert!(page.status == 401 && page.text.contains("Sign in with"), "{}", page.text);
        assert_eq!(browser.get("/").status, 200);
        browser.sign_in();
    }
    late.sign_in();
    app.end();
}

#[test]
fn a_clock_that_is_put_back_locks_nobody_out() {
    let app = Clocked::start("back");
    let program = |browser: &mut Browser| {
        let authorization = "Authorization: Bearer hf_mock_pro\r\n";
        browser.send("GET /api/me HTTP/1.0", authorization, "").status
    };
    let (mut user, mut under_way) = (app.browser(), app.browser());
    user.sign_in();
    let callback = under_way.begin();
    assert_eq!(program(&mut app.browser()), 200);

    for offset in ["-1d", "+0", "-10y"] {
        app.set(offset);
        assert_eq!(user.get("/profile").status, 200, "{offset}");
        assert_eq!(program(&mut app.browser()), 200, "{offset}");
        app.browser().sign_in();
    }
    assert_eq!(under_way.get(&callback).status, 303, "begun in what is now the future");
    assert_eq!(under_way.get("/profile").status, 200);
    assert_eq!(user.get("/oauth/huggingface/logout").status, 303);
    assert_eq!(user.get("/profile").status, 401);
    user.sign_in();
    app.end();
}

#[cfg(feature = "chat")]
#[test]
fn a_token_that_has_ended_stays_ended_wherever_the_clock_is_put() {
    let app = Clocked::start("ended");
    let mut user = app.browser();
    user.sign_in();
    let question = "message=Hello&model=mock%2Frevoked";
    let headers = format!(
        "Origin: http://localhost:{}\r\nContent-Length: {}\r\n\
         Content-Type: application/x-www-form-urlencoded\r\n",
        app.port,
        question.len()
    );
    let copied = user.cookies.clone();
    assert_eq!(user.send("POST /chat HTTP/1.0", &headers, question).status, 401);
    for offset in ["+1h", "-1d", "+0"] {
        app.set(offset);
        user.cookies = copied.clone();
        assert_eq!(user.get("/profile").status, 401, "{offset}");
        app.browser().sign_in();
    }
    app.end();
}

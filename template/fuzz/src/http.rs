//! Requests byte for byte, over one connection that is kept: a client library would repair what it sends.

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};

use percent_encoding::{AsciiSet, CONTROLS, percent_encode};

/// The name under which the app is reached.
pub const HOST: &str = "me-app.hf.space";

/// The app closes connections that are idle for five seconds.
const IDLE: Duration = Duration::from_secs(2);

/// What cannot stand in a request line.
const NOT_IN_A_REQUEST_LINE: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'#')
    .add(b'"')
    .add(b'<')
    .add(b'>')
    .add(b'`')
    .add(b'{')
    .add(b'}')
    .add(b'\\')
    .add(b'^')
    .add(b'|');

/// A connection to the app.
pub struct Connection {
    address: SocketAddr,
    stream: TcpStream,
    last_use: Instant,
}

/// An answer.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    headers: Vec<(String, String)>,
    pub body: String,
}

impl Answer {
    /// The first header of this name, empty where there is none.
    pub fn header(&self, name: &str) -> &str {
        self.all(name).next().unwrap_or_default()
    }

    /// The `Set-Cookie` header that brings a cookie whose name begins so, and not its removal.
    pub fn new_cookie(&self, name: &str) -> Option<&str> {
        self.all("set-cookie").find(|cookie| {
            let value = cookie.split(';').next().and_then(|pair| pair.split_once('='));
            cookie.starts_with(name) && value.is_some_and(|(_, value)| !value.is_empty())
        })
    }

    fn all(&self, name: &str) -> impl Iterator<Item = &str> {
        self.headers
            .iter()
            .filter(move |(known, _)| known.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }
}

impl Connection {
    pub fn to(address: SocketAddr) -> Self {
        Self { address, stream: connect(address), last_use: Instant::now() }
    }

    /// Sends a request, as `GET /`, with these headers and a body.
    pub fn send(&mut self, request_line: &str, headers: &[(&str, &[u8])], body: &str) -> Answer {
        if self.last_use.elapsed() > IDLE {
            self.stream = connect(self.address);
        }
        self.last_use = Instant::now();
        let length = body.len().to_string();
        let own = [("Host", HOST.as_bytes()), ("Content-Length", length.as_bytes())];
        let mut request = format!("{request_line} HTTP/1.1\r\n").into_bytes();
        for (name, value) in own.iter().chain(headers) {
            request.extend([name.as_bytes(), b": ", value, b"\r\n"].concat());
        }
        request.extend([b"\r\n", body.as_bytes()].concat());
        exchange(&mut self.stream, &request).unwrap_or_else(|error| {
            panic!("{error} instead of an answer to {}", request.escape_ascii())
        })
    }
}

fn connect(address: SocketAddr) -> TcpStream {
    let stream = TcpStream::connect(address).expect("the app listens");
    stream.set_nodelay(true).expect("a TCP option");
    stream
}

fn exchange(stream: &mut TcpStream, request: &[u8]) -> io::Result<Answer> {
    stream.write_all(request)?;
    let mut received = Vec::new();
    let mut chunk = [0; 16 * 1024];
    loop {
        match stream.read(&mut chunk) {
            Ok(0) => return Err(io::ErrorKind::UnexpectedEof.into()),
            Ok(count) => received.extend_from_slice(&chunk[..count]),
            // libFuzzer's clock.
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
        if let Some(answer) = parse(&received) {
            return Ok(answer);
        }
    }
}

/// `None` where more has to come.
fn parse(received: &[u8]) -> Option<Answer> {
    let mut headers = [httparse::EMPTY_HEADER; 32];
    let mut head = httparse::Response::new(&mut headers);
    let httparse::Status::Complete(start) = head.parse(received).expect("an answer in HTTP") else {
        return None;
    };
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).expect("UTF-8");
    let headers =
        head.headers.iter().map(|header| (header.name.to_owned(), text(header.value))).collect();
    let mut answer = Answer { status: head.code?, headers, body: String::new() };
    answer.body = if answer.header("transfer-encoding") == "chunked" {
        text(&chunked(&received[start..])?)
    } else {
        let length: usize = answer.header("content-length").parse().expect("a length");
        text(received.get(start..start + length)?)
    };
    Some(answer)
}

/// A body whose length is not known beforehand; `None` where more has to come. RFC 9112 §7.1.
fn chunked(mut received: &[u8]) -> Option<Vec<u8>> {
    let mut body = Vec::new();
    loop {
        let size = httparse::parse_chunk_size(received).expect("a size");
        let httparse::Status::Complete((start, size)) = size else {
            return None;
        };
        let end = start + usize::try_from(size).expect("a size");
        body.extend_from_slice(received.get(start..end)?);
        received = received.get(end..)?.strip_prefix(b"\r\n")?;
        if size == 0 {
            return Some(body);
        }
    }
}

/// A text as the query in a request line.
pub fn as_query(text: &str) -> String {
    percent_encode(text.as_bytes(), NOT_IN_A_REQUEST_LINE).to_string()
}

//! An HTTPS server with a certificate authority of its own. It answers one request per connection.

use std::io::{self, Read, Write};
use std::net::{IpAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::thread;

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair};
use rustls::crypto::ring;
use rustls::pki_types::PrivatePkcs8KeyDer;
use rustls::{ServerConfig, ServerConnection, StreamOwned};

pub struct Request {
    pub method: String,
    pub target: String,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
    pub client: IpAddr,
}

impl Request {
    /// A header; empty if it is missing.
    pub fn header(&self, name: &str) -> &str {
        let header = self.headers.iter().find(|(other, _)| other.eq_ignore_ascii_case(name));
        header.map_or("", |(_, value)| value)
    }

    fn read(stream: &mut impl Read, client: IpAddr) -> io::Result<Self> {
        let mut bytes = Vec::new();
        let mut buffer = [0; 16 * 1024];
        loop {
            let mut headers = [httparse::EMPTY_HEADER; 64];
            let mut parsed = httparse::Request::new(&mut headers);
            if let httparse::Status::Complete(length) =
                parsed.parse(&bytes).map_err(io::Error::other)?
            {
                let headers = parsed.headers.iter().map(|header| {
                    (header.name.to_owned(), String::from_utf8_lossy(header.value).into_owned())
                });
                let mut request = Self {
                    method: parsed.method.unwrap_or_default().to_owned(),
                    target: parsed.path.unwrap_or_default().to_owned(),
                    headers: headers.collect(),
                    body: Vec::new(),
                    client,
                };
                request.body = bytes.split_off(length);
                let length = request.header("content-length").parse().unwrap_or(0);
                let missing = usize::saturating_sub(length, request.body.len());
                stream.take(missing as u64).read_to_end(&mut request.body)?;
                return Ok(request);
            }
            let read = stream.read(&mut buffer)?;
            if read == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            bytes.extend_from_slice(&buffer[..read]);
        }
    }
}

/// Serves on all addresses, for containers reach this machine by another one than this machine does. The answers are
/// sent as they are, head and body. Returns the port and the authority's certificate.
pub fn serve(
    names: &[&str],
    answer: impl Fn(&Request) -> Vec<u8> + Send + Sync + 'static,
) -> (u16, String) {
    let mut authority = CertificateParams::default();
    authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    // A certificate with the same name as its issuer's counts as self-signed.
    authority.distinguished_name.push(DnType::CommonName, "Authority of the tests");
    let authority = CertifiedIssuer::self_signed(authority, KeyPair::generate().unwrap()).unwrap();
    let key = KeyPair::generate().unwrap();
    let names: Vec<_> = names.iter().map(ToString::to_string).collect();
    let certificate = CertificateParams::new(names).unwrap().signed_by(&key, &authority).unwrap();

    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(
            vec![certificate.der().clone()],
            PrivatePkcs8KeyDer::from(key.serialize_der()).into(),
        )
        .unwrap();

    let listener = TcpListener::bind("0.0.0.0:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let (config, answer) = (Arc::new(config), Arc::new(answer));
    thread::spawn(move || {
        for stream in listener.incoming() {
            let (config, answer) = (config.clone(), answer.clone());
            // Who gets no answer says so.
            thread::spawn(move || {
                drop(stream.and_then(|stream| converse(stream, config, &*answer)));
            });
        }
    });
    (port, authority.pem())
}

fn converse(
    stream: TcpStream,
    config: Arc<ServerConfig>,
    answer: &dyn Fn(&Request) -> Vec<u8>,
) -> io::Result<()> {
    let client = stream.peer_addr()?.ip();
    let connection = ServerConnection::new(config).map_err(io::Error::other)?;
    let mut stream = StreamOwned::new(connection, stream);
    let request = Request::read(&mut stream, client)?;
    stream.write_all(&answer(&request))?;
    stream.conn.send_close_notify();
    stream.flush()
}

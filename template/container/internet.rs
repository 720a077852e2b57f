//! What lies around a Space: the Hub, and the proxy that ends TLS before it.

use std::fmt::Write as _;
use std::io::{self, Read, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::sync::{Arc, Mutex};

use tempfile::NamedTempFile;

use crate::container::{Container, Options};
use crate::engine::host_address;
use crate::https::{Request, serve};
use crate::hub::{self, Hub};

/// The names of the Space: Hugging Face's, and a custom domain.
pub const SPACE_NAME: &str = "me-my-space.hf.space";
pub const CUSTOM_DOMAIN: &str = "space.example.org";

pub struct Internet {
    /// Where all of it is on this machine.
    pub port: u16,
    pub hub: Arc<Hub>,
    space: Arc<Mutex<Option<SocketAddr>>>,
    authority: NamedTempFile,
}

impl Internet {
    pub fn new() -> Self {
        let hub = Arc::new(Hub::new(&format!("https://{SPACE_NAME}/oauth/huggingface/callback")));
        let space = Arc::new(Mutex::new(None));
        let (to_hub, to_space) = (hub.clone(), space.clone());
        let (port, certificate) = serve(&[hub::NAME, SPACE_NAME, CUSTOM_DOMAIN], move |request| {
            if request.header("host").starts_with(hub::NAME) {
                return to_hub.answer(request);
            }
            let space = *to_space.lock().unwrap();
            space
                .map_or(Err(io::ErrorKind::NotConnected.into()), |space| forward(request, space))
                .unwrap_or_else(|error| {
                    format!("HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\n\r\n{error}")
                        .into_bytes()
                })
        });
        let authority = NamedTempFile::new().unwrap();
        std::fs::write(authority.path(), certificate).unwrap();
        // User 1000 of a container is to read it.
        let readable = std::os::unix::fs::PermissionsExt::from_mode(0o644);
        std::fs::set_permissions(authority.path(), readable).unwrap();
        Self { port, hub, space, authority }
    }

    /// The file with the certificate of the authority.
    pub fn authority(&self) -> &Path {
        self.authority.path()
    }

    /// Runs an image as a Space that is reached under `hosts`, where the system's certificates know the authority.
    pub fn start_space(&self, image: &str, hosts: &str, card: &crate::card::Card) -> Container {
        let mut options = self.space_options(hosts, card);
        options.more.push("--volume".to_owned());
        options
            .more
            .push(format!("{}:/etc/ssl/certs/ca-certificates.crt:ro", self.authority().display()));
        let container = Container::start(image, &options);
        self.reach(&container);
        container
    }

    /// From now on, the Space's names lead to this container.
    pub fn reach(&self, space: &Container) {
        *self.space.lock().unwrap() = Some(space.address());
    }

    /// The environment of a Space with this card, and the way to the Hub.
    pub fn space_options(&self, hosts: &str, card: &crate::card::Card) -> Options {
        let scopes = card.get("hf_oauth_scopes").and_then(|scopes| scopes.as_array());
        let scopes = scopes.into_iter().flatten().filter_map(|scope| scope.as_str());
        let scopes: Vec<_> = ["openid", "profile"].into_iter().chain(scopes).collect();
        let env = [
            ("SPACE_ID", "me/my-space"),
            ("SPACE_HOST", hosts),
            ("SPACE_AUTHOR_NAME", "me"),
            ("SPACE_REPO_NAME", "my-space"),
            ("SPACE_TITLE", card["title"].as_str().expect("a title")),
            ("SPACE_CREATOR_USER_ID", "62f264b9f3c90f4b6514a269"),
            ("ACCELERATOR", "none"),
            ("CPU_CORES", "2"),
            ("MEMORY", "15Gi"),
            ("OAUTH_CLIENT_ID", hub::CLIENT_ID),
            ("OAUTH_CLIENT_SECRET", hub::CLIENT_SECRET),
            ("OAUTH_SCOPES", &scopes.join(" ")),
            ("OPENID_PROVIDER_URL", &self.provider_url()),
        ];
        Options {
            port: Some(
                card["app_port"]
                    .as_u64()
                    .and_then(|port| port.try_into().ok())
                    .expect("an app_port"),
            ),
            env: env.map(|(name, value)| (name.to_owned(), value.to_owned())).into(),
            writable: false,
            more: vec!["--add-host".to_owned(), format!("{}:{}", hub::NAME, host_address())],
        }
    }

    pub fn provider_url(&self) -> String {
        format!("https://{}:{}", hub::NAME, self.port)
    }
}

/// Hands a request to the Space as Hugging Face's proxy does: in plain http, with the visitor's address at the end of
/// `X-Forwarded-For`, and with whatever else the visitor has sent.
fn forward(request: &Request, space: SocketAddr) -> io::Result<Vec<u8>> {
    let mut head = format!("{} {} HTTP/1.1\r\n", request.method, request.target);
    let replaced = ["connection", "x-forwarded-for", "x-forwarded-proto"];
    for (name, value) in &request.headers {
        if !replaced.contains(&name.to_ascii_lowercase().as_str()) {
            let _ = write!(head, "{name}: {value}\r\n");
        }
    }
    let before = request.header("x-forwarded-for");
    let separator = if before.is_empty() { "" } else { ", " };
    let client = request.client;
    let _ = write!(head, "X-Forwarded-For: {before}{separator}{client}\r\n");
    head += "X-Forwarded-Proto: https\r\nConnection: close\r\n\r\n";

    let mut stream = TcpStream::connect(space)?;
    stream.write_all(head.as_bytes())?;
    stream.write_all(&request.body)?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer)?;
    Ok(answer)
}

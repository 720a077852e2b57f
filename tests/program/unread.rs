//! Answers that nobody takes.

use std::io::{self, ErrorKind, Write};
use std::net::{TcpListener, TcpStream};
use std::time::Duration;

use app::settings::Settings;
use app::startup;
use socket2::SockRef;

/// Sends requests as long as they are taken, and reads nothing of what comes back.
fn ask_without_reading(mut stream: &TcpStream) -> io::Error {
    let requests = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n".repeat(1_000);
    loop {
        if let Err(error) = stream.write_all(requests.as_bytes()) {
            return error;
        }
    }
}

#[actix_web::test]
async fn who_reads_nothing_of_an_answer_is_cut_off() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let ours = listener.try_clone().unwrap();
    let settings = Settings::from_vars(|name| (name == "HF_MOCK_USER").then(|| "off".to_owned()));
    let server = startup::run(vec![listener], settings.unwrap()).unwrap();
    let handle = server.handle();
    actix_web::rt::spawn(server);
    assert_eq!(SockRef::from(&ours).tcp_user_timeout().unwrap(), Some(Duration::from_secs(30)));

    // A connection takes it over from what listens: here a second is enough.
    SockRef::from(&ours).set_tcp_user_timeout(Some(Duration::from_secs(1))).unwrap();
    let stream = TcpStream::connect(address).unwrap();
    stream.set_write_timeout(Some(Duration::from_secs(60))).unwrap();
    let error = actix_web::web::block(move || ask_without_reading(&stream)).await.unwrap();
    let is_cut = matches!(error.kind(), ErrorKind::ConnectionReset | ErrorKind::BrokenPipe);
    assert!(is_cut, "{error}");
    handle.stop(false).await;
}

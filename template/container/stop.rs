//! How a Space stops.

use std::net::TcpStream;
use std::thread::{self, sleep};
use std::time::{Duration, Instant};

use crate::browser::{Browser, curl};
use crate::container::{Container, Options, PATIENCE};
use crate::internet::{Internet, SPACE_NAME};
use crate::pushed::{PUSHED, image};

#[test]
fn sigterm_ends_it_though_a_browser_keeps_its_connection() {
    let container = Container::start(image(), &Options::default());
    let idle = TcpStream::connect(container.address()).unwrap();
    let begun = Instant::now();
    assert_eq!(container.stop(), "0", "{}", container.logs());
    println!("stop_ms={} (with an idle connection)", begun.elapsed().as_millis());
    drop(idle);
}

#[test]
fn requests_in_flight_are_answered_before_it_ends() {
    let internet = Internet::new();
    let space = internet.start_space(image(), SPACE_NAME, &PUSHED.card());
    let mut browser = Browser::on(&internet);
    let token = internet.hub.hold_token();

    let signs_in = thread::spawn(move || {
        let page = browser.open(&format!("https://{SPACE_NAME}/oauth/huggingface/login"));
        (page, browser.cookies)
    });
    token.arrived.recv_timeout(PATIENCE).expect("the Space asks for a token");
    space.send_sigterm();
    let begun = Instant::now();
    while curl(&[&format!("http://{}/healthz", space.address())]).status != 0 {
        assert!(begun.elapsed() < PATIENCE, "it goes on as if nothing had been said");
        sleep(Duration::from_millis(10));
    }
    token.answer.send(()).unwrap();

    assert_eq!(space.wait(), "0", "{}", space.logs());
    // The page that the browser is sent to does not come any more, but it was sent there, signed in.
    let (page, cookies) = signs_in.join().unwrap();
    assert_eq!(page.url, format!("https://{SPACE_NAME}/"), "{page:?}");
    let session = (SPACE_NAME.to_owned(), "__Host-hf-auth".to_owned());
    assert!(cookies.contains_key(&session), "{cookies:?}");
}

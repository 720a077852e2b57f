//! What is left of sign-ins that failed or were never finished: nothing that grows.
//! For Linux, which tells of a process in /proc.

use std::io::{Read, Write};
use std::net::TcpStream;

use actix_web::rt::spawn;
use actix_web::rt::task::{JoinHandle, spawn_blocking};
use serde_json::json;

use crate::helpers::frame::sign_in_tab;
use crate::helpers::{Endpoint, FakeHub, Fault, HOST, Program, until, user, user_with_orgs};

const LOGIN: &str = "/oauth/huggingface/login?_target_url=/profile";

/// In KiB: less than what thousands leave behind where each leaves something. The memory of a process that reuses its
/// own grows by chance now and then, so the least of several rounds is what counts.
const GROWTH: usize = 128;

/// How many rounds it may take until a process has all the memory that it reuses.
const ROUNDS: usize = 20;

/// In KiB: twice what is read of a user info, whose buffer is copied as it grows, and less than what the Hub sends.
const MAX_USER_INFO: usize = 2 * 4 * 1024;

fn faults(elsewhere: &FakeHub, endpoint: Endpoint) -> [Fault; 6] {
    [
        Fault::Status(500),
        Fault::Status(429),
        Fault::Body("<!doctype html>".to_owned()),
        Fault::Redirect(format!("{}{}", elsewhere.url, endpoint.path())),
        Fault::Flood,
        Fault::Drop,
    ]
}

/// Meets each fault of an endpoint, as often as told.
async fn meet_faults(hub: &FakeHub, program: &Program, endpoint: Endpoint, times: usize) {
    let elsewhere = FakeHub::start(user());
    let mut browser = program.browser();
    for fault in faults(&elsewhere, endpoint).into_iter().cycle().take(6 * times) {
        let path = match endpoint {
            Endpoint::Metadata => LOGIN.to_owned(),
            _ => browser.consent(hub, LOGIN).await,
        };
        hub.fail(endpoint, fault.clone());
        let page = browser.get(&path).await;
        assert!(matches!(page.status, 502 | 503), "{fault:?}: {page:?}");
        hub.recover();
    }
}

#[actix_web::test]
async fn faults_of_the_hub_leave_no_memory_no_connection_and_no_thread_behind() {
    let hub = FakeHub::start(user());
    let program = Program::on(&hub);
    program.browser().get("/").await;
    let (files, threads) = (program.open_files(), program.threads());

    meet_faults(&hub, &program, Endpoint::Metadata, 3).await;
    for endpoint in [Endpoint::Token, Endpoint::UserInfo] {
        meet_faults(&hub, &program, endpoint, 3).await;
    }
    let warm = program.memory();
    let mut least = usize::MAX;
    for _ in 0..ROUNDS {
        let memory = program.memory();
        meet_faults(&hub, &program, Endpoint::Token, 2).await;
        meet_faults(&hub, &program, Endpoint::UserInfo, 2).await;
        least = least.min(program.memory().saturating_sub(memory));
        if least < GROWTH {
            break;
        }
    }
    assert!(least < GROWTH, "grows by {least} KiB");
    let most = program.peak_memory().saturating_sub(warm);
    assert!(most < MAX_USER_INFO, "grew by {most} KiB");

    let unanswered = wait_for_user_info(&hub, &program, Fault::Hang).await;
    let unended = wait_for_user_info(&hub, &program, Fault::Trickle).await;
    for page in unanswered.into_iter().chain(unended) {
        assert_eq!(page.await.unwrap(), 504);
    }
    program.browser().sign_in(&hub).await;

    assert!(program.open_files() > files, "the app keeps its connections for the next sign-in");
    drop(hub);
    until("connections to end", || program.open_files() <= files).await;
    until("threads to end", || program.threads() <= threads).await;
    assert!(!program.log().contains("panicked"), "{}", program.log());
}

/// Ten sign-ins that wait for user info: the status that each ends with.
async fn wait_for_user_info(
    hub: &FakeHub,
    program: &Program,
    fault: Fault,
) -> Vec<JoinHandle<u16>> {
    let mut waiting = Vec::new();
    for _ in 0..10 {
        let mut browser = program.browser();
        let callback = browser.consent(hub, LOGIN).await;
        let asked = hub.requests(Endpoint::UserInfo);
        hub.fail(Endpoint::UserInfo, fault.clone());
        waiting.push(spawn(async move { browser.get(&callback).await.status }));
        until("the Hub to be asked", || hub.requests(Endpoint::UserInfo) > asked).await;
        hub.recover();
    }
    waiting
}

/// Sends a request many times on one connection, a few at once; the answers have this status and no body.
fn repeat(program: &Program, request: &str, status: &'static str, times: usize) -> JoinHandle<()> {
    const AT_ONCE: usize = 10;
    let mut stream = TcpStream::connect(program.address.trim_start_matches("http://")).unwrap();
    let requests = request.repeat(AT_ONCE);
    spawn_blocking(move || {
        for _ in 0..times / AT_ONCE {
            stream.write_all(requests.as_bytes()).unwrap();
            let mut answers = String::new();
            while answers.matches("\r\n\r\n").count() < AT_ONCE {
                let mut part = [0; 16 * 1024];
                let length = stream.read(&mut part).unwrap();
                assert_ne!(length, 0, "the connection ended: {answers}");
                answers.push_str(str::from_utf8(&part[..length]).unwrap());
            }
            assert_eq!(answers.matches(status).count(), AT_ONCE, "{answers}");
        }
    })
}

#[actix_web::test]
async fn ten_thousand_abandoned_sign_ins_leave_nothing_behind() {
    let hub = FakeHub::start(user());
    let program = Program::on(&hub);
    let request = format!("GET {LOGIN} HTTP/1.1\r\nHost: {HOST}\r\n\r\n");
    let begin = async |times: usize| {
        let connections = [0, 1].map(|_| repeat(&program, &request, "HTTP/1.1 303 ", times / 2));
        for connection in connections {
            connection.await.unwrap();
        }
    };
    begin(2_000).await;
    let mut least = usize::MAX;
    for _ in 0..ROUNDS {
        let memory = program.memory();
        begin(2_000).await;
        least = least.min(program.memory().saturating_sub(memory));
        if least < GROWTH {
            break;
        }
    }
    assert!(least < GROWTH, "grows by {least} KiB");
    program.browser().sign_in(&hub).await;
}

#[actix_web::test]
async fn unclaimed_hand_offs_do_not_keep_organizations() {
    let hub = FakeHub::start(user());
    // One token, so that the app keeps one list of organizations besides.
    hub.set_token_field("access_token", json!("the-token"));
    hub.fail(Endpoint::UserInfo, Fault::Body(user_with_orgs(10_000).to_string()));
    let program = Program::on(&hub);
    let mut warm = 0;
    for number in 0..13 {
        if number == 3 {
            warm = program.memory();
        }
        let mut tab = program.browser();
        let page = sign_in_tab(&mut tab, &hub, &format!("{number:043}"), "/").await;
        assert!(page.body.contains("close this tab"), "{page:?}");
    }
    // A list has two megabytes of JSON.
    let grown = program.memory().saturating_sub(warm);
    assert!(grown < 12 * 1024, "grown by {grown} KiB");
}

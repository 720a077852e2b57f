//! Logins while Redis restarts, for two minutes:
//! `cargo test --package actix-huggingface-oauth --features redis --test space -- --ignored --nocapture redis_soak`.

use std::cell::RefCell;
use std::rc::Rc;
use std::time::{Duration, Instant};

use actix_web::rt::{spawn, time};

use crate::helpers::{Browser, FakeHub, Program, Redis, space_vars, user};

const DURATION: Duration = Duration::from_secs(120);
const RESTART_EVERY: Duration = Duration::from_secs(10);
const LOGIN_EVERY: Duration = Duration::from_millis(50);

/// Logins that run at once: on a slow machine there are fewer.
const MAX_RUNNING: usize = 20;

/// How long Redis may answer before a login works again.
const MAX_LOCKED_OUT: Duration = Duration::from_secs(3);

#[derive(Default)]
struct Count {
    running: usize,
    confirmed: Vec<Browser>,
    refused: usize,
    last_login: Option<Instant>,
}

#[actix_web::test]
#[ignore = "takes two minutes"]
async fn confirmed_logins_survive_restarts_of_redis_and_memory_stays_flat() {
    let hub = Rc::new(FakeHub::start(user()));
    let mut redis = Redis::start_with(&["--appendonly", "yes", "--appendfsync", "always"]);
    let url = redis.url();
    let mut vars = space_vars(&hub.url).to_vec();
    vars.push(("REDIS_URL", &url));
    let program = Program::start(&vars);
    let count = Rc::new(RefCell::new(Count::default()));
    let logins = spawn({
        let (count, hub, browser) = (Rc::clone(&count), Rc::clone(&hub), program.browser());
        async move {
            let mut ticks = time::interval(LOGIN_EVERY);
            loop {
                ticks.tick().await;
                if count.borrow().running < MAX_RUNNING {
                    count.borrow_mut().running += 1;
                    spawn(log_in(browser.clone(), Rc::clone(&hub), Rc::clone(&count)));
                }
            }
        }
    });

    let started = Instant::now();
    let (mut memory, mut longest) = (0, Duration::ZERO);
    while started.elapsed() < DURATION {
        time::sleep(RESTART_EVERY).await;
        if memory == 0 {
            memory = program.memory();
        }
        redis.kill();
        redis.up();
        let answers = Instant::now();
        while count.borrow().last_login.is_none_or(|last| last < answers) {
            assert!(answers.elapsed() < MAX_LOCKED_OUT, "nobody can log in");
            time::sleep(Duration::from_millis(5)).await;
        }
        longest = longest.max(answers.elapsed());
    }
    logins.abort();
    while count.borrow().running > 0 {
        time::sleep(Duration::from_millis(5)).await;
    }
    let growth = program.memory().saturating_sub(memory);
    let Count { confirmed, refused, .. } = count.take();
    let logins = confirmed.len();
    eprintln!(
        "{logins} logins confirmed, {refused} refused; {longest:?} until a login works again"
    );
    eprintln!("memory: {memory} KiB after the first ten seconds, {growth} KiB more at the end");
    for mut browser in confirmed {
        assert!(browser.me().await.is_some(), "a confirmed login is lost");
    }
    assert!(growth < 10 * 1024, "{growth} KiB");
}

async fn log_in(mut browser: Browser, hub: Rc<FakeHub>, count: Rc<RefCell<Count>>) {
    let callback = browser.consent(&hub, "/oauth/huggingface/login").await;
    let started = Instant::now();
    let page = browser.get(&callback).await;
    let mut count = count.borrow_mut();
    count.running -= 1;
    if page.status == 303 {
        count.confirmed.push(browser);
        count.last_login = Some(started);
    } else {
        assert_eq!(page.status, 503, "{page:?}");
        count.refused += 1;
    }
}

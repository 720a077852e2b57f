//! The clock: replicas that disagree, and one that was set. Times are in cookies that only the app can write, so these
//! tests open one, move its times, and seal it again as an app with another clock would have done.

use serde_json::Value;

use crate::helpers::sealed::{self, change};
use crate::helpers::{Browser, FakeHub, Space, user};

const HOUR: i64 = 3_600;
const YEAR: i64 = 365 * 24 * HOUR;

fn add(time: &mut Value, seconds: i64) {
    *time = (time.as_i64().unwrap() + seconds).into();
}

/// As if the clock of the app that signed in had been ahead by `seconds`.
fn move_session(browser: &mut Browser, hub: &FakeHub, seconds: i64) {
    // A list: the fifth is the expiry.
    change(browser, hub, sealed::AUTH, |record| add(&mut record[4], seconds));
}

/// As if the clock of the app that began the sign-in had been ahead by `seconds`.
fn move_sign_in(browser: &mut Browser, hub: &FakeHub, seconds: i64) {
    // A list: the fifth is the beginning, in milliseconds.
    change(browser, hub, sealed::PENDING, |sign_in| add(&mut sign_in[4], seconds * 1_000));
}

#[actix_web::test]
async fn a_session_ends_by_the_clock_of_the_app_that_is_asked() {
    let hub = FakeHub::start(user());
    let space = Space::on(&hub);
    for (moved, holds) in [
        (0, true),
        (-7 * HOUR, true),
        (-8 * HOUR, false),
        (-YEAR, false),
        (HOUR, true),
        (YEAR, true),
    ] {
        let mut browser = space.browser();
        browser.sign_in(&hub).await;
        move_session(&mut browser, &hub, moved);
        assert_eq!(browser.me().await.is_some(), holds, "moved by {moved} seconds");
        assert_eq!(browser.get("/profile").await.status, if holds { 200 } else { 401 });
    }
}

#[actix_web::test]
async fn a_sign_in_takes_ten_minutes_by_the_clock_of_the_app_where_it_ends() {
    let hub = FakeHub::start(user());
    let space = Space::on(&hub);
    for (moved, holds) in [
        (0, true),
        (-HOUR / 12, true),
        (-HOUR / 6, false),
        (-YEAR, false),
        (HOUR, true),
        (YEAR, true),
    ] {
        let mut browser = space.browser();
        let callback = browser.consent(&hub, "/oauth/huggingface/login").await;
        move_sign_in(&mut browser, &hub, moved);
        let page = browser.get(&callback).await;
        assert_eq!(page.status, if holds { 303 } else { 400 }, "moved by {moved} seconds");
        if !holds {
            assert!(page.body.contains("took more than ten minutes"), "{}", page.body);
        }
        browser.sign_in(&hub).await;
    }
}

#[actix_web::test]
async fn signing_in_again_replaces_a_session_of_another_clock() {
    let hub = FakeHub::start(user());
    let space = Space::on(&hub);
    for moved in [-YEAR, YEAR] {
        let mut browser = space.browser();
        browser.sign_in(&hub).await;
        move_session(&mut browser, &hub, moved);
        let page = browser.sign_in(&hub).await;
        let cookie = page.set_cookie("__Host-hf-auth").unwrap();
        let (_, rest) = cookie.split_once("Max-Age=").unwrap();
        let seconds: i64 = rest.split(';').next().unwrap().parse().unwrap();
        assert!((7 * HOUR..=8 * HOUR).contains(&seconds), "{cookie}");
    }
}

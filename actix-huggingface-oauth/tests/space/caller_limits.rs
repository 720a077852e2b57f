//! What bearer tokens may cost the Hub and this app: how long its answers hold, and how often it is asked.

use std::collections::BTreeMap;
use std::time::Duration;

use actix_huggingface_oauth::Limits;
use actix_web::rt::spawn;
use chrono::Utc;
use serde_json::json;

use crate::helpers::calling::{claims, own_token, settings_at, start, start_with, token_saying};
use crate::helpers::{Endpoint, FakeHub, Fault, Space, until, user};

/// So long that no test sees its end.
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

fn start_within(hub: &FakeHub, change: impl FnOnce(&mut Limits)) -> Space {
    let mut limits = Limits::default();
    limits.bearer_window = DAY;
    change(&mut limits);
    start_with(settings_at(hub).limits(limits))
}

/// A token of this app like no other, that nobody made.
fn made_up(number: usize) -> String {
    let mut claims = claims();
    claims["number"] = json!(number);
    token_saying(&claims)
}

fn accepted(hub: &FakeHub, number: usize) -> String {
    let token = made_up(number);
    hub.accept_token(&token, user());
    token
}

#[test]
fn the_bounds_are_those_that_are_documented() {
    let limits = Limits::default();
    assert_eq!(limits.bearer_fresh, Duration::from_secs(5 * 60));
    assert_eq!(limits.bearer_retry, Duration::from_secs(30));
    assert_eq!((limits.bearer_questions, limits.bearer_window), (60, Duration::from_secs(60)));
    assert_eq!(limits.bearer_questions_at_once, 8);
}

#[actix_web::test]
async fn an_answer_of_the_hub_is_kept_and_asked_for_again_when_it_is_old() {
    for (fresh, retry, kept) in [(DAY, DAY, true), (Duration::ZERO, Duration::ZERO, false)] {
        let hub = FakeHub::start(user());
        let space = start_within(&hub, |limits| {
            limits.bearer_fresh = fresh;
            limits.bearer_retry = retry;
        });
        for (token, status) in [(own_token(&hub), 200), (made_up(1), 401)] {
            let asked = hub.requests(Endpoint::UserInfo);
            for _ in 0..3 {
                assert_eq!(space.browser().call("/caller", &token).await.status, status);
            }
            let asked = hub.requests(Endpoint::UserInfo) - asked;
            assert_eq!(asked, if kept { 1 } else { 3 }, "{status}");
        }
    }
}

#[actix_web::test]
async fn the_hub_is_asked_once_for_a_hundred_requests_with_one_token() {
    let hub = FakeHub::start(user());
    let space = start(&hub);
    for (token, status) in [(own_token(&hub), 200), (made_up(1), 401)] {
        let asked = hub.requests(Endpoint::UserInfo);
        let many = (0..100).map(|_| {
            let (mut program, token) = (space.browser(), token.clone());
            spawn(async move { program.call("/caller", &token).await.status })
        });
        for one in many.collect::<Vec<_>>() {
            assert_eq!(one.await.unwrap(), status);
        }
        assert_eq!(hub.requests(Endpoint::UserInfo), asked + 1, "{status}");
    }
}

#[actix_web::test]
async fn ten_thousand_made_up_tokens_cost_the_hub_sixty_questions_and_nobody_else_anything() {
    const TOKENS: usize = 10_000;
    const AT_ONCE: usize = 8;
    let hub = FakeHub::start(user());
    let space = start_within(&hub, |limits| limits.bearer_fresh = DAY);
    let aging = start_within(&hub, |limits| limits.bearer_fresh = Duration::ZERO);
    let known = own_token(&hub);
    let mut signed_in = space.browser();
    signed_in.sign_in(&hub).await;
    for space in [&space, &aging] {
        assert_eq!(space.browser().call("/caller", &known).await.status, 200);
    }
    let asked = hub.requests(Endpoint::UserInfo);
    let floods = (0..AT_ONCE).map(|flood| {
        let mut program = space.browser();
        spawn(async move {
            let mut statuses = BTreeMap::new();
            for number in (flood..TOKENS).step_by(AT_ONCE) {
                let page = program.call("/caller", &made_up(number)).await;
                if page.status == 503 {
                    let retry_after: u64 = page.header("retry-after").parse().unwrap();
                    assert!((1..=DAY.as_secs()).contains(&retry_after), "{page:?}");
                }
                *statuses.entry(page.status).or_insert(0) += 1;
            }
            statuses
        })
    });
    let mut statuses = BTreeMap::new();
    for flood in floods.collect::<Vec<_>>() {
        for (status, count) in flood.await.unwrap() {
            *statuses.entry(status).or_insert(0) += count;
        }
    }
    // One of the sixty was the known token.
    assert_eq!(statuses, BTreeMap::from([(401, 59), (503, TOKENS - 59)]));
    assert_eq!(hub.requests(Endpoint::UserInfo), asked + 59);

    assert_eq!(space.browser().call("/caller", &known).await.status, 200, "a known token");
    assert_eq!(hub.requests(Endpoint::UserInfo), asked + 59, "it was thrown out");
    assert_eq!(signed_in.get("/caller").await.status, 200, "a session");
    space.browser().sign_in(&hub).await;

    for number in 0..60 {
        aging.browser().call("/caller", &made_up(number)).await;
    }
    let unknown = accepted(&hub, TOKENS);
    assert_eq!(aging.browser().call("/caller", &unknown).await.status, 503);
    let page = aging.browser().call("/caller", &known).await;
    assert_eq!(page.status, 200, "a known token whose answer is old");
}

#[actix_web::test]
async fn no_more_questions_are_under_way_at_once_than_may_be() {
    let hub = FakeHub::start(user());
    let space = start_within(&hub, |limits| limits.read_bearer = DAY);
    let known = own_token(&hub);
    assert_eq!(space.browser().call("/caller", &known).await.status, 200);
    hub.fail(Endpoint::UserInfo, Fault::Hang);
    let asked = hub.requests(Endpoint::UserInfo);
    let waiting: Vec<_> = (0..8)
        .map(|number| {
            let mut program = space.browser();
            spawn(async move { program.call("/caller", &made_up(number)).await })
        })
        .collect();
    until("eight questions", || hub.requests(Endpoint::UserInfo) == asked + 8).await;
    let page = space.browser().call("/caller", &made_up(9)).await;
    assert_eq!((page.status, page.header("retry-after")), (503, "1"));
    assert_eq!(space.browser().call("/caller", &known).await.status, 200);
    assert_eq!(hub.requests(Endpoint::UserInfo), asked + 8);
    for one in waiting {
        one.abort();
    }
}

#[actix_web::test]
async fn what_is_over_makes_room_for_other_questions() {
    let hub = FakeHub::start(user());
    let space = start_within(&hub, |limits| {
        limits.bearer_questions = 1;
        limits.bearer_window = Duration::ZERO;
        limits.bearer_questions_at_once = 1;
    });
    for number in 0..20 {
        assert_eq!(space.browser().call("/caller", &made_up(number)).await.status, 401);
    }
    let space = start_within(&hub, |limits| limits.bearer_questions = 1);
    let token = accepted(&hub, 20);
    assert_eq!(space.browser().call("/caller", &token).await.status, 200);
    assert_eq!(space.browser().call("/caller", &accepted(&hub, 21)).await.status, 503);
    let space = start_within(&hub, |limits| limits.bearer_questions = 0);
    assert_eq!(space.browser().call("/caller", &token).await.status, 503);
}

#[actix_web::test]
async fn a_known_token_that_the_hub_takes_no_more_is_as_any_other() {
    let hub = FakeHub::start(user());
    let space = start_within(&hub, |limits| {
        limits.bearer_fresh = Duration::ZERO;
        limits.bearer_retry = Duration::ZERO;
        limits.bearer_questions = 1;
    });
    let token = own_token(&hub);
    let mut program = space.browser();
    for _ in 0..3 {
        assert_eq!(program.call("/caller", &token).await.status, 200);
    }
    hub.revoke_tokens();
    program.call("/caller", &token).await.assert_invalid_token("revoked");
    let asked = hub.requests(Endpoint::UserInfo);
    assert_eq!(program.call("/caller", &token).await.status, 503, "it is asked for as known");
    assert_eq!(hub.requests(Endpoint::UserInfo), asked);
}

#[actix_web::test]
async fn no_answer_is_kept_past_the_end_of_the_token() {
    let hub = FakeHub::start(user());
    let space = start(&hub);
    let mut claims = claims();
    claims["exp"] = json!(Utc::now().timestamp() + 2);
    let token = token_saying(&claims);
    hub.accept_token(&token, user());
    let mut program = space.browser();
    loop {
        let page = program.call("/caller", &token).await;
        if page.status != 200 {
            page.assert_invalid_token("ended");
            break;
        }
        actix_web::rt::time::sleep(Duration::from_millis(50)).await;
    }
    assert!(hub.requests(Endpoint::UserInfo) <= 1, "the Hub is asked again");
}

#[actix_web::test]
async fn somebody_who_was_renamed_is_the_same_under_the_new_name() {
    let hub = FakeHub::start(user());
    let space = start_within(&hub, |limits| limits.bearer_fresh = Duration::ZERO);
    let token = own_token(&hub);
    let mut program = space.browser();
    let before = program.call("/caller", &token).await.json();
    let mut renamed = user();
    renamed["preferred_username"] = json!("new-name");
    renamed["orgs"] = json!([]);
    hub.change_users(&renamed);
    let after = program.call("/caller", &token).await.json();
    assert_eq!(before["user_info"]["sub"], after["user_info"]["sub"]);
    assert_eq!(after["user_info"]["preferred_username"], "new-name");
    assert_eq!(program.call("/caller/members/acme", &token).await.status, 403);
}

#[actix_web::test]
async fn organizations_of_callers_take_no_more_memory_than_they_may() {
    let hub = FakeHub::start(crate::helpers::user_with_orgs(1_000));
    let space = start_within(&hub, |limits| limits.bearers_memory = 1);
    let token = token_saying(&claims());
    hub.accept_token(&token, crate::helpers::user_with_orgs(1_000));
    for _ in 0..2 {
        assert_eq!(space.browser().call("/caller", &token).await.status, 200);
    }
}

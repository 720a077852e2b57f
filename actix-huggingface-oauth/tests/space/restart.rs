//! The program killed without a warning, and started again.

use std::cell::Cell;
use std::rc::Rc;

use actix_web::rt::spawn;

use crate::helpers::{Endpoint, FakeHub, Fault, Program, until, user};

const LOGIN: &str = "/oauth/huggingface/login?_target_url=/profile";

#[actix_web::test]
async fn who_was_signed_in_still_is_after_a_kill_in_the_middle_of_load() {
    let hub = FakeHub::start(user());
    let program = Program::on(&hub);
    let mut browser = program.browser();
    browser.sign_in(&hub).await;
    let answers = Rc::new(Cell::new(0));
    let visitors = (0..16).map(|_| {
        let (answers, mut browser) = (answers.clone(), browser.clone());
        spawn(async move {
            while let Some(page) = browser.try_get("/profile").await {
                assert_eq!(page.status, 200);
                answers.set(answers.get() + 1);
            }
        })
    });
    let visitors: Vec<_> = visitors.collect();
    until("a hundred answers", || answers.get() >= 100).await;
    program.kill();
    for visitor in visitors {
        visitor.await.unwrap();
    }

    let program = Program::on(&hub);
    browser.move_to(&program.address);
    let me = browser.me().await.unwrap();
    assert_eq!(me["user_info"]["orgs"][0]["preferred_username"], "acme");
}

#[actix_web::test]
async fn a_sign_in_outlives_a_kill_at_each_of_its_steps() {
    let hub = FakeHub::start(user());
    for dies_at in [None, Some(Endpoint::Token), Some(Endpoint::UserInfo)] {
        let program = Program::on(&hub);
        let mut browser = program.browser();
        let callback = browser.consent(&hub, LOGIN).await;
        if let Some(endpoint) = dies_at {
            let before = hub.requests(endpoint);
            hub.fail(endpoint, Fault::Hang);
            let (mut tab, callback) = (browser.clone(), callback.clone());
            let unanswered = spawn(async move { tab.try_get(&callback).await });
            until("the Hub to be asked", || hub.requests(endpoint) > before).await;
            program.kill();
            assert!(unanswered.await.unwrap().is_none());
            hub.recover();
        } else {
            program.kill();
        }

        let program = Program::on(&hub);
        browser.move_to(&program.address);
        // A reload; the Hub gives a token for a code once.
        let page = browser.get(&callback).await;
        if dies_at == Some(Endpoint::UserInfo) {
            assert_eq!(page.status, 400);
            assert!(page.body.contains("was used already"), "{}", page.body);
            browser.sign_in(&hub).await;
        } else {
            assert_eq!(page.location(), "/profile", "{dies_at:?}");
        }
        assert!(browser.me().await.is_some(), "{dies_at:?}");
    }
}

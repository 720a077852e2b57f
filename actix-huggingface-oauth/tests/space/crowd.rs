//! Many at once, many who never come back, and replicas.

use crate::helpers::{Browser, FakeHub, HOST, Space, user};

const LOGIN: &str = "/oauth/huggingface/login";
const CALLBACK: &str = "/oauth/huggingface/callback";

#[actix_web::test]
async fn two_hundred_sign_in_at_once_each_as_oneself() {
    let hub = std::rc::Rc::new(FakeHub::start(user()));
    let space = Space::unhurried(&hub);
    let browser = space.browser();
    let sign_ins = (0..200).map(|number| {
        let (hub, mut browser) = (hub.clone(), browser.clone());
        actix_web::rt::spawn(async move {
            let name = format!("user-{number}");
            let login = browser.get(LOGIN).await;
            let back = hub.authorize_as(&name, login.location()).await;
            let callback = browser.path_of(&back);
            assert_eq!(browser.get(&callback).await.location(), "/");
            let me = &browser.me().await.unwrap()["user_info"];
            assert_eq!(me["preferred_username"], name);
            assert_eq!(me["orgs"][0]["preferred_username"], format!("org-of-{name}"));
            (name, browser)
        })
    });
    for sign_in in sign_ins.collect::<Vec<_>>() {
        let (name, mut browser) = sign_in.await.unwrap();
        let profile = browser.get("/profile").await.body;
        assert!(profile.contains(&format!("org-of-{name}<")), "{name}: {profile}");
    }
}

#[actix_web::test]
async fn sign_in_and_every_page_work_behind_a_round_robin_proxy() {
    let hub = FakeHub::start(user());
    let replicas = [Space::on(&hub), Space::on(&hub)];
    let addresses = [replicas[0].address.as_str(), &replicas[1].address];
    let mut browser = Browser::behind_round_robin(&addresses, HOST);
    // An odd number of requests, so that the next round begins at the other replica.
    for _ in addresses {
        let callback = browser.consent(&hub, &format!("{LOGIN}?_target_url=/profile")).await;
        assert_eq!(browser.get(&callback).await.location(), "/profile");
        let refused = Browser::at(addresses[0], HOST).get(CALLBACK).await.body;
        let (_, stylesheet) = refused.split_once("rel=\"stylesheet\" href=\"").unwrap();
        let stylesheet = stylesheet.split_once('"').unwrap().0;
        for (path, status) in [
            ("/", 200),
            ("/profile", 200),
            ("/api/me", 200),
            ("/healthz", 200),
            (stylesheet, 200),
            ("/nowhere", 404),
        ] {
            let pages = [browser.get(path).await, browser.get(path).await];
            assert_eq!(pages[0].status, status, "{path}");
            assert_eq!(pages[0].body, pages[1].body, "{path} differs between replicas");
        }
        assert_eq!(browser.me().await.unwrap()["user_info"]["orgs"][0]["name"], "Acme Corporation");
        browser.get("/oauth/huggingface/logout").await;
        assert_eq!(browser.me().await, None);
        assert_eq!(browser.me().await, None);
    }
}

//! Apps that have sessions of their own: the login works beside them, wherever their middleware is wrapped.

use actix_huggingface_oauth::{HuggingFaceOAuth, attach_huggingface_oauth};
use actix_identity::{Identity, IdentityMiddleware};
use actix_session::storage::{CookieSessionStore, SessionStore};
use actix_session::{Session, SessionMiddleware};
use actix_web::cookie::{Key, SameSite};
use actix_web::middleware::Condition;
use actix_web::web::{ServiceConfig, resource};
use actix_web::{App, HttpMessage, HttpRequest, HttpResponse};

use crate::helpers::{Browser, FakeHub, Space, app, server, settings, space_vars, user};

/// Name of the app's own session cookie.
const OWN: &str = "own-session";

/// Where the app wraps its own middleware.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    /// On the `App` that is given to `attach_huggingface_oauth`.
    Inside,
    /// After it.
    Outside,
}

const PLACES: [Place; 2] = [Place::Inside, Place::Outside];

/// The app's own session, with actix-session's defaults but for the name and attributes of its cookie.
fn own_session<S: SessionStore>(store: S, same_site: SameSite) -> SessionMiddleware<S> {
    SessionMiddleware::builder(store, Key::from(&[7; 64]))
        .cookie_name(OWN.to_owned())
        .cookie_same_site(same_site)
        .build()
}

/// An app with its own session in `store`, which its own users log in to.
fn start<S: SessionStore + 'static>(
    hub: &FakeHub,
    place: Place,
    store: impl Fn() -> S + Clone + Send + 'static,
) -> Space {
    let oauth = HuggingFaceOAuth::new(settings(&space_vars(&hub.url)).unwrap()).unwrap();
    Space::serving(|listener| {
        server(listener, 1, move || {
            let is = |there| place == there;
            let app = App::new()
                .wrap(Condition::new(is(Place::Inside), IdentityMiddleware::default()))
                .wrap(Condition::new(is(Place::Inside), own_session(store(), SameSite::Lax)));
            attach_huggingface_oauth(app, oauth.clone())
                .configure(app::configure)
                .configure(own)
                .wrap(Condition::new(is(Place::Outside), IdentityMiddleware::default()))
                .wrap(Condition::new(is(Place::Outside), own_session(store(), SameSite::Lax)))
        })
    })
}

/// What the app had before the login was added.
fn own(config: &mut ServiceConfig) {
    config
        .service(resource("/own/note").get(async |session: Session| {
            let count = session.get::<u32>("count").unwrap().unwrap_or_default() + 1;
            session.insert("count", count).unwrap();
            count.to_string()
        }))
        .service(resource("/own/clear").get(async |session: Session| {
            session.purge();
            "purged"
        }))
        .service(resource("/own/login").get(async |request: HttpRequest| {
            Identity::login(&request.extensions(), "user 7 of the app".to_owned()).unwrap();
            HttpResponse::Ok().finish()
        }))
        .service(resource("/own/logout").get(async |identity: Identity| {
            identity.logout();
            HttpResponse::Ok().finish()
        }))
        .service(resource("/own/who").get(async |identity: Option<Identity>| {
            identity.map_or("nobody".to_owned(), |identity| identity.id().unwrap())
        }));
}

/// Uses the app's own session and identity before, between and after login and logout.
async fn both_work_beside_each_other(mut browser: Browser, hub: &FakeHub, what: &str) {
    let sub = user()["sub"].as_str().unwrap().to_owned();
    assert_eq!(browser.get("/own/note").await.body, "1", "{what}");
    browser.get("/own/login").await;
    assert_eq!(browser.get("/own/who").await.body, "user 7 of the app", "{what}");
    let own = browser.cookie(OWN).unwrap().clone();
    browser.sign_in(hub).await;
    assert_eq!(browser.cookie(OWN), Some(&own), "{what}: the login changed the app's own session");
    assert_eq!(browser.get("/by-hand").await.body, sub, "{what}");
    assert_eq!(browser.get("/own/who").await.body, "user 7 of the app", "{what}");
    assert_eq!(browser.get("/own/note").await.body, "2", "{what}");
    for value in browser.cookies.values() {
        assert!(!value.contains("hf_oauth_"), "{what}");
    }

    browser.get("/own/logout").await;
    browser.get("/own/clear").await;
    assert_eq!(browser.cookie(OWN), None, "{what}");
    assert_eq!(browser.get("/by-hand").await.body, sub, "{what}: the app's own logout ended it");
    assert_eq!(browser.get("/own/note").await.body, "1", "{what}");

    browser.get("/oauth/huggingface/logout").await;
    assert_eq!(browser.get("/by-hand").await.body, "nobody", "{what}");
    assert_eq!(browser.get("/own/note").await.body, "2", "{what}: logout ended the app's own");
}

#[actix_web::test]
async fn a_session_in_a_cookie_works_beside_the_login() {
    let hub = FakeHub::start(user());
    for place in PLACES {
        let space = start(&hub, place, CookieSessionStore::default);
        both_work_beside_each_other(space.browser(), &hub, &format!("{place:?}")).await;
    }
}

#[cfg(feature = "redis")]
#[actix_web::test]
async fn a_session_in_redis_works_beside_the_login() {
    use crate::helpers::Redis;
    use actix_session::storage::RedisSessionStore;
    let (hub, redis) = (FakeHub::start(user()), Redis::start());
    let store = RedisSessionStore::new(redis.url()).await.unwrap();
    for place in PLACES {
        let store = store.clone();
        let space = start(&hub, place, move || store.clone());
        both_work_beside_each_other(space.browser(), &hub, &format!("{place:?}")).await;
    }
}

#[actix_web::test]
async fn a_login_holds_wherever_the_app_wraps_its_session_and_without_it() {
    let hub = FakeHub::start(user());
    let mut browser = Space::on(&hub).browser();
    let before = Space::on(&hub);
    let mut signed_in = before.browser();
    signed_in.sign_in(&hub).await;
    browser.cookies = signed_in.cookies;
    for place in PLACES {
        let space = start(&hub, place, CookieSessionStore::default);
        browser.move_to(&space.address);
        assert!(browser.me().await.is_some(), "{place:?}");
    }
}

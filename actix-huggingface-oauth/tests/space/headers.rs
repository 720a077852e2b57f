//! Headers of the answers.

use reqwest::Method;

use crate::helpers::{Browser, FakeHub, Space, user};

#[actix_web::test]
async fn pages_of_a_space_carry_the_documented_headers() {
    let hub = FakeHub::start(user());
    let space = Space::on(&hub);
    let mut browser = space.browser();
    for path in [
        "/",
        "/profile",
        "/nowhere",
        "/api/me",
        "/oauth/huggingface/callback",
        "/oauth/huggingface/login",
    ] {
        let page = browser.get(path).await;
        let csp = page.header("content-security-policy");
        let hub = &hub.url;
        assert!(csp.contains(&format!("frame-ancestors 'self' {hub};")), "{path}: {csp}");
        assert!(csp.contains(&format!("form-action 'self' {hub}")), "{path}: {csp}");
        assert!(csp.contains("img-src 'self' https: data:;"), "{path}: {csp}");
        assert!(csp.contains("default-src 'self';"), "{path}: {csp}");
        assert!(!csp.contains("unsafe") && !csp.contains("hf.space"), "{path}: {csp}");
        assert_eq!(page.header("x-content-type-options"), "nosniff");
        assert_eq!(page.header("referrer-policy"), "strict-origin-when-cross-origin");
        assert_eq!(page.header("strict-transport-security"), "max-age=31536000");
        assert_eq!(page.header("x-frame-options"), "");
        assert_eq!(page.header("cache-control"), "no-store", "{path}");
    }
}

#[actix_web::test]
async fn there_is_no_hsts_on_a_laptop() {
    let space = Space::start(&[("HF_MOCK_USER", "off")]);
    let page = Browser::on_laptop(&space).get("/").await;
    assert_eq!(page.header("strict-transport-security"), "");
    assert_eq!(page.header("x-content-type-options"), "nosniff");
}

#[actix_web::test]
async fn refusals_carry_them_too() {
    let space = Space::start(&[("HF_MOCK_USER", "off")]);
    let page = Browser::at(&space.address, "evil.test").get("/").await;
    assert_eq!(page.status, 421);
    assert!(page.header("content-security-policy").contains("frame-ancestors 'self'"));
    assert_eq!(page.header("cache-control"), "no-store");
}

#[actix_web::test]
async fn head_works_where_get_does_and_has_no_body() {
    let hub = FakeHub::start(user());
    let space = Space::on(&hub);
    let mut browser = space.browser();
    for path in ["/", "/healthz", "/api/me", "/profile", "/nowhere", "/oauth/huggingface/login"] {
        let get = browser.get(path).await;
        let head = browser.send(Method::HEAD, path, &[]).await;
        assert_eq!(head.status, get.status, "{path}");
        assert_eq!(head.header("content-type"), get.header("content-type"), "{path}");
        assert_eq!(head.header("content-length"), get.header("content-length"), "{path}");
        assert_eq!(head.body, "");
    }
}

#[actix_web::test]
async fn static_files_have_the_hash_of_their_content_in_the_url_and_may_be_kept() {
    let space = Space::start(&[("HF_MOCK_USER", "off")]);
    let mut browser = Browser::on_laptop(&space);
    let home = browser.get("/").await.body;
    for (name, content_type) in
        [("app.css", "text/css; charset=utf-8"), ("favicon.svg", "image/svg+xml")]
    {
        let url = home.split('"').find(|part| part.ends_with(name)).unwrap();
        let file = browser.get(url).await;
        assert_eq!(file.status, 200);
        assert_eq!(file.header("content-type"), content_type);
        assert_eq!(file.header("cache-control"), "public, max-age=31536000, immutable");
        assert_eq!(file.body, std::fs::read_to_string(format!("static/{name}")).unwrap());
        let (front, _) = url.rsplit_once('/').unwrap();
        for wrong in [
            format!("/static/0000/{name}"),
            format!("{front}/../{name}"),
            format!("{front}/nothing.css"),
        ] {
            assert_eq!(browser.get(&wrong).await.status, 404, "{wrong}");
        }
    }
}

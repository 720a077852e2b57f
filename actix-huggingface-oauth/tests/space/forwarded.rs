//! A laptop whose ports are forwarded, while sign-in is mocked: over ssh, by an editor, or under a name with https.

use reqwest::Method;

use crate::helpers::frame::{FRAME, NAVIGATION};
use crate::helpers::{Browser, Space};

const LOGIN: &str = "/oauth/huggingface/login";

#[actix_web::test]
async fn the_mock_hub_is_where_the_visitor_is() {
    let space = Space::start(&[("HF_MOCK_USER", "pro")]);
    for host in ["localhost:9999", "127.0.0.1:9999", "[::1]:9999", "localhost"] {
        let mut browser = Browser::over_http(&space.address, host);
        let login = browser.get(LOGIN).await;
        assert!(
            login.location().starts_with(&format!("http://{host}/mock-hub/oauth/authorize?")),
            "{login:?}"
        );
        assert_eq!(browser.follow(LOGIN).await.status, 200);
        let me = browser.me().await.unwrap();
        assert_eq!(me["user_info"]["picture"], "/mock-hub/avatars/paul-pro.svg");
    }

    let mut browser = Browser::at(&space.address, "localhost:9999");
    let moved = browser.get("/mock-hub/space?__theme=dark").await;
    assert_eq!(moved.location(), "http://127.0.0.1:9999/mock-hub/space?__theme=dark");
    let mut hub = Browser::at(&space.address, "127.0.0.1:9999");
    let page = hub.get("/mock-hub/space").await;
    assert!(page.body.contains("<iframe src=\"http://localhost:9999/?\""), "{}", page.body);
    assert!(page.header("content-security-policy").contains("frame-src http://localhost:9999;"));
    let framed = browser.send(Method::GET, LOGIN, &[FRAME, NAVIGATION]).await;
    let policy = framed.header("content-security-policy");
    assert!(policy.contains("frame-ancestors 'self' http://127.0.0.1:*;"), "{policy}");
}

/// What forwarders add to a request, and make of its `Host`.
const FORWARDED: [&[(&str, &str)]; 4] = [
    &[("x-forwarded-host", "me-7860.app.github.dev"), ("host", "localhost:7860")],
    &[("x-forwarded-proto", "https"), ("x-forwarded-host", "me-7860.app.github.dev")],
    &[("forwarded", "for=192.0.2.60;proto=https"), ("host", "127.0.0.1:7860")],
    &[("via", "1.1 forwarder")],
];

#[actix_web::test]
async fn what_a_proxy_passes_on_is_refused_while_mocked_with_the_cure() {
    // Who is mocked without having asked for it stays on this computer.
    for vars in [&[("HF_MOCK_USER", "ask")][..], &[("SPACE_HOST", "me-7860.app.github.dev")]] {
        let space = Space::start(vars);
        for headers in FORWARDED {
            let page = Browser::on_laptop(&space).send(Method::GET, "/", headers).await;
            assert_eq!(page.status, 421, "{headers:?}");
            let name = headers.iter().find(|(name, _)| *name == "x-forwarded-host");
            let name = name.map_or("THE-NAME", |(_, name)| name);
            let cure = format!("SPACE_HOST={name} HF_MOCK_USER=ask");
            assert!(page.body.contains(&cure), "{}", page.body);
            assert!(page.body.contains("came through a proxy"), "{}", page.body);
        }
    }
    let space = Space::start(&[("HF_MOCK_USER", "ask")]);
    let headers = [("x-forwarded-host", "<script>alert(1)</script>")];
    let page = Browser::on_laptop(&space).send(Method::GET, "/", &headers).await;
    assert!(!page.body.contains("alert(1)") && page.body.contains("SPACE_HOST=THE-NAME"));
}

#[actix_web::test]
async fn with_that_cure_the_mock_signs_in_behind_a_proxy() {
    let host = "me-7860.app.github.dev";
    let space = Space::start(&[("SPACE_HOST", host), ("HF_MOCK_USER", "pro")]);
    // Some forwarders leave `Host` as it is, some make it one of this computer.
    for headers in FORWARDED {
        let mut headers = headers.to_vec();
        if !headers.iter().any(|(name, _)| *name == "host") {
            headers.push(("host", host));
        }
        let mut browser = Browser::at(&space.address, host);
        let mut path = LOGIN.to_owned();
        let mut page = browser.send(Method::GET, &path, &headers).await;
        while page.status == 303 && page.location() != "/" {
            path = browser.path_of(page.location());
            page = browser.send(Method::GET, &path, &headers).await;
        }
        let session = page.set_cookie("__Host-hf-auth").unwrap();
        assert!(session.ends_with("Secure; SameSite=Lax"), "{session}");
        assert_eq!(browser.send(Method::GET, "/api/me", &headers).await.status, 200);

        let post = async |origin, site| {
            let fetch = [("origin", origin), ("sec-fetch-site", site), ("accept", "*/*")];
            let mut browser = Browser::at(&space.address, host);
            browser.send(Method::POST, "/healthz", &[&headers[..], &fetch].concat()).await.status
        };
        assert_eq!(post("https://me-7860.app.github.dev", "same-origin").await, 405, "let through");
        for origin in ["http://localhost:7860", "https://localhost:7860"] {
            // A forwarder has rewritten it, and the browser says that the page is ours.
            assert_eq!(post(origin, "same-origin").await, 405, "{origin}");
            assert_eq!(post(origin, "cross-site").await, 403, "{origin}");
        }
        assert_eq!(post("https://evil.test", "same-origin").await, 403);
    }
    // On this computer itself it works as ever.
    let mut browser = Browser::on_laptop(&space);
    let login = browser.get(LOGIN).await;
    assert!(login.location().starts_with("http://localhost:"), "{login:?}");
    assert_eq!(browser.follow(LOGIN).await.status, 200);
    assert!(browser.me().await.is_some());
    let page = Browser::at(&space.address, "another.app.github.dev").get("/").await;
    assert_eq!(page.status, 421);
}

#[actix_web::test]
async fn while_mocked_a_name_that_is_not_known_is_refused_with_the_cure() {
    let space = Space::start(&[("HF_MOCK_USER", "ask"), ("PORT", "8000")]);
    for (host, name) in [
        ("192.168.1.20:7860", "192.168.1.20"),
        ("laptop.local", "laptop.local"),
        ("\"><script>", "THE-NAME"),
    ] {
        let page = Browser::at(&space.address, host).get("/").await;
        let cure = format!("SPACE_HOST={name} HF_MOCK_USER=ask");
        assert_eq!(page.status, 421);
        for cure in ["http://localhost", "ssh -L 8000:localhost:8000", &cure] {
            assert!(page.body.contains(cure), "{cure} is missing: {}", page.body);
        }
    }
}

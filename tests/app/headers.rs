//! Headers of the answers.

use actix_huggingface_oauth::reqwest::Method;

use crate::helpers::{Browser, Page, SPACE, start};

const PAGES: [&str; 6] =
    ["/", "/profile", "/nowhere", "/api/me", "/healthz", "/oauth/huggingface/callback"];

async fn get(browser: &mut Browser, path: &str) -> Page {
    browser.send(Method::GET, path, &[]).await
}

#[actix_web::test]
async fn pages_of_a_space_carry_the_documented_headers() {
    let app = start(&SPACE);
    for path in PAGES {
        let page = get(&mut app.browser(), path).await;
        let policy = page.header("content-security-policy");
        for part in ["frame-ancestors 'self' https://huggingface.co;", "base-uri 'none';"] {
            assert!(policy.contains(part), "{path}: {policy}");
        }
        assert!(policy.contains("form-action 'self' https://huggingface.co"), "{path}: {policy}");
        assert!(!policy.contains("unsafe") && !policy.contains("hf.space"), "{path}: {policy}");
        assert_eq!(page.header("x-content-type-options"), "nosniff");
        assert_eq!(page.header("referrer-policy"), "strict-origin-when-cross-origin");
        assert_eq!(page.header("strict-transport-security"), "max-age=31536000");
        assert_eq!(page.header("x-frame-options"), "");
        assert_eq!(page.header("cache-control"), "no-store", "{path}");
        assert_eq!(page.header("cross-origin-resource-policy"), "same-origin", "{path}");
    }
}

#[actix_web::test]
async fn head_is_answered_as_get_without_a_body() {
    let app = start(&SPACE);
    for path in ["/", "/healthz", "/api/me", "/profile", "/nowhere"] {
        let get = get(&mut app.browser(), path).await;
        let head = app.browser().send(Method::HEAD, path, &[]).await;
        assert_eq!((head.status, head.body.as_str()), (get.status, ""), "{path}");
        for name in ["content-type", "content-length"] {
            assert_eq!(head.header(name), get.header(name), "{path}");
        }
    }
}

#[actix_web::test]
async fn static_files_have_the_hash_of_their_content_in_the_url_and_may_be_kept() {
    let app = start(&[("HF_MOCK_USER", "off")]);
    let mut browser = app.browser();
    let home = get(&mut browser, "/").await;
    assert_eq!(home.header("strict-transport-security"), "", "there is none on a laptop");
    for (name, content_type) in
        [("app.css", "text/css; charset=utf-8"), ("favicon.svg", "image/svg+xml")]
    {
        let url = home.body.split('"').find(|part| part.ends_with(name)).unwrap();
        let file = get(&mut browser, url).await;
        assert_eq!((file.status, file.header("content-type")), (200, content_type));
        assert_eq!(file.header("cache-control"), "public, max-age=31536000, immutable");
        assert_eq!(file.header("cross-origin-resource-policy"), "cross-origin");
        assert_eq!(file.body, std::fs::read_to_string(format!("static/{name}")).unwrap());
        let (front, _) = url.rsplit_once('/').unwrap();
        for wrong in [format!("/static/0000/{name}"), format!("{front}/nothing.css")] {
            assert_eq!(get(&mut browser, &wrong).await.status, 404, "{wrong}");
        }
    }
}

//! The page that calls Inference Providers as the visitor.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::time::Duration;

use actix_web::rt::time::timeout;
use actix_web::web::block;

use crate::helpers::{App, Browser, sign_in, sign_in_with, start};

/// Sign-in asks for what the page takes, where nothing else is said.
async fn signed_in() -> (App, Browser) {
    sign_in_with("pro", &[]).await
}

#[actix_web::test]
async fn it_is_for_those_who_are_signed_in_and_have_allowed_it() {
    assert_eq!(start(&[]).browser().open("/chat").await.status, 401);
    let (_app, mut browser) = signed_in().await;
    let page = browser.open("/chat").await;
    page.assert_has(&["openai/gpt-oss-120b", "mock/no-credit", "your account pays"]);
    let (_app, mut browser) = sign_in("pro").await;
    let page = browser.post_form("/chat", &[("message", "Hello"), ("model", "m")]).await;
    assert_eq!(page.status, 403);
    page.assert_has(&["This needs the scope inference-api", ">Hello</textarea>"]);
}

#[actix_web::test]
async fn suggested_models_are_those_of_chat_model() {
    let (_app, mut browser) =
        sign_in_with("pro", &[("CHAT_MODEL", "own/model, other/model")]).await;
    let page = browser.open("/chat").await;
    page.assert_has(&["value=\"own/model\" autocomplete", "<option value=\"other/model\">"]);
    assert!(!page.body.contains("gpt-oss"), "{}", page.body);
}

#[actix_web::test]
async fn without_a_script_the_page_grows_by_the_answer_and_keeps_the_conversation() {
    let (_app, mut browser) = signed_in().await;
    let history = r#"[{"role":"user","content":"a"},{"role":"assistant","content":"<b>"}]"#;
    let fields = [("message", "</p><i> & so on"), ("model", "m"), ("history", history)];
    let page = browser.post_form("/chat", &fields).await;
    assert_eq!((page.status, page.header("cache-control")), (200, "no-store, no-transform"));
    page.assert_has(&[
        "<p class=\"said\">&#60;b&#62;</p>",
        "<p class=\"said\">m says: &lt;/p&gt;&lt;i&gt; &amp; so on</p>",
        "m says: &#60;/p&#62;&#60;i&#62; &#38; so on&#34;}]\">",
        "</html>",
    ]);
    assert_eq!(page.body.matches("<article").count(), 4, "{}", page.body);
}

#[actix_web::test]
async fn what_cannot_be_asked_is_said_and_nothing_is_lost() {
    let (_app, mut browser) = signed_in().await;
    let long = "x".repeat(20_001);
    let turns =
        |count: usize| format!("[{}]", vec![r#"{"role":"user","content":"a"}"#; count].join(","));
    for (message, history, said) in [
        (" ", "", "Please write a question."),
        (&*long, "", "20,000 characters"),
        ("Hello", &turns(21), "Please begin a new conversation"),
        ("Hello", r#"[{"role":"system","content":"a"}]"#, "Please begin a new conversation"),
        ("Hello", "{", "Please begin a new conversation"),
        (
            "Hello",
            &format!(r#"[{{"role":"user","content":"{}"}}]"#, "y".repeat(65_536)),
            "Please begin",
        ),
    ] {
        let fields = [("message", message), ("model", "own/model"), ("history", history)];
        let page = browser.post_form("/chat", &fields).await;
        assert_eq!(page.status, 422, "{said}");
        page.assert_has(&[said, &format!(">{message}</textarea>"), "value=\"own/model\""]);
        let json = browser.post_for_stream("/chat", &fields).await;
        assert_eq!(json.status(), 422);
        assert!(json.text().await.unwrap().contains(said));
    }
    let fields = [("message", "Hello"), ("model", "m"), ("history", &turns(20))];
    assert_eq!(browser.post_form("/chat", &fields).await.status, 200);
}

#[actix_web::test]
async fn a_script_gets_events_and_every_failure_says_what_to_do() {
    let (_app, mut browser) = signed_in().await;
    for (model, status, said) in [
        ("any/model", 200, r#"data: {"done":true}"#),
        ("mock/no-credit", 402, r#""billing":"https://huggingface.co/settings/billing""#),
        ("mock/forbidden", 403, "Hugging Face refuses this"),
        ("mock/busy", 429, "try again in 30 seconds"),
        ("mock/broken", 200, r#"data: {"error":"Hugging Face does not answer as it should."#),
        // The last one, since it ends the sign-in.
        ("mock/revoked", 401, r#""sign_in":"/oauth/huggingface/login?_target_url=%2Fchat""#),
    ] {
        let fields = [("message", "one two three four"), ("model", model)];
        let answer = browser.post_for_stream("/chat", &fields).await;
        assert_eq!(answer.status(), status, "{model}");
        let text = answer.text().await.unwrap();
        assert!(text.contains(said), "{model}: {text}");
    }
    assert_eq!(browser.open("/profile").await.status, 401);
}

#[actix_web::test]
async fn when_the_visitor_leaves_the_model_is_not_asked_on() {
    let router = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", router.local_addr().unwrap());
    let silent = block(move || {
        let (mut asked, _) = router.accept().unwrap();
        let mut buffer = [0; 4_096];
        assert!(asked.read(&mut buffer).unwrap() > 0);
        let event = r#"data: {"choices":[{"delta":{"content":"One"}}]}"#;
        let head = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\n";
        asked.write_all(format!("{head}{event}\n\n").as_bytes()).unwrap();
        // It says no more, and sees when nobody waits for it.
        while asked.read(&mut buffer).is_ok_and(|length| length > 0) {}
    });
    let (_app, mut browser) = sign_in_with("pro", &[("HF_ROUTER_URL", &url)]).await;
    let mut answer = browser.post_for_stream("/chat", &[("message", "a"), ("model", "m")]).await;
    assert_eq!(answer.chunk().await.unwrap().unwrap(), "data: {\"text\":\"One\"}\n\n");
    drop(answer);
    // A comment that keeps the stream alive would notice it after 15 seconds.
    timeout(Duration::from_secs(12), silent).await.expect("the chat goes on").unwrap();
}

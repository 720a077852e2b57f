//! What the helpers send, as an app of yours would get it: examples of how to use them.

use actix_web::http::header::CONTENT_TYPE;
use actix_web::web::{self, Bytes};
use actix_web::{App as ActixApp, HttpRequest, HttpResponse, HttpServer};

use crate::helpers::App;

/// Answers with the type and the body of what was posted.
async fn echo(request: HttpRequest, body: Bytes) -> HttpResponse {
    let content_type = request.headers().get(CONTENT_TYPE).unwrap().as_bytes();
    HttpResponse::Ok().body([content_type, b"\n", &body].concat())
}

fn start() -> App {
    App::serve(|listener| {
        let app = || {
            ActixApp::new()
                .route("/", web::post().to(echo))
                .route("/", web::get().to(async || "one\ntwo"))
        };
        HttpServer::new(app).workers(1).listen(listener).unwrap().run()
    })
}

#[actix_web::test]
async fn a_form_a_file_and_a_stream() {
    let app = start();
    let mut browser = app.browser();
    let page = browser.post_form("/", &[("message", "a & b"), ("model", "é")]).await;
    assert_eq!(page.body, "application/x-www-form-urlencoded\nmessage=a+%26+b&model=%C3%A9");

    let picture = ("picture", "a.png", &b"\x89PNG\xff"[..]);
    let page = browser.post_file("/", &[("text", "hello")], picture).await;
    assert!(page.bytes.windows(5).any(|bytes| bytes == b"\x89PNG\xff"), "{page:?}");
    page.assert_has(&[
        "multipart/form-data",
        "name=\"text\"\r\n\r\nhello\r\n",
        "name=\"picture\"; filename=\"a.png\"",
    ]);

    let mut stream = browser.stream("/").await;
    let mut text = String::new();
    while let Some(chunk) = stream.chunk().await.unwrap() {
        text += std::str::from_utf8(&chunk).unwrap();
    }
    assert_eq!(text, "one\ntwo");
    let stream = browser.post_for_stream("/", &[("message", "a")]).await;
    assert_eq!(stream.text().await.unwrap(), "application/x-www-form-urlencoded\nmessage=a");
    app.stop().await;
}

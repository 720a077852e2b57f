//! A line of the log for each request.

use std::time::{Duration, Instant};

use actix_huggingface_oauth::{
    HuggingFaceOAuth, OAuthSettings, RequestLog, SignIn, attach_huggingface_oauth,
};
use actix_web::test::{TestRequest, call_service, init_service};
use actix_web::{App, web};

use crate::helpers::Log;

#[actix_web::test]
async fn a_line_has_method_path_status_and_milliseconds_and_some_paths_have_none() {
    let oauth = HuggingFaceOAuth::new(OAuthSettings::new(SignIn::Off)).unwrap();
    let slow = async || {
        tokio::time::sleep(Duration::from_millis(2)).await;
        "slow"
    };
    let app = attach_huggingface_oauth(App::new(), oauth)
        .route("/slow/{any:.*}", web::get().to(slow))
        .route("/healthz", web::get().to(slow))
        .wrap(RequestLog::except(["/healthz"]));
    let app = init_service(app).await;
    let log = Log::default();
    let logging = log.begin();
    let begun = Instant::now();
    let long = format!("/slow/{}", "x".repeat(300));
    let mut ids = Vec::new();
    for path in ["/slow/a?token=secret", "/healthz?a", &long, "/healthy"] {
        let request = TestRequest::get().uri(path).insert_header(("host", "localhost"));
        let answer = call_service(&app, request.to_request()).await;
        let id = answer.headers().get("x-request-id").unwrap();
        ids.push(id.to_str().unwrap().to_owned());
    }
    let most = begun.elapsed().as_secs_f64() * 1e3;
    drop(logging);

    let lines = log.lines();
    let [slow, long, healthy] = &lines[..] else { panic!("{lines:?}") };
    let field = |line: &str, name: &str| {
        let (_, value) = line.split_once(&format!("{name}=")).expect(line);
        value.split(' ').next().unwrap().to_owned()
    };
    for (line, path, status, id) in [
        (slow, "\"/slow/a\"".to_owned(), "200", &ids[0]),
        (long, format!("\"/slow/{}\"", "x".repeat(194)), "200", &ids[2]),
        (healthy, "\"/healthy\"".to_owned(), "404", &ids[3]),
    ] {
        assert_eq!(field(line, "method"), "GET");
        assert_eq!(field(line, "path"), path);
        assert_eq!(field(line, "status"), status);
        assert!(line.contains(id.as_str()), "{line}");
        let ms: f64 = field(line, "ms").parse().unwrap();
        assert!((if status == "200" { 2.0 } else { 0.0 }..=most).contains(&ms), "{line}");
    }
}

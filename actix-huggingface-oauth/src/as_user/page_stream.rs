//! A chat completion on its way into a page that has no script.

use std::convert::Infallible;

use actix_web::HttpResponse;
use actix_web::http::header::{CACHE_CONTROL, ContentType};
use actix_web::web::Bytes;
use futures_util::stream::unfold;

use super::event_stream::X_ACCEL_BUFFERING;
use super::{ChatStream, HubCallError};

type Part = Result<Bytes, Infallible>;

/// What is still to be sent of a page.
enum Rest<End> {
    All(String, ChatStream, End),
    From(ChatStream, String, End),
}

impl ChatStream {
    /// A page that grows while the model answers: what stands before `marker` in `page`, the answer, and what stands behind
    /// it in the page that `end` makes of the whole answer and of what went wrong, if anything did. The answer is escaped
    /// for the text of an element, and for nothing else.
    #[must_use]
    pub fn into_page_stream<End>(self, page: &str, marker: &'static str, end: End) -> HttpResponse
    where
        End: FnOnce(String, Option<HubCallError>) -> String + 'static,
    {
        let before = page.split(marker).next().unwrap_or_default().to_owned();
        let end = move |said, error| {
            let page = end(said, error);
            page.rsplit(marker).next().unwrap_or_default().to_owned()
        };
        let parts = unfold(Some(Rest::All(before, self, end)), async |rest| {
            let (mut answer, mut said, end) = match rest? {
                Rest::All(before, answer, end) => {
                    return Some((
                        Part::Ok(before.into()),
                        Some(Rest::From(answer, String::new(), end)),
                    ));
                }
                Rest::From(answer, said, end) => (answer, said, end),
            };
            match answer.next().await {
                Some(Ok(chunk)) => {
                    said += chunk.text();
                    Some((
                        Part::Ok(escaped(chunk.text()).into()),
                        Some(Rest::From(answer, said, end)),
                    ))
                }
                Some(Err(error)) => Some((Part::Ok(end(said, Some(error)).into()), None)),
                None => Some((Part::Ok(end(said, None).into()), None)),
            }
        });
        HttpResponse::Ok()
            .insert_header(ContentType::html())
            .insert_header((CACHE_CONTROL, "no-store, no-transform"))
            .insert_header((X_ACCEL_BUFFERING, "no"))
            .streaming(parts)
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

//! Errors of the crate, as an app's own pages show them.

use actix_huggingface_oauth::{HubCallError, Refusal, VisitorError};
use actix_web::Error;
use actix_web::error::ErrorNotFound;

#[test]
fn a_refusal_and_a_call_that_failed_have_words_for_a_page_and_other_errors_none() {
    let refusal = Refusal::MissingScope { scope: "inference-api".to_owned() };
    let text = refusal.to_string();
    let heading = refusal.heading();
    for error in [Error::from(refusal.clone()), HubCallError::from(refusal.clone()).into()] {
        let shown = VisitorError::of(&error).unwrap();
        assert_eq!((shown.heading, &shown.text, shown.refusal), (heading, &text, Some(&refusal)));
    }
    let error = Error::from(HubCallError::NoCredit);
    let shown = VisitorError::of(&error).unwrap();
    assert_eq!((shown.heading, shown.refusal), ("No credit left", None));
    assert!(shown.text.contains("https://huggingface.co/settings/billing"), "{}", shown.text);
    assert!(VisitorError::of(&ErrorNotFound("nowhere")).is_none());
}

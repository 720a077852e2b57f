//! Waiting, with an end.

use std::time::{Duration, Instant};

use actix_web::rt::time::sleep;

/// For what takes milliseconds on an idle machine.
const PATIENCE: Duration = Duration::from_secs(60);

/// Waits until a condition holds; `what` says which, where it never does.
pub async fn until(what: &str, condition: impl Fn() -> bool) {
    let begun = Instant::now();
    while !condition() {
        assert!(begun.elapsed() < PATIENCE, "waited in vain for {what}");
        sleep(Duration::from_millis(5)).await;
    }
}

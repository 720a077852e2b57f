//! Requests in flight.

use tokio::sync::Semaphore;

/// Requests in flight: they wait until the test lets one of them go on.
pub struct Slow {
    started: Semaphore,
    go_on: Semaphore,
}

impl Slow {
    pub fn new() -> Self {
        Self { started: Semaphore::new(0), go_on: Semaphore::new(0) }
    }

    /// Waits, in a request.
    pub async fn wait(&self) {
        self.started.add_permits(1);
        self.go_on.acquire().await.unwrap().forget();
    }

    /// Waits until a request is in flight.
    pub async fn has_started(&self) {
        self.started.acquire().await.unwrap().forget();
    }

    /// Lets one request go on.
    pub fn go_on(&self) {
        self.go_on.add_permits(1);
    }
}

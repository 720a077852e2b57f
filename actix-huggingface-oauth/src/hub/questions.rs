//! How often the Hub is asked what anybody can have it asked.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// When to try again where only too many questions are under way.
const ANSWERED_SOON: Duration = Duration::from_secs(1);

/// Bounds of questions that cost the Hub something: so many within a time, and so many at once.
pub struct Questions {
    /// When those within the time were asked, the oldest first.
    asked: Mutex<VecDeque<Instant>>,
    most: usize,
    within: Duration,
    under_way: Arc<Semaphore>,
}

impl Questions {
    pub fn new(most: usize, within: Duration, at_once: usize) -> Self {
        let under_way = Arc::new(Semaphore::new(at_once.min(Semaphore::MAX_PERMITS)));
        Self { asked: Mutex::default(), most, within, under_way }
    }

    /// One more question, which is under way until this is dropped.
    ///
    /// # Errors
    /// When to try again, where it would be too many.
    pub fn begin(&self) -> Result<OwnedSemaphorePermit, Duration> {
        let permit = Arc::clone(&self.under_way).try_acquire_owned().map_err(|_| ANSWERED_SOON)?;
        let now = Instant::now();
        // Nothing that holds it panics.
        let mut asked = self.asked.lock().unwrap_or_else(PoisonError::into_inner);
        while asked.front().is_some_and(|oldest| now - *oldest >= self.within) {
            asked.pop_front();
        }
        if asked.len() >= self.most {
            let age = asked.front().map_or(Duration::ZERO, |oldest| now - *oldest);
            return Err(self.within.saturating_sub(age));
        }
        asked.push_back(now);
        Ok(permit)
    }
}

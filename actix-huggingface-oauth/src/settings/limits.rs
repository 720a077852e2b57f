//! How long to wait for the Hub, and for how long its answers hold.

use std::time::Duration;

/// Bounds of what the Hub may cost this app.
///
/// ```
/// # use actix_huggingface_oauth::Limits;
/// let mut limits = Limits::default();
/// limits.sign_in = std::time::Duration::from_secs(5);
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Limits {
    /// To connect to the Hub.
    pub connect: Duration,
    /// For all requests of one sign-in together.
    pub sign_in: Duration,
    /// To read a user's organizations again.
    pub read_orgs: Duration,
    /// For how long organizations are taken as they were read.
    pub orgs_fresh: Duration,
    /// For how long the Hub is not asked again after it failed to tell a user's organizations.
    pub orgs_retry: Duration,
    /// Memory for organizations of all users together, in bytes.
    pub orgs_memory: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(3),
            sign_in: Duration::from_secs(10),
            read_orgs: Duration::from_secs(3),
            orgs_fresh: Duration::from_secs(10 * 60),
            orgs_retry: Duration::from_secs(30),
            orgs_memory: 32 * 1024 * 1024,
        }
    }
}

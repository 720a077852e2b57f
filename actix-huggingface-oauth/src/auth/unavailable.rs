//! What keeps the sessions does not answer.

/// Why a session or a hand-off cannot be had or kept. The log says more.
#[derive(Clone, Copy, Debug, thiserror::Error)]
#[error("sessions are unavailable")]
pub struct SessionsUnavailable;

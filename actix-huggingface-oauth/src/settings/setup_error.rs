//! Why sign-in cannot be set up.

use std::error::Error;
use std::fmt;

#[cfg(feature = "mock-hub")]
use crate::mock_hub::MockUserError;

/// Why sign-in cannot be set up: one line that names the variable or setting, and the cure.
///
/// `Debug` is the same line, which is what `main` shows of an error that it returns.
pub struct SetupError(String);

impl SetupError {
    pub(crate) fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }
}

impl fmt::Display for SetupError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl fmt::Debug for SetupError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl Error for SetupError {}

#[cfg(feature = "mock-hub")]
impl From<MockUserError> for SetupError {
    fn from(error: MockUserError) -> Self {
        Self::new(error.to_string())
    }
}

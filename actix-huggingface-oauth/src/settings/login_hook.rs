//! What an app does at each login.

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;

use actix_web::Error;

use crate::user::OAuthInfo;

type Outcome<'a> = Pin<Box<dyn Future<Output = Result<(), Error>> + 'a>>;

/// Function that is called at each login, and may deny it.
#[derive(Clone)]
pub struct LoginHook(Arc<dyn for<'a> Fn(&'a OAuthInfo) -> Outcome<'a> + Send + Sync>);

impl LoginHook {
    pub fn new(
        hook: impl AsyncFn(&OAuthInfo) -> Result<(), Error> + Send + Sync + 'static,
    ) -> Self {
        let hook = Arc::new(hook);
        Self(Arc::new(move |info| {
            let hook = Arc::clone(&hook);
            Box::pin(async move { hook(info).await })
        }))
    }

    /// # Errors
    /// Those of the app.
    pub async fn call(&self, info: &OAuthInfo) -> Result<(), Error> {
        (self.0)(info).await
    }
}

impl fmt::Debug for LoginHook {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("LoginHook")
    }
}

//! The login, added to an app.

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceFactory, ServiceRequest, ServiceResponse};
use actix_web::{App, Error};

use crate::endpoints;
use crate::middleware::OAuthMiddleware;
#[cfg(feature = "mock-hub")]
use crate::mock_hub;
use crate::oauth::HuggingFaceOAuth;

/// Adds the login to an app: authentication, CSRF and host checks, the endpoints, HEAD wherever GET is served, and a timeout for
/// bodies.
///
/// The order matters. Services come after it: a catch-all before it would swallow the endpoints. Middleware that needs the
/// signed-in user, such as pages for errors or a log of users, is wrapped on the `App` that is given to it, since Actix runs the
/// last wrap first. What stands outside of everything, such as headers, is wrapped after it. Session middleware of the app's own
/// may be wrapped in either place.
///
/// ```
/// use actix_huggingface_oauth::{HuggingFaceOAuth, OAuthSettings, SignIn, attach_huggingface_oauth, signed_in_user};
/// use actix_web::body::MessageBody;
/// use actix_web::dev::{ServiceRequest, ServiceResponse};
/// use actix_web::middleware::{DefaultHeaders, Next, from_fn};
/// use actix_web::{App, Error, web};
///
/// async fn log_user(
///     request: ServiceRequest,
///     next: Next<impl MessageBody>,
/// ) -> Result<ServiceResponse<impl MessageBody>, Error> {
///     let user = signed_in_user(request.request());
///     println!("{}", user.map_or("nobody".to_owned(), |user| user.display_name().to_owned()));
///     next.call(request).await
/// }
///
/// let oauth = HuggingFaceOAuth::new(OAuthSettings::new(SignIn::Off))?;
/// let app = attach_huggingface_oauth(App::new().wrap(from_fn(log_user)), oauth)
///     .route("/", web::get().to(async || "Hello!"))
///     .wrap(DefaultHeaders::new().add(("X-Content-Type-Options", "nosniff")));
/// # drop(app);
/// # Ok::<(), actix_huggingface_oauth::SetupError>(())
/// ```
pub fn attach_huggingface_oauth<T, B>(
    app: App<T>,
    oauth: HuggingFaceOAuth,
) -> App<
    impl ServiceFactory<
        ServiceRequest,
        Config = (),
        Response = ServiceResponse,
        Error = Error,
        InitError = (),
    >,
>
where
    T: ServiceFactory<
            ServiceRequest,
            Config = (),
            Response = ServiceResponse<B>,
            Error = Error,
            InitError = (),
        > + 'static,
    B: MessageBody + 'static,
{
    let app = app.configure(|config| {
        endpoints::configure(&oauth, config);
        #[cfg(feature = "mock-hub")]
        if let Some(hub) = &oauth.shared.mock_hub {
            mock_hub::configure(hub, config);
        }
    });
    app.wrap(OAuthMiddleware(oauth.clone())).app_data(oauth)
}

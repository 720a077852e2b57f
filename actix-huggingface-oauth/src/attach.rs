//! The login, added to an app.

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceFactory, ServiceRequest, ServiceResponse};
use actix_web::web::ServiceConfig;
use actix_web::{App, Error};

use crate::endpoints;
use crate::middleware::OAuthMiddleware;
#[cfg(feature = "mock-hub")]
use crate::mock_hub;
use crate::oauth::HuggingFaceOAuth;

/// Adds the login to an app: the endpoints, authentication, CSRF and host checks, and nothing else. It is
/// `.configure(oauth.routes()).wrap(oauth.middleware())`, by [`HuggingFaceOAuth::routes`] and [`HuggingFaceOAuth::middleware`].
///
/// The order matters. Services come after it: a catch-all before it would swallow the endpoints. Middleware that needs the
/// signed-in user, such as error pages or a log of users, is wrapped on the `App` that is given to it, since Actix runs the
/// last wrap first. Middleware that is independent of the login is wrapped after it, the outermost last: [`BodyTimeout`], [`HeadAsGet`],
/// headers, [`RequestLog`]. A Space needs [`HeadAsGet`]. Session middleware of the app's own may be wrapped in either place.
///
/// ```
/// use actix_huggingface_oauth::{BodyTimeout, HeadAsGet, HuggingFaceOAuth, OAuthSettings, RequestLog, SignIn};
/// use actix_huggingface_oauth::{attach_huggingface_oauth, signed_in_user};
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
///     .wrap(BodyTimeout::default())
///     .wrap(HeadAsGet)
///     .wrap(DefaultHeaders::new().add(("X-Content-Type-Options", "nosniff")))
///     .wrap(RequestLog::default());
/// # drop(app);
/// # Ok::<(), actix_huggingface_oauth::SetupError>(())
/// ```
///
/// [`BodyTimeout`]: crate::BodyTimeout
/// [`HeadAsGet`]: crate::HeadAsGet
/// [`RequestLog`]: crate::RequestLog
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
    app.configure(oauth.routes()).wrap(OAuthMiddleware(oauth))
}

impl HuggingFaceOAuth {
    /// The endpoints of the login, and what handlers take of this crate as arguments: for `App::configure`, together with
    /// [`HuggingFaceOAuth::middleware`].
    pub fn routes(&self) -> impl FnOnce(&mut ServiceConfig) + use<> {
        let oauth = self.clone();
        move |config| {
            endpoints::configure(&oauth, config);
            #[cfg(feature = "mock-hub")]
            if let Some(hub) = &oauth.shared.mock_hub {
                mock_hub::configure(hub, config);
            }
            config.app_data(oauth);
        }
    }

    /// Middleware that authenticates requests, and rejects those for other hosts and those that another site forged: for
    /// `App::wrap`, together with [`HuggingFaceOAuth::routes`].
    #[must_use]
    pub fn middleware(&self) -> OAuthMiddleware {
        OAuthMiddleware(self.clone())
    }
}

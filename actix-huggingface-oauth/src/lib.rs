//! "Sign in with Hugging Face" for any Actix app.
//!
//! ```no_run
#![doc = include_str!("../examples/greet.rs")]
//! ```
//!
//! # What it adds
//!
//! [`attach_huggingface_oauth`] adds endpoints to an app, and wraps it in authentication, and in CSRF and host checks:
//!
//! | URL | what it does |
//! |---|---|
//! | `/oauth/huggingface/login` | signs in, and comes back to `_target_url`, a path on the app |
//! | `/oauth/huggingface/logout` | signs out, and goes on to `_target_url` |
//! | `/oauth/huggingface/callback` | where Hugging Face sends users back to |
//! | `/oauth/huggingface/claim` | signs a frame in after its tab |
//!
//! A handler that takes [`OAuthInfo`] is for signed-in users only; one that takes `Option<OAuthInfo>` is for all.
//! [`parse_huggingface_oauth`] does the same by hand, and [`signed_in_user`] tells without asking the Hub who is signed
//! in, for what stands around a page. For members of an organization a handler asks
//! [`member_of`](OAuthUserInfo::member_of); all that it can refuse with is one type, [`Refusal`], which answers with JSON:
//!
//! ```
//! use actix_huggingface_oauth::{OAuthInfo, Refusal, Role};
//!
//! async fn reports(info: OAuthInfo) -> Result<String, Refusal> {
//!     let organization = info.user_info.member_of("my-organization", Some(Role::Write))?;
//!     Ok(format!("The reports of {}", organization.display_name()))
//! }
//! ```
//!
//! For a whole app, or for some of its URLs, a [`Gate`] says who is let in: [`require_login`], [`require_membership`],
//! [`require_space_owner`], or an [`Audience`]. [`OAuthInfo::require_scope`] asks for what the user has granted, and
//! [`HuggingFaceOAuth::remedy`] is the button that helps who is refused.
//!
//! On a page, [`HuggingFaceOAuth::login_control`] is a button that says "Sign in with Hugging Face", and
//! [`HuggingFaceOAuth::logout_url`] the link that signs out. A handler takes [`HuggingFaceOAuth`] as an argument.
//!
//! The login is in an auth cookie of its own, `__Host-hf-auth`. An app's own `SessionMiddleware` (actix-session, with any store)
//! works beside it, wrapped before or after [`attach_huggingface_oauth`], and so does actix-identity. For an app that has none, the
//! feature `app-session` has `AppSession`, which works inside the iframe, and flash messages.
//!
//! [`OAuthSettings::on_login`] is called at each login, and may deny it; [`sign_out`] logs the user of a request out, and
//! [`HuggingFaceOAuth::revoke_user`] a user in all browsers.
//!
//! # The Hub as the user
//!
//! A handler that takes [`HubClient`] calls the Hub, and the models of Inference Providers, as the one who is signed in,
//! who pays for it. A chat completion is a stream of chunks ([`ChatStream`]), which goes on to a page's script as
//! [server-sent events](ChatStream::into_event_stream). What can go wrong is one type, [`HubCallError`].
//!
//! # Programs
//!
//! A handler that takes [`Caller`] in the place of [`OAuthInfo`] also serves programs that send `Authorization: Bearer …`;
//! no other handler does, and a gate has to be told with [`or_bearer`](Gate::or_bearer). Only access tokens count that were
//! made for this app's own OAuth app, unless [`OAuthSettings::bearer`] says otherwise: with a token of another app, that app
//! could act here as everybody who signed in to it. Whose a token is the Hub says, which is asked within
//! [`Limits`]; its answer holds for five minutes.
//!
//! Pages of other sites can call such a handler where [`OAuthSettings::open_to_other_sites`] opens its path.
//!
//! # Slow clients
//!
//! Actix waits for the body of a request without a limit: wrap an app in [`BodyTimeout`]. The endpoints of the login limit their
//! own bodies, to 16 KB and five seconds. Responses may take as long as they like, and so may a WebSocket.
//!
//! # The environment
//!
//! [`HuggingFaceOAuth::from_env`] reads it; [`OAuthSettings::from_vars`] lists the variables. What is no variable is
//! set on [`OAuthSettings`]: a prefix of the endpoints, limits, an app outside of Spaces, or on a laptop the card of a
//! Space's README.md, which the mock Hub then reads as the Hub does (`OAuthSettings::card`).
//!
//! # In a Space
//!
//! With `hf_oauth: true` in its README.md, a Space has all that is needed in its environment, and refuses to start
//! without. Cookies are encrypted with keys that are derived from the OAuth app's secret, so that logins are valid after a
//! restart and on every replica. Put the scopes that you need under `hf_oauth_scopes`: without `read-memberships` the
//! Hub does not tell organizations ([`OAuthOrgs::NotTold`]).
//!
//! # On a laptop
//!
//! Without variables, a debug build signs in with a mock Hub inside the app (feature `mock-hub`), which asks whom to
//! be. Nothing is faked but the Hub: what runs is what runs in a Space. While it does, only this very computer is served,
//! or, with `SPACE_HOST` and `HF_MOCK_USER` set by hand, a name with https that forwards to it. Cookies carry the port in
//! their names, since all ports of a computer share them.
//! `HF_MOCK_USER` chooses a user, and `OAUTH_CLIENT_ID` of an OAuth app of your own signs in for real.
//! `/mock-hub/space` shows the app in a frame, as huggingface.co does.
//!
//! # In the frame on huggingface.co
//!
//! There the app is a frame of another site, whose cookies most browsers block. So the login control is a form that opens a
//! new tab; the tab logs in, and the iframe redeems the handoff with a verifier that it alone has, in a partitioned cookie. Nothing has to be set up, but a `Content-Security-Policy` of the app's own has to let the provider frame
//! it and take its forms: [`HuggingFaceOAuth::provider_origin`].
//!
//! # Redis
//!
//! By default the login is in the encrypted cookie. A logout removes the cookie, and revokes the login in the memory of this
//! process: in the tab, in the iframe, and in copies of the cookie. After a restart, and on another replica, that is not known:
//! there, the cookies that are left work until the token expires.
//!
//! With the feature `redis` and `REDIS_URL`, logins, handoffs and revoked tokens are in Redis (6.2 or newer) or Valkey. The
//! cookie holds a reference, and a logout ends the login on all replicas for good. Values are sealed with a key that Redis does
//! not have. A request reads them with one command, over one connection that all workers share.
//!
//! - `redis://user:password@host:6379/0`, `rediss://…` over TLS with the system's certificates, or `unix:///path`. Reserved
//!   characters of user and password are percent-encoded.
//! - The host is a server, or a name, proxy or load balancer that leads to the current master: after a failover, a connection to
//!   a replica is replaced. A node of a cluster works too, since all keys of the app share one hash tag: `MOVED` is followed,
//!   `ASK` is not. URLs of Sentinel are not supported.
//! - A user of an access control list needs the commands `ping`, `mget`, `exists`, `getdel`, `setex`, `del`, `multi`, `exec`,
//!   and `select` for another database than 0, on the keys `{*}:*`.
//! - Choose `noeviction` as `maxmemory-policy`: evicted logins are signed out, and an evicted [`HuggingFaceOAuth::revoke_user`] is
//!   forgotten. An evicted revocation of a token is known again when the Hub is called.
//! - Replicas compare their clocks: a user who is revoked at one is logged out up to that time at all.
//! - While Redis is unavailable, requests with a login, logins and logouts get 503, and anonymous requests are served. Requests
//!   in flight wait two seconds at most, later ones do not wait.
//!
//! # Security
//!
//! The authorization code flow with PKCE and a state that is bound to the browser; a way back that never leaves the app;
//! no request that changes something from another origin, and no cookie for what another site loads; nothing of a token in
//! a log, a page, an error or `Debug`. Access tokens are for the app to use: whoever has one acts as the user within its
//! scopes.
//!
//! # Tests of handlers
//!
//! With the feature `test-util`, among an app's `[dev-dependencies]`, `test_util` signs somebody in for one request, or has
//! a program send it: no header and no cookie could.
//!
//! # For who reads the source
//!
//! Each of these rooms imports only from those before it:
//!
//! | room | owns |
//! |---|---|
//! | `user` | what a handler learns of the one who is signed in, and the refusals |
//! | `request` | what a request says about itself |
//! | `pages` | the pages of sign-in itself, and the login control |
//! | `mock_hub` | an OpenID provider for a laptop |
//! | `settings` | what sign-in needs to know, from the environment or from the app |
//! | `hub` | talking to the Hub |
//! | `auth` | the login between requests: auth cookie, pending logins, handoffs, revocations |
//! | `oauth` | what all requests share, and what pages ask of it |
//! | `failure` | how a sign-in can fail, and the page that says so |
//! | `test_util` | users who are signed in without a Hub, for tests |
//! | `extract` | how a handler asks who is signed in |
//! | `caller` | programs with bearer tokens |
//! | `as_user` | the Hub as the one who is signed in |
//! | `middleware` | what every request passes |
//! | `app_session` | state of the app's own, and flash messages |
//! | `endpoints` | login, callback, logout, claim |
//! | `attach` | all of it, added to an app |

#[cfg(feature = "app-session")]
mod app_session;
mod as_user;
mod attach;
mod auth;
mod caller;
mod endpoints;
mod extract;
mod failure;
mod hub;
mod middleware;
#[cfg(feature = "mock-hub")]
mod mock_hub;
mod oauth;
mod pages;
mod request;
mod settings;
#[cfg(feature = "test-util")]
pub mod test_util;
mod user;

#[cfg(feature = "app-session")]
pub use app_session::{AppSession, flash, take_flash};
pub use as_user::{
    ChatContent, ChatHistory, ChatMessage, ChatRequest, ChatRole, ChatStream, Chunk, ChunkChoice,
    ChunkDelta, HubCallError, HubClient, TokenUsage, VisitorError,
};
pub use attach::attach_huggingface_oauth;
pub use auth::StoreUnavailable;
pub use caller::Caller;
pub use extract::{parse_huggingface_oauth, sign_out, signed_in_user};
pub use hub::http_client;
pub use middleware::{
    Audience, BodyTimeout, Gate, HeadAsGet, OAuthMiddleware, RequestLog, require_login,
    require_membership, require_space_owner,
};
pub use oauth::HuggingFaceOAuth;
pub use pages::LoginControl;
pub use request::{Origins, RequestId, wants_page};
#[cfg(feature = "mock-hub")]
pub use settings::MockSignIn;
pub use settings::{Bearer, Limits, OAuthClient, OAuthSettings, SetupError, SignIn};
pub use user::{
    KnownOrgs, OAuthInfo, OAuthOrgInfo, OAuthOrgs, OAuthUserInfo, Refusal, Role, SignedInUser,
    UserInfoJson,
};

#[cfg(feature = "app-session")]
pub use actix_session;
pub use {actix_web, chrono, oauth2, reqwest};

/// Its examples are tests.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

/// Its examples are tests.
#[cfg(doctest)]
#[doc = include_str!("../FROM_FASTAPI.md")]
struct FromFastApi;

//! What all requests share: the provider, the keys, what is in memory, and the URLs of sign-in.

use actix_web::HttpRequest;
#[cfg(feature = "mock-hub")]
use actix_web::web;
use oauth2::url::{Url, form_urlencoded};

#[cfg(feature = "redis")]
use super::SessionStorage;
use super::hand_off::HandOffs;
#[cfg(feature = "mock-hub")]
use super::mock_hub;
use super::org_lists::{OrgList, OrgLists};
use super::provider::Provider;
#[cfg(feature = "redis")]
use super::redis::Redis;
use super::{Limits, OAuthInfo, OAuthSettings, Origins, SignIn, Site, cookies, way_back};

/// "Sign in with Hugging Face", made once and shared by all of the server's workers.
pub struct HuggingFaceOAuth {
    pub(super) provider: Option<Provider>,
    pub(super) origins: Origins,
    pub(super) paths: Paths,
    pub(super) keys: cookies::Keys,
    pub(super) cookie_names: cookies::Names,
    pub(super) org_lists: OrgLists,
    pub(super) hand_offs: HandOffs,
    #[cfg(feature = "redis")]
    pub(super) redis: Option<Redis>,
    pub(super) site: Site,
    pub(super) limits: Limits,
    #[cfg(feature = "mock-hub")]
    pub(super) mock_hub: Option<web::Data<mock_hub::MockHub>>,
}

/// Paths of the endpoints, and the one in front of them all.
#[derive(Clone)]
pub struct Paths {
    pub sign_in: String,
    pub login: String,
    pub callback: String,
    pub logout: String,
    pub claim: String,
    pub script: String,
}

impl HuggingFaceOAuth {
    /// # Errors
    /// Where no HTTP client can be made, for want of the system's certificates, or where the URL of
    /// Redis asks for what this build cannot do.
    pub fn new(settings: OAuthSettings) -> anyhow::Result<Self> {
        #[cfg(feature = "redis")]
        let redis = match settings.session_storage {
            SessionStorage::Cookies => None,
            SessionStorage::Redis(url) => Some(Redis::new(url)?),
        };
        let hand_offs = HandOffs::in_memory();
        #[cfg(feature = "redis")]
        let hand_offs = redis.clone().map_or(hand_offs, HandOffs::InRedis);
        let site = Site {
            app_title: settings.app_title,
            stylesheet: settings.stylesheet,
            mocked: settings.sign_in.is_mocked(),
            theme: None,
        };
        #[cfg(feature = "mock-hub")]
        let mock_hub =
            mock_hub::MockHub::of(&settings.sign_in, settings.address, &site).map(web::Data::new);
        let client = match settings.sign_in {
            SignIn::HuggingFace(client) => Some(client),
            #[cfg(feature = "mock-hub")]
            SignIn::Mock { scopes, .. } => mock_hub.as_ref().map(|hub| hub.client(scopes)),
            SignIn::Off => None,
        };
        Ok(Self {
            provider: client.map(|client| Provider::new(client, &settings.limits)).transpose()?,
            paths: Paths::new(&settings.route_prefix),
            keys: cookies::Keys::new(settings.session_secret.as_ref()),
            cookie_names: cookies::Names::new(settings.origins.are_https()),
            org_lists: OrgLists::new(&settings.limits),
            hand_offs,
            #[cfg(feature = "redis")]
            redis,
            origins: settings.origins,
            site,
            limits: settings.limits,
            #[cfg(feature = "mock-hub")]
            mock_hub,
        })
    }

    /// What pages show of the app around them.
    #[must_use]
    pub fn site(&self) -> &Site {
        &self.site
    }

    /// What the page that answers `request` shows of the app around it.
    pub(super) fn site_for(&self, request: &HttpRequest) -> Site {
        Site { theme: self.theme(request), ..self.site.clone() }
    }

    /// The origin of the provider, for a Content-Security-Policy.
    #[must_use]
    pub fn provider_origin(&self) -> Option<String> {
        let provider = self.provider.as_ref()?;
        Url::parse(provider.url()).ok().map(|url| url.origin().ascii_serialization())
    }

    /// The link that signs in and comes back to `target`, a path on this app.
    #[must_use]
    pub fn login_url(&self, target: &str) -> String {
        with_target(&self.paths.login, &way_back::checked(target, &self.paths.sign_in))
    }

    /// The link that signs out and goes on to `target`, a path on this app.
    #[must_use]
    pub fn logout_url(&self, target: &str) -> String {
        with_target(&self.paths.logout, &way_back::checked(target, &self.paths.sign_in))
    }

    pub(super) async fn orgs_of(&self, info: &OAuthInfo) -> OrgList {
        match &self.provider {
            Some(provider) => self.org_lists.of(info, provider).await,
            None => OrgList::Unknown,
        }
    }
}

impl Paths {
    fn new(route_prefix: &str) -> Self {
        let sign_in = match route_prefix.trim_matches('/') {
            "" => "/oauth/huggingface/".to_owned(),
            prefix => format!("/{prefix}/oauth/huggingface/"),
        };
        Self {
            login: format!("{sign_in}login"),
            callback: format!("{sign_in}callback"),
            logout: format!("{sign_in}logout"),
            claim: format!("{sign_in}claim"),
            script: format!("{sign_in}hand-off.js"),
            sign_in,
        }
    }
}

fn with_target(path: &str, target: &str) -> String {
    match target {
        "/" => path.to_owned(),
        target => {
            let query = form_urlencoded::Serializer::new(String::new())
                .append_pair("_target_url", target)
                .finish();
            format!("{path}?{query}")
        }
    }
}

//! What the pages of sign-in show of the app around them.

/// The app, as the pages show it.
#[derive(Clone, Debug)]
pub struct Site {
    pub app_title: String,
    /// URL of their stylesheet.
    pub stylesheet: String,
    /// The Content-Security-Policy of these pages.
    pub policy: String,
    /// Whether sign-in is mocked, which every page says.
    pub mocked: bool,
    /// `light` or `dark`; the system's without.
    pub theme: Option<&'static str>,
    /// The id of the request, where the app gives one.
    pub request_id: Option<String>,
}

/// A policy for pages that forms on them leave for the provider, and that the provider shows in a frame.
///
/// `frame-ancestors` never names `*.hf.space`: any Space could frame this one and have its users click. `form-action` names
/// the provider, since Chromium applies it to the redirect after a post.
pub fn content_security_policy(provider_origin: Option<&str>) -> String {
    let provider = provider_origin.map(|origin| format!(" {origin}")).unwrap_or_default();
    format!(
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src data:; connect-src 'self'; \
         base-uri 'none'; frame-ancestors 'self'{provider}; form-action 'self'{provider}"
    )
}

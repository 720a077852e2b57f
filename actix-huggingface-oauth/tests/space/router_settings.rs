//! Where Inference Providers are called, and who pays: what the environment may ask for.

use actix_huggingface_oauth::{OAuthSettings, SetupError, SignIn};

use crate::helpers::settings;

fn router_at(url: &str) -> Result<OAuthSettings, SetupError> {
    settings(&[("HF_MOCK_USER", "off"), ("HF_ROUTER_URL", url)])
}

#[test]
fn a_router_is_at_https_or_on_this_computer() {
    for url in [
        "",
        " https://router.huggingface.co/v1 \r\n",
        "https://router.example.org",
        "https://router.example.org:8443/v1/",
        "http://127.0.0.1:8000/v1",
        "http://localhost",
        "http://[::1]:8000/v1",
    ] {
        assert!(router_at(url).is_ok(), "{url}");
    }
}

#[test]
fn any_other_is_refused_with_the_cure_and_not_shown() {
    for url in [
        "router.huggingface.co/v1",
        "http://router.huggingface.co/v1",
        "http://127.0.0.1.evil.test/v1",
        "http://10.0.0.1/v1",
        "ftp://127.0.0.1/v1",
        "https://",
        "https:///v1",
        "https://user:password@router.example.org/v1",
        "https://user@router.example.org/v1",
        "https://@router.example.org/v1",
        "https://router.example.org/v1?key=password",
        "https://router.example.org/v1?",
        "https://router.example.org/v1#password",
        "https://router.example.org\\v1",
        "https://router.ex\nample.org/v1",
        "https://router.example.org/ v1",
    ] {
        let refusal = router_at(url).expect_err(url).to_string();
        assert!(refusal.contains("HF_ROUTER_URL") && refusal.contains("https"), "{url}: {refusal}");
        assert!(!refusal.contains("password") && !refusal.contains('\n'), "{refusal}");
        let by_hand = OAuthSettings::new(SignIn::Off).router_url(url);
        assert_eq!(by_hand.expect_err(url).to_string(), refusal);
    }
}

#[test]
fn who_pays_is_a_name() {
    let paid_by = |name| settings(&[("HF_MOCK_USER", "off"), ("HF_BILL_TO", name)]);
    for name in ["", "acme", " acme \r\n", "Acme_Corp-1.0", "62f264b9f3c90f4b6514a269"] {
        assert!(paid_by(name).is_ok(), "{name}");
    }
    for name in ["acme corp", "acme\r\nx-header: 1", "äcme", "acme/team", "a,b", "\u{7f}"] {
        let refusal = paid_by(name).expect_err(name).to_string();
        assert!(refusal.contains("HF_BILL_TO") && !refusal.contains('\n'), "{name}: {refusal}");
    }
}

#[test]
fn what_shells_have_set_for_others_is_not_read() {
    for name in ["HF_ENDPOINT", "OPENAI_BASE_URL", "OPENAI_API_KEY"] {
        let with = settings(&[("HF_MOCK_USER", "off"), (name, "http://evil.test")]).unwrap();
        let without = settings(&[("HF_MOCK_USER", "off")]).unwrap();
        assert_eq!(format!("{with:?}"), format!("{without:?}"), "{name}");
    }
}

//! Where `_target_url` leads: a path on this app, whatever it says.

use app::huggingface::way_back::{checked, from_query};
use url::Url;

const SIGN_IN: &str = "/oauth/huggingface/";

/// The input is the way back itself, and the query of a login link.
pub fn way_back(input: &[u8]) {
    let input = String::from_utf8_lossy(input);
    for way_back in [checked(&input, SIGN_IN), from_query(&input, SIGN_IN)] {
        assert!(way_back.starts_with('/') && !way_back.starts_with("//"), "{way_back}");
        assert!(
            way_back.len() <= 512 && way_back.bytes().all(|byte| byte.is_ascii_graphic()),
            "{way_back}"
        );
        assert!(!way_back.contains('\\'), "{way_back}");

        let app = Url::parse("https://me-app.hf.space/deep/page").expect("a URL");
        let url = app.join(&way_back).expect("a way back is a URL");
        assert_eq!(url.origin(), app.origin(), "{way_back}");
        let path = percent_encoding::percent_decode_str(url.path()).decode_utf8_lossy();
        assert!(!path.starts_with("//") && !path.starts_with("/\\"), "{way_back}");
        assert!(!path.starts_with(SIGN_IN), "{way_back}");
        assert!(url.query_pairs().all(|(name, _)| name != "__sign"), "{way_back}");

        assert_eq!(checked(&way_back, SIGN_IN), way_back, "checked twice");
    }
}

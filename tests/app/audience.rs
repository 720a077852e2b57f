//! Who may see the Space.

use actix_huggingface_oauth::Audience;
use actix_huggingface_oauth::reqwest::Method;
use app::audience::AUDIENCE;

use crate::helpers::start_for;

#[actix_web::test]
async fn a_stranger_sees_what_everybody_may_see_and_else_the_way_to_sign_in() {
    let members = Audience::Members(&["acme", "acme-labs"]);
    for audience in [AUDIENCE, Audience::Everybody, Audience::SignedIn, members] {
        let app = start_for(audience, &[("HF_MOCK_USER", "off")]);
        let mut browser = app.browser();
        let mut open = async |path: &str| browser.send(Method::GET, path, &[]).await;
        // Hugging Face looks there whether a Space is up.
        let home = open("/").await;
        assert_eq!(home.status, 200, "{audience:?}");
        home.assert_has(&["My Space", "Sign in with Hugging Face"]);
        assert_eq!(open("/healthz").await.status, 200, "{audience:?}");
        let (_, stylesheet) = home.body.split_once("rel=\"stylesheet\" href=\"").unwrap();
        let stylesheet = stylesheet.split('"').next().unwrap();
        assert_eq!(open(stylesheet).await.status, 200, "{audience:?}");
        assert_eq!(open("/profile").await.status, 401, "{audience:?}");
        let agents = open("/agents.md").await;
        agents.assert_has(&["# My Space", "Authorization: Bearer"]);
        assert_eq!(agents.body.contains("/api/me"), audience == Audience::Everybody);
        let nowhere = open("/nowhere").await;
        let expected = if audience == Audience::Everybody { 404 } else { 401 };
        assert_eq!(nowhere.status, expected, "{audience:?}");
        if audience == members {
            nowhere.assert_has(&["This is for members of acme or acme-labs."]);
        }
    }
}

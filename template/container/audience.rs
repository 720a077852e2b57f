//! The image of a Space for each answer to the question who may see it.

use std::fs;

use crate::browser::curl;
use crate::card;
use crate::container::{Container, Options};
use crate::generate::Generate;
use crate::internet::{Internet, SPACE_NAME};
use crate::pushed::{Variant, build_or_panic, image, name};

#[test]
fn a_space_is_up_for_the_hub_and_shows_strangers_no_more_than_its_owner_said() {
    for audience in ["everybody", "members", "signed-in"] {
        let mut generate = Generate::new(name()).define("audience", audience);
        if audience == "members" {
            generate = generate.define("organizations", "acme,acme-labs");
        }
        let space = generate.space();
        let variant = Variant::new(&format!("for-{audience}"));
        let file = "src/audience.rs";
        fs::write(variant.folder.path().join(file), space.read(file)).unwrap();
        let own = || build_or_panic(variant.folder.path(), &format!("for-{audience}"));
        let image = if audience == "everybody" { image().to_owned() } else { own() };
        let card = card::of(&space.read("README.md"));
        let env = Internet::new().space_options(SPACE_NAME, &card).env;
        let container = Container::start(&image, &Options { env, ..Options::default() });
        let at = |path: &str| format!("http://{}{path}", container.address());
        // As the Hub asks: without cookies, for anything.
        assert_eq!(curl(&[&at("/")]).status, 200, "{audience}");
        assert_eq!(curl(&["--head", &at("/")]).status, 200, "{audience}");
        assert_eq!(curl(&[&at("/profile")]).status, 401, "{audience}");
        let nowhere = curl(&["--header", "Accept: text/html", &at("/nowhere")]);
        assert_eq!(nowhere.status, if audience == "everybody" { 404 } else { 401 }, "{audience}");
        let is_for_members = nowhere.body.contains("This is for members of acme or acme-labs.");
        assert_eq!(is_for_members, audience == "members", "{}", nowhere.body);
    }
}

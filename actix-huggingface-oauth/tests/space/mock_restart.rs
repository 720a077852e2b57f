//! A sign-in with the mock Hub outlives a restart, with a key that only its developer can read.

use std::fs;
use std::path::{Path, PathBuf};

use actix_huggingface_oauth::OAuthSettings;

use crate::helpers::{Browser, FakeHub, Space, settings, space_vars, user};

const KEY: &str = "mock-hub.key";

/// A folder of the test's own, without a key.
fn folder(name: &str) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("mock-key-{name}-{}", std::process::id()));
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir(&folder).unwrap();
    folder
}

fn with_key_in(folder: &Path) -> OAuthSettings {
    settings(&[("HF_MOCK_USER", "pro")]).unwrap().mock_key_in(folder)
}

/// Whether one who signed in before a restart is signed in after it.
async fn outlives_a_restart(folder: &Path) -> bool {
    let before = Space::start_with(with_key_in(folder));
    let mut browser = Browser::on_laptop(&before);
    browser.follow("/oauth/huggingface/login").await;
    assert!(browser.me().await.is_some());
    let after = Space::start_with(with_key_in(folder));
    browser.move_to(&after.address);
    let me = browser.me().await;
    // The organizations are read anew, with the token.
    me.is_some_and(|me| me["user_info"]["orgs"][0]["preferred_username"] == "tiny-models")
}

#[actix_web::test]
async fn a_sign_in_with_the_mock_outlives_a_restart() {
    let folder = folder("kept");
    assert!(outlives_a_restart(&folder).await);
    assert!(outlives_a_restart(&folder).await, "the key is made once");
    fs::remove_file(folder.join(KEY)).unwrap();
    assert!(outlives_a_restart(&folder.join("new")).await, "the folder is made");
    let nowhere = folder.join("missing").join("new");
    assert!(!outlives_a_restart(&nowhere).await, "without a folder it does not");
    fs::remove_dir_all(&folder).unwrap();
}

#[cfg(unix)]
#[actix_web::test]
async fn a_key_that_others_can_read_or_that_is_none_is_not_used() {
    use std::os::unix::fs::{PermissionsExt, symlink};

    let folder = folder("unused");
    let key = folder.join(KEY);
    assert!(outlives_a_restart(&folder).await);
    let mode = fs::metadata(&key).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let bytes = fs::read(&key).unwrap();
    assert_eq!(bytes.len(), 64);

    fs::set_permissions(&key, PermissionsExt::from_mode(0o640)).unwrap();
    assert!(!outlives_a_restart(&folder).await, "others may read it");
    fs::set_permissions(&key, PermissionsExt::from_mode(0o600)).unwrap();
    assert!(outlives_a_restart(&folder).await);

    for content in [&bytes[1..], b"", &[bytes.clone(), vec![0]].concat()] {
        fs::write(&key, content).unwrap();
        assert!(!outlives_a_restart(&folder).await, "{} bytes are no key", content.len());
    }
    let elsewhere = folder.join("elsewhere");
    fs::write(&elsewhere, &bytes).unwrap();
    fs::set_permissions(&elsewhere, PermissionsExt::from_mode(0o600)).unwrap();
    fs::remove_file(&key).unwrap();
    symlink(&elsewhere, &key).unwrap();
    assert!(!outlives_a_restart(&folder).await, "it is a link");
    fs::remove_dir_all(&folder).unwrap();
}

#[actix_web::test]
async fn nothing_is_made_or_read_while_nothing_is_mocked() {
    let folder = folder("untouched");
    let hub = FakeHub::start(user());
    for vars in
        [&space_vars(&hub.url)[..], &[("HF_MOCK_USER", "off")], &[("OAUTH_CLIENT_ID", "id")]]
    {
        drop(Space::start_with(settings(vars).unwrap().mock_key_in(&folder)));
        assert_eq!(fs::read_dir(&folder).unwrap().count(), 0);
    }

    // A session of the mock is none of a real sign-in.
    let mocked = Space::start_with(with_key_in(&folder));
    let mut browser = Browser::on_laptop(&mocked);
    browser.follow("/oauth/huggingface/login").await;
    let vars = [("OAUTH_CLIENT_ID", "client-id"), ("OPENID_PROVIDER_URL", &*hub.url)];
    let real = Space::start_with(settings(&vars).unwrap().mock_key_in(&folder));
    browser.move_to(&real.address);
    assert_eq!(browser.me().await, None);
    fs::remove_dir_all(&folder).unwrap();
}

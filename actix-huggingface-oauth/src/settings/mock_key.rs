//! The key of the mock Hub that outlives a restart, so that a developer stays signed in while the program is built anew.
//! Whoever has it can be any mocked user on this computer, and nobody else.

use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Read, Write};
use std::path::Path;

use actix_web::cookie::Key;

const NAME: &str = "mock-hub.key";

/// Bytes of a key, as of [`Key`].
const LENGTH: usize = 64;

/// The key in a folder, which is made where it is missing. `None` where it cannot be had, or where others may read it.
pub fn in_folder(folder: &Path) -> Option<Key> {
    let path = folder.join(NAME);
    // It is there already but at the first start.
    let _ = fs::create_dir(folder);
    match made(&path).or_else(|error| {
        if error.kind() == ErrorKind::AlreadyExists { read(&path) } else { Err(error) }
    }) {
        Ok(key) => Some(key),
        Err(error) => {
            tracing::warn!(%error, path = %path.display(), "this key is not used: mocked users sign in again at each start");
            None
        }
    }
}

fn made(path: &Path) -> io::Result<Key> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let key = Key::generate();
    options.open(path)?.write_all(key.master())?;
    Ok(key)
}

fn read(path: &Path) -> io::Result<Key> {
    let file = File::open(path)?;
    check(&file, path)?;
    let mut bytes = Vec::new();
    file.take(LENGTH as u64 + 1).read_to_end(&mut bytes)?;
    if bytes.len() == LENGTH {
        Ok(Key::from(&bytes))
    } else {
        Err(io::Error::new(ErrorKind::InvalidData, "it is no key"))
    }
}

/// That it is a file, and no link to one, which nobody else may read.
#[cfg(unix)]
fn check(file: &File, path: &Path) -> io::Result<()> {
    use std::os::unix::fs::MetadataExt;

    let (opened, there) = (file.metadata()?, fs::symlink_metadata(path)?);
    let is_same = (opened.dev(), opened.ino()) == (there.dev(), there.ino());
    if !is_same || !there.is_file() || opened.mode() & 0o077 != 0 {
        return Err(io::Error::new(
            ErrorKind::PermissionDenied,
            "it is a link, or others may read it: delete it",
        ));
    }
    Ok(())
}

#[cfg(not(unix))]
fn check(_: &File, path: &Path) -> io::Result<()> {
    if fs::symlink_metadata(path)?.is_file() {
        Ok(())
    } else {
        Err(io::Error::new(ErrorKind::PermissionDenied, "it is a link: delete it"))
    }
}

//! The rooms of the crate stand on one another: each imports only from those below it, and inside a room no two files
//! import each other. The compiler does not hold that.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

/// From the ground up.
const FLOORS: [&str; 17] = [
    "user",
    "request",
    "pages",
    "mock_hub",
    "settings",
    "hub",
    "auth",
    "oauth",
    "failure",
    "test_util",
    "extract",
    "caller",
    "as_user",
    "middleware",
    "app_session",
    "endpoints",
    "attach",
];

/// The files of a room, by the names of their modules; `mod` for the one that lists the others.
type Room = BTreeMap<String, String>;

#[test]
fn every_room_imports_only_from_those_below_it() {
    let mut faults = Vec::new();
    for (floor, room) in FLOORS.iter().enumerate() {
        for (file, text) in files_of(room) {
            for imported in rooms_in(&text) {
                let below = FLOORS[..floor].contains(&imported.as_str()) || imported == *room;
                if !below {
                    faults.push(format!("{room}/{file}.rs imports from {imported}"));
                }
            }
        }
    }
    assert_eq!(faults, Vec::<String>::new());
}

#[test]
fn inside_a_room_no_files_import_each_other() {
    for room in FLOORS {
        let files = files_of(room);
        let imports: BTreeMap<_, _> =
            files.iter().map(|(file, text)| (file.clone(), siblings_in(text, &files))).collect();
        let mut left = imports;
        // Whatever imports none of those that are left is no part of a circle.
        while let Some(free) = left
            .iter()
            .find(|(_, imported)| imported.iter().all(|file| !left.contains_key(file)))
            .map(|(file, _)| file.clone())
        {
            left.remove(&free);
        }
        assert!(left.is_empty(), "a circle in {room}: {left:?}");
    }
}

#[test]
fn the_floors_are_all_rooms_that_there_are() {
    let lib = fs::read_to_string("src/lib.rs").unwrap();
    let declared = lib.lines().filter_map(|line| {
        line.strip_prefix("pub ").unwrap_or(line).strip_prefix("mod ")?.strip_suffix(';')
    });
    assert_eq!(declared.collect::<BTreeSet<_>>(), FLOORS.into_iter().collect());
}

/// A room is a folder, or one file.
fn files_of(room: &str) -> Room {
    let mut files = Room::new();
    let folder = Path::new("src").join(room);
    if !folder.is_dir() {
        let text = fs::read_to_string(folder.with_extension("rs")).unwrap();
        files.insert(room.to_owned(), text);
        return files;
    }
    let mut folders = vec![folder.clone()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension() == Some("rs".as_ref()) {
                let name = path.strip_prefix(&folder).unwrap().with_extension("");
                files.insert(name.to_str().unwrap().to_owned(), fs::read_to_string(&path).unwrap());
            }
        }
    }
    files
}

/// The rooms that a file names as `crate::room`.
fn rooms_in(text: &str) -> BTreeSet<String> {
    let code = text.lines().filter(|line| !line.trim_start().starts_with("//"));
    let code: Vec<_> = code.collect();
    let code = code.join("\n");
    let grouped = code.split("use crate::{").skip(1).flat_map(|rest| {
        rest.split("};").next().unwrap().split(',').map(|item| item.trim().to_owned())
    });
    let named = code.split("crate::").skip(1).map(str::to_owned);
    let rooms = named.chain(grouped).map(|rest| {
        rest.chars().take_while(|letter| letter.is_alphanumeric() || *letter == '_').collect()
    });
    rooms.filter(|room: &String| FLOORS.contains(&room.as_str())).collect()
}

/// The other files of its room that a file imports from, as `super::file`, or as a name that `mod.rs` gives on.
fn siblings_in(text: &str, files: &Room) -> BTreeSet<String> {
    let mut given_on = BTreeMap::new();
    for line in files.get("mod").map(|text| text.split("pub use ")).into_iter().flatten() {
        let Some((file, names)) = line.split(';').next().unwrap().split_once("::") else {
            continue;
        };
        for name in names.trim_matches(['{', '}']).split(',') {
            given_on.insert(name.trim().to_owned(), file.to_owned());
        }
    }
    let imports = text.split("use super::").skip(1).map(|rest| rest.split(';').next().unwrap());
    let names = imports.flat_map(|names| names.trim_matches(['{', '}']).split(','));
    names
        .filter_map(|name| {
            let first = name.trim().split("::").next().unwrap();
            let file = given_on.get(first).cloned().unwrap_or_else(|| first.to_owned());
            files.contains_key(&file).then_some(file)
        })
        .collect()
}

//! The folder of the project, which `cargo run` names to the program: a Space that was pushed has none.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use anyhow::{Context, anyhow, bail};

/// The folder, under `cargo run` alone.
pub fn folder() -> Option<PathBuf> {
    std::env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from)
}

/// README.md, at whose top is the card of the Space; empty where there is none.
#[cfg(feature = "mock-hub")]
pub fn readme(folder: &Path) -> String {
    std::fs::read_to_string(folder.join("README.md")).unwrap_or_default()
}

/// What `.env` sets, for this computer alone: see `.env.example`. A variable of the environment itself stands before it.
pub fn dot_env(folder: &Path) -> anyhow::Result<HashMap<String, String>> {
    let path = folder.join(".env");
    if !path.exists() {
        return Ok(HashMap::new());
    }
    // The error of a line shows the line, and a secret may be in it.
    let no_lines = |_| anyhow!("{} has a line that is not like NAME=value", path.display());
    let lines = dotenvy::from_path_iter(&path)
        .with_context(|| format!("cannot read {}", path.display()))?;
    let vars = lines.collect::<Result<HashMap<_, _>, _>>().map_err(no_lines)?;
    match vars.keys().find(|name| name.starts_with("SPACE_")) {
        Some(name) => {
            bail!("{} sets {name}, which only Hugging Face sets: remove it", path.display())
        }
        None => Ok(vars),
    }
}

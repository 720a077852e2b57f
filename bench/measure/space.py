"""A generated Space, as its owner has it, and commands in its folder."""

import os
import subprocess
import time
from pathlib import Path

from measure import peers

REPOSITORY = peers.BENCH.parent
GENERATE = ["cargo", "generate", "--git", "clone", "--silent", "--name"]

# Each Space builds into its own folder.
ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "CARGO_TARGET_DIR"}


def generate(folder: Path, names: list[str]) -> list[float]:
    """Generates Spaces with these names from what is committed: how many seconds each took."""
    run(folder, "git", "clone", "--quiet", str(REPOSITORY), "clone")
    return [run(folder, *GENERATE, name) for name in names]


def run(folder: Path, *command: str) -> float:
    """Runs a command to its end: how many seconds that took."""
    print(f"{folder.name}: {' '.join(command)}", flush=True)
    begun = time.perf_counter()
    subprocess.run(command, cwd=folder, env=ENVIRONMENT, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    return time.perf_counter() - begun


def replace(folder: Path, file: str, text: str, other: str) -> None:
    """Replaces a text that a file has to have."""
    source = (folder / file).read_text()
    if text not in source:
        raise RuntimeError(f"{file} has no {text}")
    (folder / file).write_text(source.replace(text, other))

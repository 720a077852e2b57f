"""Seconds that its owner waits: to generate a Space, to build it, to see an edit, to test."""

import os
import subprocess
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from measure import peers
from measure.figures import Figure, short
from measure.report import Section, table

REPOSITORY = peers.BENCH.parent
GENERATE = ["cargo", "generate", "--git", "clone", "--silent", "--name"]
BUILD = ["cargo", "build", "--locked"]
TEST = ["cargo", "test", "--locked"]
RELEASE = ["--release", "--no-default-features", "--features", "space"]
# Each Space builds into its own folder.
ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "CARGO_TARGET_DIR"}
EDITS = {
    "rebuild after an edit of a template": ("templates/home.html", "Hello,", "Welcome back,"),
    "rebuild after an edit of a handler": ("src/pages/healthz.rs", '"ok"', '"fine"'),
}
"""What is changed in which file, and back."""


def measure(quick: bool) -> Section:
    rounds = 2 if quick else 4
    with TemporaryDirectory() as name:
        folder = Path(name)
        run(folder, "git", "clone", "--quiet", str(REPOSITORY), "clone")
        spaces = [f"space-{number}" for number in range(rounds)]
        generating = Figure.of([run(folder, *GENERATE, space) for space in spaces])
        space = folder / spaces[0]
        run(space, "cargo", "fetch", "--locked")
        rows: list[list[object]] = [
            ["generate a Space from a clone of this repository", generating],
            ["cold debug build", short(run(space, *BUILD))],
            *([what, rebuilt(space, rounds, *edit)] for what, edit in EDITS.items()),
        ]
        if not quick:
            rows += [
                ["build the tests after that", short(run(space, *TEST, "--no-run"))],
                ["run the tests", Figure.of([run(space, *TEST) for _ in range(3)])],
                ["cold release build without the mock Hub", short(run(space, *BUILD, *RELEASE))],
            ]
        packages = short(install_seed(folder / "environment"))
        rows.append(["for comparison: install the seed's Python packages", packages])
    text = (
        "Seconds, for what is committed; crates and packages are downloaded before. Cold means an empty `target`.\n\n"
        + table(["", "s"], rows)
    )
    return Section("Building", text)


def run(folder: Path, *command: str) -> float:
    """Runs a command to its end: how many seconds that took."""
    print(f"build: {' '.join(command)}", flush=True)
    begun = time.perf_counter()
    subprocess.run(command, cwd=folder, env=ENVIRONMENT, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    return time.perf_counter() - begun


def rebuilt(space: Path, rounds: int, file: str, text: str, other: str) -> Figure:
    """How long a build takes after one text became another and after it became the one again, alternately."""
    runs = []
    for _ in range(rounds):
        source = (space / file).read_text()
        if text not in source:
            text, other = other, text
        (space / file).write_text(source.replace(text, other))
        runs.append(run(space, *BUILD))
    return Figure.of(runs)


def install_seed(environment: Path) -> float:
    run(environment.parent, "python3", "-m", "venv", str(environment))
    requirements = peers.BENCH / "peers" / "seed.txt"
    return run(environment, "bin/pip", "install", "--quiet", f"--requirement={requirements}")

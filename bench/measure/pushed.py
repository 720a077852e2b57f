"""What is pushed to be built as an image, and what changes in it."""

import shutil
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from measure.peers import APP, BENCH
from measure.space import generate, replace, run

IMAGES = BENCH / "images"

Change = Callable[[Path], None]
"""Changes a folder each time otherwise: what was built before costs nothing."""


@dataclass(frozen=True)
class Build:
    seconds: float
    size: int


@dataclass(frozen=True)
class Pushed:
    name: str
    folder: Path
    change_page: Change
    change_dependency: Change

    def build_after(self, change: Change) -> Build:
        change(self.folder)
        print(f"image: {self.name}, after {change.__name__}", flush=True)
        command = [str(IMAGES / "build"), str(self.folder), f"localhost/bench/{self.folder.name}"]
        output = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
        seconds, size = output.splitlines()[-1].split()
        return Build(float(seconds), int(size))


def space(folder: Path) -> Pushed:
    """A generated Space."""
    generate(folder, ["bench-space"])
    return Pushed(APP, folder / "bench-space", change_template, add_crate)


def peer(folder: Path, name: str, program: str, command: Sequence[str]) -> Pushed:
    """A Docker Space in Python, as the Hub's documentation has it."""
    source = folder / f"bench-{name.lower()}"
    source.mkdir()
    words = ", ".join(f'"{word}"' for word in command)
    (source / "Dockerfile").write_text(f"{(IMAGES / 'python.Dockerfile').read_text()}CMD [{words}]\n")
    shutil.copy(BENCH / "peers" / f"{name.lower()}.txt", source / "requirements.txt")
    shutil.copy(BENCH / "peers" / program, source / "app.py")
    return Pushed(name, source, change_text, add_package)


def start_anew(folder: Path) -> None:
    """Lets all layers differ from those that were built before, and those of the next builds be found again.

    Without the cache, the layers would stand beside those of other builds that look the same, and podman takes any.
    """
    file = folder / "Dockerfile"
    lines = [line for line in file.read_text().splitlines() if not line.startswith("ENV BENCH=")]
    first = next(number for number, line in enumerate(lines) if line.startswith("FROM "))
    lines.insert(first + 1, f"ENV BENCH={time.time_ns()}")
    file.write_text("\n".join(lines) + "\n")


def change_template(space: Path) -> None:
    replace(space, "templates/home.html", "Welcome to", f"{time.time_ns()}: Welcome to")


def change_text(source: Path) -> None:
    replace(source, "app.py", "Not logged in!", f"{time.time_ns()}: Not logged in!")


def add_crate(space: Path) -> None:
    """One that others need already: what is compiled anew is all the same."""
    if "\nitoa " not in (space / "Cargo.toml").read_text():
        run(space, "cargo", "add", "--quiet", "itoa")
        run(space, "cargo", "update", "--quiet", "--workspace")
    comment(space / "Cargo.toml")


def add_package(source: Path) -> None:
    """One that others need already, too."""
    requirements = source / "requirements.txt"
    if "itsdangerous\n" not in requirements.read_text():
        requirements.write_text(f"{requirements.read_text()}itsdangerous\n")
    comment(requirements)


def comment(file: Path) -> None:
    file.write_text(f"{file.read_text()}# {time.time_ns()}\n")

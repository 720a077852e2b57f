"""How long a developer waits after a change: from `cargo run` until the app answers with what was changed."""

import subprocess
import time
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path

from measure.server import free_port
from measure.space import ENVIRONMENT, replace

LIMIT = 600.0
"""Seconds after which a change that is not shown has failed."""


@dataclass(frozen=True)
class Edit:
    """A text that becomes another, and the path of the page that shows it, without its quotes."""

    file: str
    text: str
    other: str
    path: str

    def back(self) -> "Edit":
        return Edit(self.file, self.other, self.text, self.path)


def shown_after(space: Path, edit: Edit) -> float:
    """Makes a change, and measures how many seconds it takes until it is shown."""
    print(f"cargo run after a change of {edit.file}", flush=True)
    replace(space, edit.file, edit.text, edit.other)
    port = free_port()
    begun = time.perf_counter()
    app = subprocess.Popen(
        ["cargo", "run", "--locked", "--quiet"],
        cwd=space,
        env=ENVIRONMENT | {"PORT": str(port)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        while edit.other.strip('"') not in page(port, edit.path):
            if app.poll() is not None or time.perf_counter() - begun > LIMIT:
                raise RuntimeError(f"`cargo run` does not show the change of {edit.file}")
            time.sleep(0.005)
        return time.perf_counter() - begun
    finally:
        app.kill()
        app.wait()


def page(port: int, path: str) -> str:
    """What the app answers; nothing where it is not up yet."""
    connection = HTTPConnection("localhost", port, timeout=10)
    try:
        connection.request("GET", path, headers={"Accept": "text/html"})
        return connection.getresponse().read().decode()
    except ConnectionError:
        return ""
    finally:
        connection.close()

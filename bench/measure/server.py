"""A server under measurement: started, pinned to a core, asked for its CPU time and memory, stopped."""

import os
import socket
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from measure.http import Answer, get

START_LIMIT = 60.0
"""Seconds after which a server that does not answer has failed."""


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


@dataclass(frozen=True)
class Peer:
    """How to start a server. `{port}` in the command stands for the port, which PORT tells, too."""

    name: str
    command: Sequence[str]
    variables: Mapping[str, str] = field(default_factory=dict)
    folder: Path = Path("/")


class Server:
    """A running server; use it in `with`."""

    def __init__(self, peer: Peer, core: int | None = None, path: str = "/") -> None:
        self.peer = peer
        self.port = free_port()
        command = [part.format(port=self.port) for part in peer.command]
        # Nothing else of this shell's environment reaches a server, proxies least of all.
        environment = {"PATH": os.environ["PATH"], "HOME": "/nonexistent", "PORT": str(self.port), **peer.variables}
        if core is not None:
            command = ["taskset", "--cpu-list", str(core), *command]
        self.log = open(f"/tmp/bench-{os.getpid()}-{self.port}.log", "w+")  # noqa: SIM115
        begun = time.perf_counter()
        self.process = subprocess.Popen(
            command, env=environment, cwd=peer.folder, stdout=self.log, stderr=subprocess.STDOUT
        )
        self.first_answer = self._wait_for_answer(path)
        self.seconds_to_first_answer = time.perf_counter() - begun

    def _wait_for_answer(self, path: str) -> Answer:
        give_up = time.monotonic() + START_LIMIT
        while time.monotonic() < give_up and self.process.poll() is None:
            try:
                return get(self.port, path)
            except ConnectionError:
                time.sleep(0.0005)
        self.log.seek(0)
        message = f"{self.peer.name} does not answer:\n{self.log.read()}"
        self.stop()
        raise RuntimeError(message)

    def cpu_seconds(self) -> float:
        """User and system time of all threads, so far."""
        # The clock of clock_getcpuclockid(3), which Python lacks: /proc counts in hundredths of a second.
        return time.clock_gettime(~self.process.pid << 3 | 2)

    def resident_bytes(self) -> int:
        for line in Path(f"/proc/{self.process.pid}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) * 1024
        raise RuntimeError(f"{self.peer.name} has ended")

    def stop(self) -> None:
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.log.close()
        Path(self.log.name).unlink(missing_ok=True)

    def __enter__(self) -> "Server":
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

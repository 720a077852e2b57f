"""Load on one URL, by wrk, and what it cost the server."""

import json
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from measure.http import HEADERS, Answer, Browser, get
from measure.server import Server

SERVER_CORE, LOAD_CORE = 0, 1
CONNECTIONS = 16


@dataclass(frozen=True)
class Visit:
    """What a visitor asks for, again and again, and the answer that has to come."""

    server: Server
    path: str
    headers: Mapping[str, str]
    expected: Answer

    @staticmethod
    def by(browser: Browser, server: Server, path: str) -> "Visit":
        headers = browser.cookie_header()
        return Visit(server, path, headers, get(server.port, path, headers))

    def check(self) -> None:
        answer = get(self.server.port, self.path, self.headers)
        if (answer.status, answer.body) != (self.expected.status, self.expected.body):
            raise RuntimeError(f"{self.server.peer.name} {self.path}: not the expected answer: {answer}")


@dataclass(frozen=True)
class Load:
    """What a run of wrk measured."""

    per_second: float
    per_cpu_second: float
    p99_milliseconds: float


def load(visit: Visit, seconds: int) -> Load:
    """Asks as fast as the server answers, and makes sure that every answer is the expected one."""
    visit.check()
    cpu = visit.server.cpu_seconds()
    figures = wrk(visit, seconds)
    cpu = visit.server.cpu_seconds() - cpu
    visit.check()

    requests = figures["requests"]
    if requests == 0:
        raise RuntimeError(f"{visit.server.peer.name} {visit.path}: no answer in {seconds} s; is the machine busy?")
    # wrk takes every status from 400 on for an error.
    errors = requests if visit.expected.status >= 400 else 0
    same_length = abs(figures["bytes"] / requests / visit.expected.wire_length() - 1) < 0.01
    if figures["broken"] or figures["error_answers"] != errors or not same_length:
        raise RuntimeError(f"{visit.server.peer.name} {visit.path}: wrong answers under load: {figures}")
    return Load(requests / (figures["microseconds"] / 1e6), requests / cpu, figures["p99"] / 1000)


def wrk(visit: Visit, seconds: int) -> dict[str, int]:
    script = Path(__file__).with_name("load.lua")
    command = ["taskset", "--cpu-list", str(LOAD_CORE), "wrk", "--threads=1", f"--connections={CONNECTIONS}"]
    command += [f"--duration={seconds}s", f"--script={script}"]
    command += [f"--header={name}: {value}" for name, value in {**HEADERS, **visit.headers}.items()]
    command += [f"http://127.0.0.1:{visit.server.port}{visit.path}"]
    output = subprocess.run(command, capture_output=True, check=True, text=True).stdout
    figures: dict[str, int] = json.loads(output.splitlines()[-1])
    return figures

"""The tables and targets of the part `serve`."""

from collections.abc import Mapping, Sequence

from measure.figures import Figure, ratio
from measure.load import CONNECTIONS, Load
from measure.report import Section, Target, table

APP, BARE, SESSION = "this app", "Actix, bare", "Actix, session"
SEED_DEF, SEED_ASYNC = "seed, `def`", "seed, `async def`"
OTHERS = [SEED_DEF, SEED_ASYNC, BARE, SESSION]

Key = tuple[str, str, str]
"""Server, path of the app, visitor."""

HEAD = ["", "requests/s", "requests per CPU-second", "p99, ms"]

Loads = Mapping[Key, Sequence[Load]]

GOALS = [
    ("signed-in JSON", "/api/me", SEED_DEF, 20),
    ("signed-in JSON", "/api/me", SEED_ASYNC, 10),
    ("signed-in home page", "/", BARE, 0.35),
    ("signed-in home page", "/", SESSION, 0.8),
]
"""Requests per CPU-second as a multiple of another server's: what, the path, the other, at least how many times."""


def section(loads: Loads, rounds: int, seconds: int) -> Section:
    text = [
        f"{rounds} rounds of {seconds} s for each line, one after the other; {CONNECTIONS} connections kept alive, the "
        "server on one core, wrk on another.",
        table(HEAD, [line(key, runs) for key, runs in loads.items()]),
        "Requests per CPU-second of this app as a multiple (of the seed's `/`, which is JSON, whichever the path):",
        table(
            [APP, *OTHERS],
            [
                [f"`{path}`, {visitor}", *(times(loads, path, visitor, other) for other in OTHERS)]
                for server, path, visitor in loads
                if server == APP
            ],
        ),
    ]
    return Section("Requests", "\n\n".join(text), [target(loads, *goal) for goal in GOALS])


def line(key: Key, runs: Sequence[Load]) -> list[object]:
    server, path, visitor = key
    return [
        f"{server}: `{path}`, {visitor}",
        Figure.of([run.per_second for run in runs]),
        Figure.of([run.per_cpu_second for run in runs]),
        Figure.of([run.p99_milliseconds for run in runs]),
    ]


def times(loads: Loads, path: str, visitor: str, other: str) -> Figure:
    """How many times the requests per CPU-second of another server this app serves."""
    other_path = "/" if other.startswith("seed") else path
    ours, others = loads[APP, path, visitor], loads[other, other_path, visitor]
    return ratio([run.per_cpu_second for run in ours], [run.per_cpu_second for run in others])


def target(loads: Loads, what: str, path: str, other: str, least: float) -> Target:
    measured = times(loads, path, "signed in", other)
    goal = f"{what} per CPU-second: {least} times that of {other}, or more"
    return Target(goal, str(measured), measured.middle >= least)

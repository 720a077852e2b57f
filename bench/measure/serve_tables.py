"""The tables and targets of the part `serve`."""

from collections.abc import Mapping, Sequence

from measure.figures import Figure, ratio
from measure.load import CONNECTIONS, Load
from measure.measures import SIGNED_IN_PER_CPU_SECOND
from measure.peers import APP, APP_WITH_LOG, BARE, SEED_ASYNC, SEED_DEF, SESSION, TOKEN_LENGTH
from measure.report import Section, Target, table

OTHERS = [SEED_DEF, SEED_ASYNC, BARE, SESSION]

SIGNED_OUT, SIGNED_IN, IN_200_ORGS = "signed out", "signed in", "signed in, 200 orgs"

Key = tuple[str, str, str]
"""Server, path of the app, visitor."""

HEAD = ["", "access token, characters", "requests/s", "requests per CPU-second", "p99, ms"]

Loads = Mapping[Key, Sequence[Load]]

GOALS = [
    ("/", SIGNED_IN, SESSION, 0.75),
    ("/api/me", SIGNED_IN, SESSION, 0.75),
    ("/api/me", IN_200_ORGS, SESSION, 0.5),
    *((path, SIGNED_IN, SEED_DEF, 10) for path in ("/", "/api/me")),
    *((path, SIGNED_IN, SEED_ASYNC, 7) for path in ("/", "/api/me")),
]
"""Requests per CPU-second as a multiple of another server's: path, visitor, the other, at least how many times."""


def section(loads: Loads, rounds: int, seconds: int) -> Section:
    text = [
        f"{rounds} rounds of {seconds} s for each line, one after the other; {CONNECTIONS} connections kept alive, the "
        "server on one core, wrk on another.",
        table(HEAD, [line(key, runs) for key, runs in loads.items()]),
        "Requests per CPU-second of this app as a multiple (of the seed's `/`, which is JSON, whichever the path):",
        table(
            [APP, HEAD[1], *OTHERS],
            [
                [f"`{path}`, {visitor}", token(visitor), *(times(loads, path, visitor, other) for other in OTHERS)]
                for server, path, visitor in loads
                if server == APP
            ],
        ),
        f"With its log, a line for each request, it serves {times(loads, '/', SIGNED_IN, APP, APP_WITH_LOG)} times as "
        f"many `/`, {SIGNED_IN}, with an access token of {TOKEN_LENGTH} characters.",
    ]
    per_cpu_second = {
        name: Figure.of([run.per_cpu_second for run in loads[name, "/", SIGNED_IN]]).middle
        for name in (APP, SEED_DEF, SEED_ASYNC)
    }
    targets = [target(loads, *goal) for goal in GOALS]
    return Section("Requests", "\n\n".join(text), targets, {SIGNED_IN_PER_CPU_SECOND: per_cpu_second})


def line(key: Key, runs: Sequence[Load]) -> list[object]:
    server, path, visitor = key
    return [
        f"{server}: `{path}`, {visitor}",
        token(visitor),
        Figure.of([run.per_second for run in runs]),
        Figure.of([run.per_cpu_second for run in runs]),
        Figure.of([run.p99_milliseconds for run in runs]),
    ]


def token(visitor: str) -> object:
    return "" if visitor == SIGNED_OUT else TOKEN_LENGTH


def times(loads: Loads, path: str, visitor: str, other: str, one: str = APP) -> Figure:
    """How many times the requests per CPU-second of another server this app serves, or another `one`."""
    other_path = "/" if other.startswith("seed") else path
    ours, others = loads[one, path, visitor], loads[other, other_path, visitor]
    return ratio([run.per_cpu_second for run in ours], [run.per_cpu_second for run in others])


def target(loads: Loads, path: str, visitor: str, other: str, least: float) -> Target:
    measured = times(loads, path, visitor, other)
    goal = (
        f"`{path}`, {visitor}, with an access token of {TOKEN_LENGTH} characters, per CPU-second: "
        f"{least} times that of {other}, or more"
    )
    return Target(goal, str(measured), measured.middle >= least)

"""Requests per second and per CPU-second, and p99: the server on one core, the load on the other."""

import json
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from measure import peers, serve_tables
from measure.http import Answer, Browser, get
from measure.load import LOAD_CORE, SERVER_CORE, Load, Visit, load
from measure.report import Section
from measure.serve_tables import IN_200_ORGS, SIGNED_IN, SIGNED_OUT
from measure.server import Peer, Server

VISITORS = {SIGNED_OUT: None, SIGNED_IN: 2, IN_200_ORGS: 200}
"""Visitors, by how many organizations they are in."""


@dataclass(frozen=True)
class Case:
    """A line of the table."""

    path: str
    """Of the app; a limit has a path of its own for each visitor."""
    visitor: str
    visit: Visit

    def key(self) -> serve_tables.Key:
        return self.visit.server.peer.name, self.path, self.visitor


def measure(quick: bool) -> Section:
    rounds, seconds = (5, 1) if quick else (21, 1)
    with ExitStack() as stack, TemporaryDirectory() as folder:

        def start(peer: Peer) -> Server:
            return stack.enter_context(Server(peer, SERVER_CORE))

        hub = stack.enter_context(Server(peers.fake_hub(), LOAD_CORE, peers.HUB_METADATA))
        app = cases_of(start(peers.app(hub.port)), ["/", "/api/me"])
        answers = Path(folder) / "answers.json"
        answers.write_text(json.dumps({limit_path(case): recorded(case.visit.expected) for case in app}))
        cases = [
            *cases_of(start(peers.seed(hub.port)), ["/"]),
            *cases_of(start(peers.seed_async(hub.port)), ["/"]),
            *limit_cases(start(peers.limit(answers, session=False)), app),
            *limit_cases(start(peers.limit(answers, session=True)), app),
            *app,
            *cases_of(start(peers.app_with_log(hub.port)), ["/"], [SIGNED_IN]),
        ]
        # What is compared is measured one after the other.
        cases.sort(key=lambda case: (list(VISITORS).index(case.visitor), case.path != "/"))
        loads: dict[serve_tables.Key, list[Load]] = {case.key(): [] for case in cases}
        for number in range(rounds):
            for case in cases:
                print(f"serve: round {number + 1} of {rounds}: {' '.join(case.key())}", flush=True)
                loads[case.key()].append(load(case.visit, seconds))
    return serve_tables.section(loads, rounds, seconds)


def cases_of(server: Server, paths: Sequence[str], visitors: Sequence[str] = tuple(VISITORS)) -> list[Case]:
    cases = []
    for visitor in visitors:
        browser = Browser(server.port)
        if (orgs := VISITORS[visitor]) is not None:
            browser.sign_in(f"user-in-{orgs}-orgs", orgs)
        cases += [Case(path, visitor, Visit.by(browser, server, path)) for path in paths]
    return cases


def limit_cases(server: Server, app: list[Case]) -> list[Case]:
    """The app's answers from a limit, to the same headers; the session is as long as the app's."""
    cases = []
    for case in app:
        headers = case.visit.headers
        if headers and "--session" in server.peer.command:
            headers = session_as_long_as(server.port, headers["Cookie"])
        visit = replace(case.visit, server=server, path=limit_path(case), headers=headers)
        cases.append(replace(case, visit=visit))
    return cases


def limit_path(case: Case) -> str:
    return f"/{case.visitor.replace(' ', '-').replace(',', '')}{case.path}"


def session_as_long_as(port: int, cookie: str) -> Mapping[str, str]:
    """The cookie of a session of the limit's own, about as long as another's."""
    own, length = "", 1_000
    for _ in range(3):
        sign_in = json.dumps({"user_info": {"sub": "0" * 24, "name": "Some Body"}, "access_token": "x" * length})
        answer = get(port, "/sign-in", {"Content-Type": "application/json"}, "POST", sign_in)
        own = answer.header("set-cookie").partition(";")[0]
        length += round((len(cookie) - len(own)) * len(sign_in) / len(own))
    return {"Cookie": own}


def recorded(answer: Answer) -> dict[str, object]:
    """An answer for the limits, which write the length and the date themselves."""
    headers = [pair for pair in answer.headers if pair[0].lower() not in ("content-length", "date")]
    return {"status": answer.status, "headers": headers, "body": answer.body}

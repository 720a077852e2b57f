"""What a Space downloads to its visitor: bytes and requests of the first visit, and of the second one."""

import json
import subprocess
from collections.abc import Sequence

from measure import peers
from measure.figures import Figure
from measure.measures import FIRST_VISIT_KB, FIRST_VISIT_REQUESTS, SECOND_VISIT_KB
from measure.report import Section, table
from measure.server import Server

VISIT = peers.BENCH / "visits" / "visit"

Visits = Sequence[dict[str, int]]
"""A first visit and the second one: bytes, requests, and requests to other sites."""

HEAD = ["", "KB at first", "requests", "to other sites", "KB the second time", "requests", "to other sites"]


def measure(quick: bool) -> Section:
    rounds = 1 if quick else 3
    with Server(peers.fake_hub(), path=peers.HUB_METADATA) as hub:
        visited = [
            (peers.app(hub.port), "Sign in with Hugging Face"),
            (peers.seed(hub.port), "Not logged in!"),
            (peers.gradio(hub.port), "Not logged in!"),
        ]
        visits: dict[str, list[Visits]] = {peer.name: [] for peer, _ in visited}
        for number in range(rounds):
            for peer, text_of_page in visited:
                print(f"visit: round {number + 1} of {rounds}: {peer.name}", flush=True)
                with Server(peer) as server:
                    visits[peer.name].append(visit(server, text_of_page))
    text = [
        f"`/`, signed out, in Chromium; {rounds} visitors with new browsers, each of whom comes twice. Bytes are those "
        "of the answers with their heads, not encrypted. The seed's answer is a line of JSON without a page around it. "
        "What a page wants of other sites fails here, and comes on top.",
        table(HEAD, [[name, *cells(runs, 0), *cells(runs, 1)] for name, runs in visits.items()]),
    ]
    figures = {
        FIRST_VISIT_KB: {name: figure(runs, 0, "bytes").middle / 1e3 for name, runs in visits.items()},
        FIRST_VISIT_REQUESTS: {name: figure(runs, 0, "requests").middle for name, runs in visits.items()},
        SECOND_VISIT_KB: {name: figure(runs, 1, "bytes").middle / 1e3 for name, runs in visits.items()},
    }
    return Section("Visits", "\n\n".join(text), figures=figures)


def visit(server: Server, text_of_page: str) -> Visits:
    command = [str(VISIT), str(server.port), text_of_page]
    output = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
    visits: Visits = json.loads(output.splitlines()[-1])
    return visits


def cells(runs: Sequence[Visits], which: int) -> list[object]:
    requests, elsewhere = (f"{figure(runs, which, what).middle:.0f}" for what in ("requests", "elsewhere"))
    return [figure(runs, which, "bytes").times(1e-3), requests, elsewhere]


def figure(runs: Sequence[Visits], which: int, what: str) -> Figure:
    return Figure.of([run[which][what] for run in runs])

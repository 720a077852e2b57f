"""Seconds from the start of the program to its first answer."""

from measure import peers
from measure.figures import Figure, ratio
from measure.measures import FIRST_ANSWER_MS
from measure.report import Section, Target, table
from measure.server import Server

GOAL = 60
"""How many times sooner than the seed."""


def measure(quick: bool) -> Section:
    rounds = 3 if quick else 9
    with Server(peers.fake_hub(), path=peers.HUB_METADATA) as hub:
        starting = [peers.app(hub.port), peers.seed(hub.port), peers.gradio(hub.port)]
        seconds: dict[str, list[float]] = {peer.name: [] for peer in starting}
        # The first start reads the files from disk, and Python compiles its own: not counted.
        for number in range(rounds + 1):
            for peer in starting:
                print(f"start: round {number} of {rounds}: {peer.name}", flush=True)
                with Server(peer) as server:
                    if number > 0:
                        seconds[peer.name].append(server.seconds_to_first_answer)
    app, seed, _ = seconds.values()
    sooner = ratio(seed, app)
    rows = [
        [name, Figure.of(runs).times(1000), ratio(runs, app) if runs is not app else ""]
        for name, runs in seconds.items()
    ]
    text = (
        f"From the start of the process to the answer to `GET /`, {rounds} starts each, one after the other.\n\n"
        + table(["", "ms", "as a multiple of this app"], rows)
    )
    goal = Target(f"first answer {GOAL} times sooner than the seed's, or more", str(sooner), sooner.middle >= GOAL)
    figures = {FIRST_ANSWER_MS: {name: Figure.of(runs).middle * 1000 for name, runs in seconds.items()}}
    return Section("First answer", text, [goal], figures)

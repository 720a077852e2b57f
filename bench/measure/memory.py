"""Resident memory: after the start, after load, and after many users have signed in."""

import time

from measure import peers
from measure.http import Browser
from measure.load import Visit, load
from measure.measures import IDLE_MB
from measure.peers import APP, GRADIO, SEED_DEF, TOKEN_LENGTH
from measure.report import Section, Target, table
from measure.server import Peer, Server

ORGS = 2
GOAL = 10
"""How many times less than the seed, idle."""


def measure(quick: bool) -> Section:
    # One sign-in takes the seed 70 ms of CPU time, which is too long for as many.
    users, users_of_seed = (1_000, 100) if quick else (10_000, 1_000)
    seconds = 2 if quick else 10
    with Server(peers.fake_hub(), path=peers.HUB_METADATA) as hub:
        app = resident(peers.app(hub.port), users, seconds)
        seed = resident(peers.seed(hub.port), users_of_seed, seconds)
        with Server(peers.gradio(hub.port)) as server:
            gradio = [idle(server)]
    rows = [
        [APP, *map(megabytes, app)],
        [SEED_DEF, *map(megabytes, seed)],
        [GRADIO, *map(megabytes, gradio), "", ""],
        ["seed : this app", *(f"{other / ours:.1f}" for ours, other in zip(app, seed, strict=True))],
    ]
    many = f"{users:,} users signed in ({users_of_seed:,} of the seed's)"
    text = (
        f"Resident, in MB; load is {seconds} s of signed-in requests; each user is in {ORGS} organizations, and has an "
        f"access token of {TOKEN_LENGTH} characters.\n\n"
        + table(["", "idle", "after load", f"after {many}"], rows)
    )
    share = seed[0] / app[0]
    goal = Target(f"resident memory idle: a {GOAL}th of the seed's, or less", f"a {share:.1f}th", share >= GOAL)
    idle_megabytes = {APP: app[0] / 1e6, SEED_DEF: seed[0] / 1e6, GRADIO: gradio[0] / 1e6}
    return Section("Memory", text, [goal], {IDLE_MB: idle_megabytes})


def resident(peer: Peer, users: int, seconds: int) -> list[int]:
    print(f"memory: {peer.name}", flush=True)
    with Server(peer) as server:
        memory = [idle(server)]
        browser = Browser(server.port)
        browser.sign_in("somebody", ORGS)
        load(Visit.by(browser, server, "/"), seconds)
        memory.append(server.resident_bytes())
        for number in range(users):
            Browser(server.port).sign_in(f"user-{number}", ORGS)
        memory.append(server.resident_bytes())
    return memory


def idle(server: Server) -> int:
    """After the first answer, when all threads had time to settle."""
    time.sleep(2)
    return server.resident_bytes()


def megabytes(size: int) -> str:
    return f"{size / 1e6:.1f}"

"""What a Space adds to the time to the first token of a chat, and the memory that an open chat takes."""

from contextlib import ExitStack

from measure import chat_tables, peers
from measure.chat_times import Line, chat_times
from measure.http import Browser
from measure.open_chats import Resident, resident
from measure.question import ask_app, ask_router, ask_seed
from measure.report import Section
from measure.server import Server


def measure(quick: bool) -> Section:
    rounds, chats = (3, 50) if quick else (7, 200)
    memory_rounds, open_chats = (2, 40) if quick else (3, 200)
    with Server(peers.fake_hub(), path=peers.HUB_METADATA) as hub, Server(peers.fake_router()) as router:
        asked = [
            (peers.chat_app(hub.port, router.port), ask_app),
            (peers.chat_seed(hub.port, router.port, tuned=False), ask_seed),
            (peers.chat_seed(hub.port, router.port, tuned=True), ask_seed),
        ]
        with ExitStack() as stack:
            lines = [Line.of(router, ask_router, Browser(router.port))]
            for peer, ask in asked:
                server = stack.enter_context(Server(peer))
                browser = Browser(server.port)
                browser.sign_in("somebody", 2)
                lines.append(Line.of(server, ask, browser))
            times = chat_times(lines, rounds, chats)
        memory: dict[str, list[Resident]] = {peer.name: [] for peer, _ in asked}
        for number in range(memory_rounds):
            for peer, ask in asked:
                print(f"chat: memory, round {number + 1} of {memory_rounds}: {peer.name}", flush=True)
                memory[peer.name].append(resident(peer, ask, router, open_chats))
    text = [*chat_tables.answers(times, rounds, chats), *chat_tables.memory(memory, memory_rounds, open_chats)]
    return Section("Chats", "\n\n".join(text))

"""Resident memory of chats that are open and silent."""

import time
from contextlib import ExitStack
from dataclasses import dataclass

from measure.http import Browser, get
from measure.question import MODEL, SILENT_MODEL, Ask, Connection
from measure.server import Peer, Server

CHATS_OF_A_USER = 4
"""As many as the app lets a user have: actix-huggingface-oauth/src/settings/limits.rs."""


@dataclass(frozen=True)
class Resident:
    """Bytes before the chats, and while they are open."""

    before: int
    after: int

    def per_chat(self, count: int) -> float:
        return (self.after - self.before) / count


def resident(peer: Peer, ask: Ask, router: Server, count: int) -> Resident:
    """What so many chats take, each user having as many as may be."""
    with Server(peer) as server, ExitStack() as stack:
        browsers = [Browser(server.port) for _ in range(-(-count // CHATS_OF_A_USER))]
        for number, browser in enumerate(browsers):
            browser.sign_in(f"user-{number}", 0)
            with Connection(server.port) as connection:
                connection.chat(ask(browser, MODEL))
        before = settled(server)
        chats = [stack.enter_context(Connection(server.port)) for _ in range(count)]
        for number, chat in enumerate(chats):
            chat.first_token(ask(browsers[number // CHATS_OF_A_USER], SILENT_MODEL))
        after = settled(server)
        for chat in chats:
            chat.check_waiting()
        if (at_router := int(get(router.port, "/").body)) != count:
            raise RuntimeError(f"{peer.name}: {at_router} chats are open, which had to be {count}")
        return Resident(before, after)


def settled(server: Server) -> int:
    """When all threads had time to settle."""
    time.sleep(2)
    return server.resident_bytes()

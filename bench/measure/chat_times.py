"""How long the first token of a chat takes and the last one: one chat after the other, the servers in turns."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median, quantiles

from measure.http import Browser
from measure.question import MODEL, Ask, Connection
from measure.server import Server


@dataclass(frozen=True)
class Chats:
    """What a round measured at one server, in milliseconds."""

    first: float
    """The median until the first token."""
    first_p99: float
    last: float
    """The median until the answer is whole."""
    cpu: float
    """Of the server's own CPU time, for a whole chat."""


@dataclass(frozen=True)
class Line:
    """A server, what a user asks there, and what it has to answer each time."""

    server: Server
    request: bytes
    body: str

    @staticmethod
    def of(server: Server, ask: Ask, browser: Browser) -> "Line":
        request = ask(browser, MODEL)
        with Connection(server.port) as connection:
            return Line(server, request, connection.chat(request).answer.body)

    def run(self, chats: int) -> Chats:
        # A connection that the server has not yet had to close for its silence.
        with Connection(self.server.port) as connection:
            connection.chat(self.request)
            cpu = self.server.cpu_seconds()
            done = [connection.chat(self.request) for _ in range(chats)]
            cpu = (self.server.cpu_seconds() - cpu) / chats
        for chat in done:
            if chat.answer.body != self.body:
                raise RuntimeError(f"{self.server.peer.name}: not the expected answer: {chat.answer}")
        first = [chat.first * 1000 for chat in done]
        last = [chat.last * 1000 for chat in done]
        return Chats(median(first), quantiles(first, n=100)[98], median(last), cpu * 1000)


def chat_times(lines: Sequence[Line], rounds: int, chats: int) -> dict[str, list[Chats]]:
    """What each round measured, by the server's name. The first round is not counted: nothing is at hand yet."""
    measured: dict[str, list[Chats]] = {line.server.peer.name: [] for line in lines}
    for number in range(rounds + 1):
        for line in lines:
            name = line.server.peer.name
            print(f"chat: round {number} of {rounds}: {name}", flush=True)
            run = line.run(chats)
            if number > 0:
                measured[name].append(run)
    return measured

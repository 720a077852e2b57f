"""A question to a model over one connection, and when the first token of the answer comes and the last one."""

import json
import re
import socket
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http.client import HTTPResponse
from io import BytesIO
from urllib.parse import urlencode

from measure.http import SPACE_HOST, Answer, Browser
from measure.peers import TOKEN_LENGTH

MESSAGE = "Onomatopoeia comes in many words, of which this is one."
FIRST_TOKEN = b"Onomatopoeia"
"""The first word, as the router says back what it was asked, and nothing else in an answer."""

MODEL, SILENT_MODEL = "bench/echo", "bench/silent"

TIME_LIMIT = 30.0
"""Seconds without any bytes after which there is no answer."""

Ask = Callable[[Browser, str], bytes]
"""The request with which a user asks a model."""


def ask_app(browser: Browser, model: str) -> bytes:
    headers = {"Origin": f"https://{SPACE_HOST}", "Content-Type": "application/x-www-form-urlencoded"}
    return post("/chat", {**headers, **browser.cookie_header()}, urlencode({"message": MESSAGE, "model": model}))


def ask_seed(browser: Browser, model: str) -> bytes:
    headers = {"Content-Type": "application/json", **browser.cookie_header()}
    return post("/chat", headers, json.dumps({"message": MESSAGE, "model": model}))


def ask_router(_: Browser, model: str) -> bytes:
    token = "hf_oauth_somebody.0.".ljust(TOKEN_LENGTH, "x")
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {token}"}
    messages = [{"role": "user", "content": MESSAGE}]
    return post("/v1/chat/completions", headers, json.dumps({"model": model, "messages": messages, "stream": True}))


def post(path: str, headers: Mapping[str, str], body: str) -> bytes:
    all_headers = {"Host": SPACE_HOST, "Accept": "text/event-stream", "Content-Length": str(len(body)), **headers}
    lines = [f"POST {path} HTTP/1.1", *(f"{name}: {value}" for name, value in all_headers.items()), "", body]
    return "\r\n".join(lines).encode()


@dataclass(frozen=True)
class Chat:
    """An answer, and the seconds from the request to its first token and to its end."""

    first: float
    last: float
    answer: Answer


class Connection:
    """A connection that is kept alive; use it in `with`. It reads bytes, since http.client takes as long as the app."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), TIME_LIMIT)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.received = bytearray()

    def chat(self, request: bytes) -> Chat:
        begun = time.perf_counter()
        self.first_token(request)
        first = time.perf_counter()
        while not self.received.endswith(b"\r\n0\r\n\r\n"):
            self.receive()
        last = time.perf_counter()
        return Chat(first - begun, last - begun, self.whole_answer())

    def first_token(self, request: bytes) -> None:
        """Asks, and comes back as soon as the answer has begun."""
        self.received.clear()
        self.socket.sendall(request)
        while FIRST_TOKEN not in self.received:
            self.receive()

    def whole_answer(self) -> Answer:
        response = HTTPResponse(Received(bytes(self.received)))  # type: ignore[arg-type]
        response.begin()
        answer = Answer(response.status, response.getheaders(), response.read().decode())
        said = "".join(re.findall(r'"(?:content|text)": ?"([^"]*)"', answer.body))
        if said != MESSAGE or not answer.header("content-type").startswith("text/event-stream"):
            raise RuntimeError(f"not the expected answer: {answer}")
        return answer

    def check_waiting(self) -> None:
        """Makes sure that the answer is neither ended nor anything but silent, as it is to be."""
        self.socket.setblocking(False)
        try:
            self.receive()
        except BlockingIOError:
            pass
        events = self.received.partition(FIRST_TOKEN)[2]
        if b"data:" in events:
            raise RuntimeError(f"the chat has not stayed open: {bytes(events)!r}")

    def receive(self) -> None:
        part = self.socket.recv(65_536)
        self.received += part
        if not part or not self.received.startswith(b"HTTP/1.1 200 "):
            raise RuntimeError(f"not the expected answer: {bytes(self.received)!r}")

    def __enter__(self) -> "Connection":
        return self

    def __exit__(self, *_: object) -> None:
        self.socket.close()


class Received:
    """What http.client takes for a socket."""

    def __init__(self, content: bytes) -> None:
        self.content = content

    def makefile(self, _: str) -> BytesIO:
        return BytesIO(self.content)

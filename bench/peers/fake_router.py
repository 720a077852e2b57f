"""A small router of Inference Providers: says at once what the last message said, word by word.

The model `bench/silent` says the first word and no more. `GET` tells how many chats are open. It runs in the seed's
environment, whose event loop is the quickest at hand: what is measured is what stands before it.
"""

import asyncio
import json
import os
from asyncio import StreamReader, StreamWriter

import uvloop

PAUSE = 0.002
"""Seconds between the first word and the others, so that the first one comes alone, as from a model."""

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"

open_chats = 0


async def serve(reader: StreamReader, writer: StreamWriter) -> None:
    """Answers what comes over one connection."""
    try:
        while True:
            head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
            headers = dict(line.lower().split(": ", 1) for line in head[1:-2])
            body = await reader.readexactly(int(headers.get("content-length", 0)))
            if not head[0].startswith("POST /v1/chat/completions "):
                answer(writer, "200 OK", open_chats)
            elif not headers.get("authorization", "").startswith("bearer hf_oauth_"):
                answer(writer, "401 Unauthorized", {"error": {"message": "Invalid username or password."}})
            else:
                await chat(json.loads(body), reader, writer)
    except (asyncio.IncompleteReadError, ConnectionError):
        pass  # Whoever asked has gone.
    finally:
        writer.close()


def answer(writer: StreamWriter, status: str, body: object) -> None:
    content = json.dumps(body)
    head = f"HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {len(content)}"
    writer.write(f"{head}\r\n\r\n{content}".encode())


async def chat(asked: dict[str, object], reader: StreamReader, writer: StreamWriter) -> None:
    global open_chats
    if not asked["stream"]:
        return answer(writer, "400 Bad Request", {"error": {"message": "only streams"}})
    first, *others = asked["messages"][-1]["content"].split(" ")
    open_chats += 1
    try:
        writer.write(HEAD + event(asked, {"role": "assistant", "content": first}))
        if asked["model"] == "bench/silent":
            await reader.readexactly(1)
        await asyncio.sleep(PAUSE)
        for word in others:
            writer.write(event(asked, {"content": f" {word}"}))
        writer.write(event(asked, {}, "stop") + framed("data: [DONE]\n\n") + b"0\r\n\r\n")
    finally:
        open_chats -= 1


def event(asked: dict[str, object], delta: dict[str, str], finish_reason: str | None = None) -> bytes:
    chunk = {
        "id": "chatcmpl-0123456789abcdef",
        "object": "chat.completion.chunk",
        "created": 1_767_225_600,
        "model": asked["model"],
        "system_fingerprint": None,
        "choices": [{"index": 0, "delta": delta, "finish_reason": finish_reason}],
    }
    return framed(f"data: {json.dumps(chunk, separators=(',', ':'))}\n\n")


def framed(text: str) -> bytes:
    """A chunk of HTTP/1.1."""
    return f"{len(text.encode()):x}\r\n{text}\r\n".encode()


async def main() -> None:
    server = await asyncio.start_server(serve, "127.0.0.1", int(os.environ["PORT"]), backlog=1024)
    await server.serve_forever()


uvloop.run(main())

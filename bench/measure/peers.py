"""Everything that is measured, and how it is started: each as in a Space, against the same fake Hub."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from measure.http import SPACE_HOST
from measure.server import Peer

BENCH = Path(__file__).resolve().parent.parent
CACHE = BENCH / ".cache"
CLIENT_ID = "bench-client"
HUB_METADATA = "/.well-known/openid-configuration"
CERTIFICATES = "/etc/ssl/certs/ca-certificates.crt"
"""All that the image has of them. A computer has them a second time, in some 300 files, and the app would read those, too."""
TOKEN_LENGTH = 600
"""Characters of an access token. The Hub's have 500 to 900."""

APP, APP_WITH_LOG = "this app", "this app, with its log"
SEED, SEED_DEF, SEED_ASYNC, GRADIO = "seed", "seed, `def`", "seed, `async def`", "Gradio"
BARE, SESSION = "Actix, bare", "Actix, session"


def space(hub_port: int) -> dict[str, str]:
    """The variables that Hugging Face sets in a Space with `hf_oauth: true`."""
    return {
        "SPACE_ID": "bench/space",
        "SPACE_HOST": SPACE_HOST,
        "SPACE_TITLE": "Bench",
        "OAUTH_CLIENT_ID": CLIENT_ID,
        "OAUTH_CLIENT_SECRET": "a-secret-of-the-bench",
        "OAUTH_SCOPES": "openid profile email",
        "OPENID_PROVIDER_URL": f"http://127.0.0.1:{hub_port}",
        "SSL_CERT_FILE": CERTIFICATES,
    }


def python_of(environment: str) -> str:
    return str(CACHE / environment / "bin" / "python")


def fake_hub(token_length: int = TOKEN_LENGTH) -> Peer:
    script = str(BENCH / "peers" / "fake_hub.py")
    variables = {"OAUTH_CLIENT_ID": CLIENT_ID, "TOKEN_LENGTH": str(token_length)}
    return Peer("fake Hub", [python_of("seed"), script], variables)


def chatting(hub_port: int, router_port: int) -> dict[str, str]:
    """The variables of a Space whose users have models answer, by the router on a port."""
    scopes = "openid profile email inference-api"
    return space(hub_port) | {"OAUTH_SCOPES": scopes, "HF_ROUTER_URL": f"http://127.0.0.1:{router_port}/v1"}


def fake_router() -> Peer:
    return Peer("fake router", [python_of("seed"), str(BENCH / "peers" / "fake_router.py")])


def app(hub_port: int) -> Peer:
    return Peer(APP, [programs().app], space(hub_port) | {"RUST_LOG": "warn"})


def app_with_log(hub_port: int) -> Peer:
    """The app as a Space runs it: a line in the log for each request, which no other server here writes."""
    return Peer(APP_WITH_LOG, [programs().app], space(hub_port))


def chat_app(hub_port: int, router_port: int) -> Peer:
    peer = app(hub_port)
    return replace(peer, variables={**peer.variables, **chatting(hub_port, router_port)})


def seed(hub_port: int) -> Peer:
    """The seed's example."""
    return under_uvicorn(SEED_DEF, "seed_def", space(hub_port))


def seed_async(hub_port: int) -> Peer:
    """The same, but its handler is `async def`."""
    return under_uvicorn(SEED_ASYNC, "seed_async", space(hub_port))


def chat_seed(hub_port: int, router_port: int, tuned: bool) -> Peer:
    """The seed with a chat, as it is put together by the book, or so that it reads the certificates once."""
    name, module = ("seed, tuned", "seed_chat_tuned") if tuned else ("seed, as documented", "seed_chat")
    return under_uvicorn(name, module, chatting(hub_port, router_port))


def under_uvicorn(name: str, module: str, variables: Mapping[str, str]) -> Peer:
    uvicorn = [python_of("seed"), "-m", "uvicorn", f"{module}:app", "--port={port}"]
    options = ["--loop=uvloop", "--http=httptools", "--no-access-log", "--log-level=warning"]
    return Peer(name, uvicorn + options, variables, BENCH / "peers")


def gradio(hub_port: int) -> Peer:
    script = str(BENCH / "peers" / "gradio_login.py")
    # Gradio takes SYSTEM for the sign of a Space.
    in_space = {"SYSTEM": "spaces", "GRADIO_ANALYTICS_ENABLED": "False"}
    return Peer(GRADIO, [python_of("gradio"), script], space(hub_port) | in_space)


def limit(answers: Path, session: bool) -> Peer:
    """Actix that answers from memory, bare or in a session."""
    command = [programs().limits, "{port}", str(answers)]
    return Peer(SESSION, [*command, "--session"]) if session else Peer(BARE, command)


@dataclass(frozen=True)
class Programs:
    app: str
    limits: str


def programs() -> Programs:
    """What `build-release` has built."""
    return Programs(*(CACHE / "programs").read_text().split())

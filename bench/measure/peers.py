"""Everything that is measured, and how it is started: each as in a Space, against the same fake Hub."""

from dataclasses import dataclass
from pathlib import Path

from measure.http import SPACE_HOST
from measure.server import Peer

BENCH = Path(__file__).resolve().parent.parent
CACHE = BENCH / ".cache"
CLIENT_ID = "bench-client"
HUB_METADATA = "/.well-known/openid-configuration"


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
    }


def python_of(environment: str) -> str:
    return str(CACHE / environment / "bin" / "python")


def fake_hub() -> Peer:
    script = str(BENCH / "peers" / "fake_hub.py")
    return Peer("fake Hub", [python_of("seed"), script], {"OAUTH_CLIENT_ID": CLIENT_ID})


def app(hub_port: int) -> Peer:
    return Peer("this app", [programs().app], space(hub_port) | {"RUST_LOG": "warn"})


def seed(hub_port: int, handler: str) -> Peer:
    """The seed's example, whose handler is `def` or `async def`."""
    uvicorn = [python_of("seed"), "-m", "uvicorn", f"seed_{handler.removesuffix(' def')}:app", "--port={port}"]
    options = ["--loop=uvloop", "--http=httptools", "--no-access-log", "--log-level=warning"]
    return Peer(f"seed, `{handler}`", uvicorn + options, space(hub_port), BENCH / "peers")


def gradio(hub_port: int) -> Peer:
    script = str(BENCH / "peers" / "gradio_login.py")
    # Gradio takes SYSTEM for the sign of a Space.
    in_space = {"SYSTEM": "spaces", "GRADIO_ANALYTICS_ENABLED": "False"}
    return Peer("Gradio", [python_of("gradio"), script], space(hub_port) | in_space)


def limit(answers: Path, session: bool) -> Peer:
    """Actix that answers from memory, bare or in a session."""
    command = [programs().limits, "{port}", str(answers)]
    return Peer("Actix, session", [*command, "--session"]) if session else Peer("Actix, bare", command)


@dataclass(frozen=True)
class Programs:
    app: str
    limits: str


def programs() -> Programs:
    """What `build-release` has built."""
    return Programs(*(CACHE / "programs").read_text().split())

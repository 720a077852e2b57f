"""A browser that keeps cookies, and the sign-in it does."""

import http.client
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from urllib.parse import urlencode, urlsplit

SPACE_HOST = "bench-space.hf.space"

LOGIN = "/oauth/huggingface/login"

HEADERS = {"Host": SPACE_HOST, "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
"""What each request carries, of the browser and of the load alike."""


@dataclass(frozen=True)
class Answer:
    status: int
    headers: list[tuple[str, str]]
    body: str

    def header(self, name: str) -> str:
        return next(value for header, value in self.headers if header.lower() == name)

    def wire_length(self) -> int:
        """Bytes of the whole answer in HTTP/1.1."""
        head = f"HTTP/1.1 {self.status} {HTTPStatus(self.status).phrase}"
        lines = [head, *(f"{name}: {value}" for name, value in self.headers), "", self.body]
        return len("\r\n".join(lines).encode())


def get(port: int, path: str, headers: Mapping[str, str] = {}, method: str = "GET", body: str | None = None) -> Answer:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        connection.request(method, path, body, {**HEADERS, **headers})
        response = connection.getresponse()
        return Answer(response.status, response.getheaders(), response.read().decode())
    finally:
        connection.close()


@dataclass
class Browser:
    """A visitor of the app on a port. It sends secure cookies over http, as behind the Hub's proxy."""

    port: int
    cookies: dict[str, str] = field(default_factory=dict)

    def cookie_header(self) -> dict[str, str]:
        return {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())} if self.cookies else {}

    def get(self, path: str) -> Answer:
        return self.keep_cookies(get(self.port, path, self.cookie_header()))

    def sign_in(self, user: str, orgs: int) -> None:
        """Signs in as `user`, in as many organizations, who says yes to everything."""
        self.consent(self.get(LOGIN), user, orgs)

    def sign_in_for_a_frame(self, user: str, orgs: int) -> None:
        """As in the tab of a frame, which never comes to claim the sign-in."""
        form = urlencode({"challenge": secrets.token_urlsafe(32)})
        headers = {"Origin": f"https://{SPACE_HOST}", "Content-Type": "application/x-www-form-urlencoded"}
        self.consent(self.keep_cookies(get(self.port, LOGIN, headers, "POST", form)), user, orgs)

    def consent(self, login: Answer, user: str, orgs: int) -> None:
        """Follows the redirect of a login to the Hub and back."""
        hub = urlsplit(login.header("location"))
        assert hub.port is not None
        consent = get(hub.port, f"{hub.path}?{hub.query}&user={user}&orgs={orgs}")
        callback = urlsplit(consent.header("location"))
        answer = self.get(f"{callback.path}?{callback.query}")
        if not any("session" in name or "hf-auth" in name for name in self.cookies):
            raise RuntimeError(f"the sign-in failed: {answer}")

    def keep_cookies(self, answer: Answer) -> Answer:
        for name, value in answer.headers:
            if name.lower() == "set-cookie":
                cookie, _, attributes = value.partition(";")
                key, _, content = cookie.partition("=")
                if any(removed in attributes.lower() for removed in ("max-age=0", "expires=thu, 01 jan 1970")):
                    self.cookies.pop(key, None)
                else:
                    self.cookies[key] = content
        return answer

"""A small Hugging Face Hub for all peers: metadata, consent, code exchange, user info, keys.

It runs in the seed's environment, which has what signs an id_token. A sign-in says at the consent who it is:
`/oauth/authorize?…&user=NAME&orgs=COUNT`.
"""

import json
import os
import secrets
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey

PORT = int(os.environ["PORT"])
ISSUER = f"http://127.0.0.1:{PORT}"
CLIENT_ID = os.environ["OAUTH_CLIENT_ID"]
TOKEN_LENGTH = int(os.environ["TOKEN_LENGTH"])
KEY = RSAKey.generate_key(2048, {"kid": "bench", "use": "sig", "alg": "RS256"})
METADATA = {
    "issuer": ISSUER,
    "authorization_endpoint": f"{ISSUER}/oauth/authorize",
    "token_endpoint": f"{ISSUER}/oauth/token",
    "userinfo_endpoint": f"{ISSUER}/oauth/userinfo",
    "jwks_uri": f"{ISSUER}/oauth/jwks",
    "response_types_supported": ["code"],
    "code_challenge_methods_supported": ["S256"],
    "id_token_signing_alg_values_supported": ["RS256"],
}

begun: dict[str, dict[str, str]] = {}
"""Authorization requests by code."""


def claims(user: str) -> dict[str, object]:
    """What the id_token and user info have in common."""
    return {
        "sub": user.encode().hex().rjust(24, "0")[-24:],
        "name": f"User {user}",
        "preferred_username": user,
        "email": f"{user}@example.org",
        "email_verified": True,
        "picture": f"https://cdn-avatars.huggingface.co/v1/production/uploads/{user}.png",
        "profile": f"https://huggingface.co/{user}",
        "website": f"https://{user}.example.org",
    }


def organization(number: int) -> dict[str, object]:
    return {
        "sub": f"{number:024x}",
        "name": f"Organization {number}",
        "preferred_username": f"organization-{number}",
        "picture": f"https://cdn-avatars.huggingface.co/v1/production/uploads/organization-{number}.png",
        "plan": "team",
        "canPay": False,
        "roleInOrg": "write",
        "securityRestrictions": [],
    }


def access_token(user: str, orgs: str) -> str:
    """As long as is asked for, and telling whose it is, so that nothing has to be remembered."""
    return f"hf_oauth_{user}.{orgs}.".ljust(TOKEN_LENGTH, "x")


def user_info(token: str) -> dict[str, object]:
    user, orgs, _ = token.removeprefix("hf_oauth_").split(".")
    return claims(user) | {"isPro": True, "canPay": False, "orgs": [organization(n) for n in range(int(orgs))]}


def id_token(user: str, nonce: str) -> str:
    now = int(time.time())
    times = {"iat": now, "auth_time": now, "exp": now + 28_800}
    header = {"alg": "RS256", "kid": "bench"}
    return jwt.encode(header, claims(user) | times | {"iss": ISSUER, "aud": CLIENT_ID, "nonce": nonce}, KEY)


def token_response(code: str) -> dict[str, object]:
    asked = begun.pop(code)
    answer = {
        "access_token": access_token(asked["user"], asked["orgs"]),
        "token_type": "bearer",
        "expires_in": 28_800,
        "scope": asked["scope"],
    }
    if "nonce" in asked:
        answer["id_token"] = id_token(asked["user"], asked["nonce"])
    return answer


class Hub(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        url = urlsplit(self.path)
        match url.path:
            case "/.well-known/openid-configuration":
                self.answer(METADATA)
            case "/oauth/jwks":
                self.answer(KeySet([KEY]).as_dict(private=False))
            case "/oauth/userinfo":
                self.answer(user_info(self.headers["Authorization"].removeprefix("Bearer ")))
            case "/oauth/authorize":
                asked = {name: values[0] for name, values in parse_qs(url.query).items()}
                code = secrets.token_urlsafe(16)
                begun[code] = asked
                back = "&" if "?" in asked["redirect_uri"] else "?"
                back = asked["redirect_uri"] + back + urlencode({"code": code, "state": asked["state"]})
                self.answer({}, 303, (("Location", back),))
            case _:
                self.answer({}, 404)

    def do_POST(self) -> None:
        form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        self.answer(token_response(form["code"][0]))

    def answer(self, body: object, status: int = 200, headers: tuple[tuple[str, str], ...] = ()) -> None:
        content = json.dumps(body).encode()
        self.send_response(status)
        for name, value in [("Content-Type", "application/json"), ("Content-Length", str(len(content))), *headers]:
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        pass


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128


Server(("127.0.0.1", PORT), Hub).serve_forever()

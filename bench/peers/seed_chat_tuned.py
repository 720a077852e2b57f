"""The same chat, but the certificates are read once: by itself, each client reads them anew."""

import httpx2
from huggingface_hub import set_async_client_factory

from seed_chat import app

__all__ = ["app"]

CERTIFICATES = httpx2.create_ssl_context()
set_async_client_factory(lambda: httpx2.AsyncClient(verify=CERTIFICATES, follow_redirects=True, timeout=None))

"""EC2's metadata service for one instance: version 2, with the instance's tags."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

TOKEN = "a token of the metadata service"
ROLE = "iam/security-credentials/"
CREDENTIALS = {
    "Code": "Success",
    "AccessKeyId": "testing",
    "SecretAccessKey": "testing",
    "Token": "testing",
    "Expiration": "2099-01-01T00:00:00Z",
}


class MetadataService:
    """Its answers. A test may change `paths` while it runs."""

    def __init__(self, tags: dict[str, str]) -> None:
        self.paths = {
            "instance-id": "i-0123456789abcdef0",
            "placement/region": "eu-west-2",
            "placement/availability-zone": "eu-west-2a",
            ROLE: "portal",
            f"{ROLE}portal": json.dumps(CREDENTIALS),
            **{f"tags/instance/{name}": value for name, value in tags.items()},
        }


@contextmanager
def serving(service: MetadataService, host: str, port: int = 80) -> Iterator[ThreadingHTTPServer]:
    class Handler(BaseHTTPRequestHandler):
        def do_PUT(self) -> None:
            self._answer(200, TOKEN)

        def do_GET(self) -> None:
            if self.headers.get("X-aws-ec2-metadata-token") != TOKEN:
                return self._answer(401, "")
            found = service.paths.get(self.path.removeprefix("/latest/meta-data/"))
            return self._answer(404 if found is None else 200, found or "")

        def _answer(self, status: int, text: str) -> None:
            self.send_response(status)
            self.end_headers()
            self.wfile.write(text.encode())

        def log_message(self, *_: object) -> None:
            """Writes no log."""

    with ThreadingHTTPServer((host, port), Handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield server
        finally:
            server.shutdown()

"""IAM Access Analyzer, which moto does not have. Its analyzers find nothing."""

import json
import re
from typing import Any

from tests.infrastructure.emulated_aws._services import answers

ANALYZERS: dict[str, dict[str, Any]] = {}


def fill_gaps() -> None:
    answers("access-analyzer", _answer, keeping=ANALYZERS)


def _answer(method: str, path: str, body: bytes) -> tuple[int, dict[str, Any]]:
    if method == "GET":
        return 200, {"analyzers": list(ANALYZERS.values())}
    if method == "PUT":
        asked = json.loads(body)
        name = asked["analyzerName"]
        arn = f"arn:aws:access-analyzer:eu-west-2:123456789012:analyzer/{name}"
        ANALYZERS[name] = {
            "arn": arn,
            "name": name,
            "type": asked["type"],
            "status": "ACTIVE",
            "createdAt": "2026-01-01T00:00:00Z",
            "tags": asked.get("tags", {}),
        }
        return 200, {"arn": arn}
    deleted = re.fullmatch("/analyzer/(.+)", path)
    assert deleted, f"{method} {path} is not emulated"
    del ANALYZERS[deleted[1]]
    return 200, {}

"""Asks OSV, which collects the advisories of PyPI, npm and others, for those about some packages."""

from collections.abc import Iterable, Iterator
from typing import Any

import requests

from tests.advisories.locked import Package
from tests.advisories.records import Advisory, advisories_in

ADDRESS = "https://api.osv.dev/v1"
AT_ONCE = 500
PATIENCE = 30


def about(packages: Iterable[Package], address: str = ADDRESS) -> set[Advisory]:
    """All advisories about these packages, in whatever version; raises `requests.RequestException`."""
    wanted = sorted({(package.ecosystem, package.name) for package in packages})
    with requests.Session() as session:
        queries = [{"package": {"ecosystem": eco, "name": name}} for eco, name in wanted]
        ids = set(_ids(session, address, queries))
        records = [_get(session, f"{address}/vulns/{one}") for one in sorted(ids)]
    found = {advisory for record in records for advisory in advisories_in(record)}
    return {one for one in found if (one.ecosystem, one.name) in wanted}


def _ids(session: requests.Session, address: str, queries: list[dict[str, Any]]) -> Iterator[str]:
    while queries:
        asked, queries = queries[:AT_ONCE], queries[AT_ONCE:]
        answer = session.post(f"{address}/querybatch", json={"queries": asked}, timeout=PATIENCE)
        answer.raise_for_status()
        for query, result in zip(asked, answer.json()["results"], strict=True):
            yield from (found["id"] for found in result.get("vulns", ()))
            if token := result.get("next_page_token"):
                queries.append({**query, "page_token": token})


def _get(session: requests.Session, address: str) -> dict[str, Any]:
    answer = session.get(address, timeout=PATIENCE)
    answer.raise_for_status()
    record: dict[str, Any] = answer.json()
    return record

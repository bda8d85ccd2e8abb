"""Asking an application in this process as the bench does over the wire."""

from flask import Flask
from flask.testing import FlaskClient

from tests.bench.client import Request


def ask(app: Flask, request: Request) -> tuple[int, str]:
    """The status and the text of the application's answer."""
    head, _, body = request.wire.partition(b"\r\n\r\n")
    first, *lines = head.decode().split("\r\n")
    method, path, _ = first.split()
    headers = dict(line.split(": ", 1) for line in lines)
    client: FlaskClient = app.test_client(use_cookies=False)
    answer = client.open(path, method=method, headers=headers, data=body)
    return answer.status_code, answer.text

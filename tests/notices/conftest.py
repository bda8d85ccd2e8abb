"""Sends notices one by one, as the worker does."""

from datetime import datetime

import pytest
from flask import Flask

from portal.notices.sending import actions
from portal.notices.sending.post_office import PostOffice
from tests.builders import NOW, contexts_for
from tests.notices.sending import HOSPITAL, Send, Sessions


@pytest.fixture
def send(app: Flask, sessions: Sessions, post: PostOffice) -> Send:
    """Sends one notice, by default as at NOW. Returns whether there may be more."""

    def send_next(now: datetime = NOW) -> bool:
        with app.app_context():
            return actions.send_next(contexts_for(sessions, now, HOSPITAL), post=post)

    return send_next

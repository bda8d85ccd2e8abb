"""Files that came with a form, until a row makes documents of them.

They are remembered under the form's submission key, on the shared file system and without the
database: a session that has expired, or a database that is away, costs nobody a second upload.
"""

from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass, replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.access import Actor
from portal.documents.actions import NewFile
from portal.documents.file_names import safe_name
from portal.documents.kinds import Kind, kind_of
from portal.documents.thumbnails import WITH_PICTURE
from portal.errors import PortalError
from portal.models import SignInSession
from portal.shared_files import SharedFiles, Staged, StoredFile


@dataclass(frozen=True, slots=True)
class Received:
    """A file that came with a form: whole, on the disk, and of a kind that can become a document."""

    stored: StoredFile
    name: str
    """As it was called where it came from, safe to show."""
    kind: Kind
    twins: tuple[str, ...] = ()
    """Other names under which the same content came."""

    @property
    def new_file(self) -> NewFile:
        return NewFile(
            stored=self.stored,
            content_type=self.kind.value,
            name=self.name,
            has_picture=self.kind in WITH_PICTURE,
        )


def judged(store: SharedFiles, stored: StoredFile, name: str) -> Kind:
    """What the file is by its content. Raises `Unsuitable` with words for its sender."""
    with store.open(stored) as file:
        return kind_of(file, size=stored.size, name=name)


def remember(
    store: SharedFiles, *, key: str, stored: StoredFile, name: str, kind: Kind, token: str
) -> None:
    """`token` is that of the sign-in session in whose browser the form was filled in."""
    label = {
        "name": safe_name(name, kind),
        "kind": kind.value,
        "session": SignInSession.hash_of(token),
    }
    store.stage(key, stored, label)


def received(
    session: Session, store: SharedFiles, *, by: Actor, key: str, token: str
) -> list[Received]:
    """What came under the key from the actor's own sessions: each content once, oldest first."""
    staged = store.staged(key)
    own = _own_sessions(
        session, by, {one.label["session"] for one in staged}, SignInSession.hash_of(token)
    )
    found: dict[str, Received] = {}
    for one in (_received(staged) for staged in staged if staged.label["session"] in own):
        first = found.setdefault(one.stored.sha256, one)
        if one.name not in (first.name, *first.twins):
            found[one.stored.sha256] = replace(first, twins=(*first.twins, one.name))
    return list(found.values())


def forget(store: SharedFiles, key: str) -> None:
    """What was under the key has its rows. Failing is fine: the sweep forgets it too."""
    with suppress(PortalError):
        store.forget(key)


def leave_out(
    store: SharedFiles, *, key: str, names: Collection[str], among: list[Received]
) -> list[Received]:
    """What stays without the files of these names. The sweep removes them: a row may be on its way."""
    for one in among:
        if one.stored.name in names:
            store.unstage(key, one.stored.name)
    return [one for one in among if one.stored.name not in names]


def _received(staged: Staged) -> Received:
    return Received(staged.stored, staged.label["name"], Kind(staged.label["kind"]))


def _own_sessions(session: Session, by: Actor, hashes: set[str], mine: str) -> set[str]:
    """Those of the sessions that are, or were, the actor's. Whoever signs in next is somebody else."""
    others = hashes - {mine}
    if not others:
        return {mine}
    theirs = select(SignInSession.token_hash).where(
        SignInSession.token_hash.in_(others), SignInSession.account_id == by.account_id
    )
    return {mine, *session.scalars(theirs)}

"""Received files of a form, until they become documents.

The shared file system keeps them under the form's submission key, without the database. So nobody has to
upload a file again after a session expired or the database was unavailable.
"""

from collections.abc import Collection
from contextlib import closing, suppress
from dataclasses import dataclass, replace

from sqlalchemy import select

from portal.context import Context
from portal.documents.adding.actions import NewFile
from portal.documents.adding.file_names import safe_name
from portal.documents.checking.kinds import Kind, kind_of
from portal.documents.checking.metadata import edited, edits
from portal.documents.checking.pieces import in_pieces
from portal.documents.checking.thumbnails import WITH_PICTURE
from portal.errors import PortalError
from portal.models import SignInSession
from portal.shared_files import SharedFiles, Staged, StoredFile

ADDED = 100
"""The most bytes that the new orientation note adds to a picture."""


@dataclass(frozen=True, slots=True)
class Received:
    """A completely received file, of a kind that can become a document."""

    stored: StoredFile
    name: str
    """Its original name, safe to show."""
    kind: Kind
    twins: tuple[str, ...] = ()
    """Other names of the same content."""

    @property
    def new_file(self) -> NewFile:
        return NewFile(
            stored=self.stored,
            content_type=self.kind.value,
            name=self.name,
            has_picture=self.kind in WITH_PICTURE,
        )


@dataclass(frozen=True, slots=True)
class Tray:
    """The folder for the files of one form."""

    store: SharedFiles
    key: str
    """The form's submission key."""
    token: str
    """The sign-in session in which the form was filled in."""

    def judged(self, stored: StoredFile, name: str) -> Kind:
        """The kind of the file by its content. Raises `Unsuitable` with a message for its sender."""
        with self.store.open(stored) as file:
            return kind_of(file, size=stored.size, name=name)

    def bare(self, stored: StoredFile, kind: Kind) -> StoredFile:
        """The file; a picture without its metadata, such as the place where it was taken."""
        with self.store.open(stored) as file, in_pieces(file) as readable:
            changes = edits(readable, stored.size, kind)
            if not changes:
                return stored
            with closing(self.store.begin(limit=stored.size + ADDED)) as writer:
                for piece in edited(readable, stored.size, changes):
                    writer.write(piece)
                bare = writer.finish()
        self.store.remove(stored.name)
        return bare

    def put(self, stored: StoredFile, name: str, kind: Kind) -> None:
        label = {
            "name": safe_name(name, kind),
            "kind": kind.value,
            "session": SignInSession.hash_of(self.token),
        }
        self.store.stage(self.key, stored, label)

    def received(self, context: Context) -> list[Received]:
        """The files from the actor's own sessions, oldest first, without duplicates."""
        staged = self.store.staged(self.key)
        sessions = {one.label["session"] for one in staged}
        own = _own_sessions(context, sessions, SignInSession.hash_of(self.token))
        found: dict[str, Received] = {}
        for one in (_received(staged) for staged in staged if staged.label["session"] in own):
            first = found.setdefault(one.stored.sha256, one)
            if one.name not in (first.name, *first.twins):
                found[one.stored.sha256] = replace(first, twins=(*first.twins, one.name))
        return list(found.values())

    def leave_out(self, names: Collection[str], among: list[Received]) -> list[Received]:
        """The other files, without these names. The sweep removes those later, as their row may just be
        added.
        """
        for one in among:
            if one.stored.name in names:
                self.store.unstage(self.key, one.stored.name)
        return [one for one in among if one.stored.name not in names]

    def forget(self) -> None:
        """Deletes the folder's notes once its files have rows. If this fails, the sweep does it later."""
        with suppress(PortalError):
            self.store.forget(self.key)


def _received(staged: Staged) -> Received:
    return Received(staged.stored, staged.label["name"], Kind(staged.label["kind"]))


def _own_sessions(context: Context, hashes: set[str], mine: str) -> set[str]:
    """Those of the hashes that belong to the actor's own sessions, not to others at the same computer."""
    others = hashes - {mine}
    if not others:
        return {mine}
    theirs = select(SignInSession.token_hash).where(
        SignInSession.token_hash.in_(others), SignInSession.account_id == context.by.account_id
    )
    return {mine, *context.session.scalars(theirs)}

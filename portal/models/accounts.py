"""The accounts that people sign in with."""

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.access import CLINICIANS, Actor, Role
from portal.models.base import At, Base, Key, MaybeAt, PrimaryKey, Ref, Version, exact_text
from portal.models.practitioners import Practitioner


def role_values(roles: frozenset[Role]) -> str:
    """The roles as stored in `Account.role_values`: sorted, so that equal sets are equal texts."""
    return " ".join(sorted(role.value for role in roles))


def roles_held(values: str, *, at_work: bool = True) -> frozenset[Role]:
    """The roles behind `Account.role_values`.

    A practitioner who has left loses the roles of doctor and nurse at once.
    """
    roles = frozenset(Role(value) for value in values.split())
    return roles if at_work else roles - CLINICIANS


class Account(Base):
    """A person's account at the identity provider, known by issuer and subject, never by email."""

    __tablename__ = "account"
    __table_args__ = (
        UniqueConstraint("issuer", "subject"),
        Index(None, "email"),
        Index(None, "role_values", "name"),
    )

    id: Mapped[PrimaryKey]
    ref: Mapped[Ref]
    issuer: Mapped[str] = mapped_column(exact_text(255))
    subject: Mapped[str] = mapped_column(exact_text(255))
    username: Mapped[str | None] = mapped_column(String(128))
    """The username of a member of staff at the identity provider."""
    name: Mapped[str] = mapped_column(String(200))
    email: Mapped[str | None] = mapped_column(String(254))
    role_values: Mapped[str] = mapped_column(String(100))
    """Role values joined by spaces, from the last sign-in or the administrator's last change."""
    practitioner_id: Mapped[int | None] = mapped_column(
        Key, ForeignKey("practitioner.id"), unique=True
    )
    disabled_at: Mapped[MaybeAt]
    version: Mapped[Version]
    """Grows when a field that administrators see changes."""
    created_at: Mapped[At]

    practitioner: Mapped[Practitioner | None] = relationship()

    @property
    def roles(self) -> frozenset[Role]:
        return roles_held(self.role_values)

    def actor(self, session_ref: str | None = None) -> Actor:
        """The actor when somebody is signed in with this account."""
        return Actor(
            account_id=self.id,
            ref=self.ref,
            name=self.name,
            roles=self.roles,
            practitioner_id=self.practitioner_id,
            session_ref=session_ref,
        )

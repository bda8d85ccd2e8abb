"""The accounts that people sign in with."""

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.access import Role
from portal.models.base import At, Base, Key, MaybeAt, PrimaryKey, Ref, exact_text
from portal.models.practitioners import Practitioner


def role_values(roles: frozenset[Role]) -> str:
    """The roles as `Account.role_values` keeps them: sorted, so that equal sets are equal texts."""
    return " ".join(sorted(role.value for role in roles))


class Account(Base):
    """A person's account at the identity provider, known by issuer and subject, never by e-mail."""

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
    """The name under which the identity provider's administration knows a member of staff."""
    name: Mapped[str] = mapped_column(String(200))
    email: Mapped[str | None] = mapped_column(String(254))
    role_values: Mapped[str] = mapped_column(String(100))
    """Role values joined by spaces, as the last sign-in (or the administrator) gave them."""
    practitioner_id: Mapped[int | None] = mapped_column(
        Key, ForeignKey("practitioner.id"), unique=True
    )
    disabled_at: Mapped[MaybeAt]
    created_at: Mapped[At]

    practitioner: Mapped[Practitioner | None] = relationship()

    @property
    def roles(self) -> frozenset[Role]:
        return frozenset(Role(value) for value in self.role_values.split())

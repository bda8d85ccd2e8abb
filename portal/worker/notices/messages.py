"""What a notice says: date, time and hospital; nothing of health, and nobody's name."""

import hashlib
from collections.abc import Mapping
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import parseaddr

from flask import current_app

from portal.hospital import Hospital
from portal.worker.mail.undelivered import ADDRESS, Undelivered
from portal.worker.notices.due import Due
from portal.worker.notices.recipients import Recipient

# Pure ASCII on the wire: no mail server on the way has to know better.
_WIRE = SMTP.clone(cte_type="7bit")


def compose(
    due: Due, recipient: Recipient, *, sender: str, link: str, hospital: Hospital
) -> EmailMessage:
    """The message for one recipient, in plain text and HTML. Needs an application context.

    Raises `Undelivered` when the recipient's address is none.
    """
    facts = {
        "occasion": due.occasion.value,
        "starts_at": due.starts_at,
        "for_somebody": recipient.acts_for_somebody,
        "hospital": hospital,
        "link": link,
    }
    name, address = parseaddr(sender)
    message = EmailMessage(policy=_WIRE)
    message["From"] = Address(name or hospital.name, addr_spec=address)
    message["To"] = _one_address(recipient.address)
    message["Subject"] = _rendered("subject.txt", facts)
    message["Message-ID"] = message_id(due.ref, recipient.reference, address)
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(_rendered("message.txt", facts))
    message.add_alternative(_rendered("message.html", facts), subtype="html")
    return message


def message_id(notice_ref: str, recipient: str, sender: str) -> str:
    """The same at every attempt: it tells a second copy from a second notice."""
    digest = hashlib.sha256(f"{notice_ref} {recipient}".encode()).hexdigest()[:40]
    return f"<{digest}@{sender.rpartition('@')[2]}>"


def _one_address(text: str) -> Address:
    try:
        return Address(addr_spec=text)
    except (MessageError, ValueError, IndexError):
        raise Undelivered(ADDRESS, permanent=True) from None


def _rendered(name: str, facts: Mapping[str, object]) -> str:
    """Without the context that pages get: there is no request and nobody is signed in."""
    return current_app.jinja_env.get_template(f"notices/{name}").render(facts).strip()

"""The text of a notice: date, time and hospital, but no name and nothing about health."""

import hashlib
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import parseaddr

from portal.notices.mail.undelivered import ADDRESS, Undelivered
from portal.notices.sending.due import Due, DueToStaff
from portal.notices.sending.post_office import PostOffice
from portal.notices.sending.recipients import Recipient
from portal.settings.hospital import Hospital

# Pure ASCII in transit, so that every mail server can handle it.
_WIRE = SMTP.clone(cte_type="7bit")


def compose(
    due: Due | DueToStaff, recipient: Recipient, post: PostOffice, hospital: Hospital
) -> EmailMessage:
    """The message for one recipient, in plain text and HTML.

    Raises `Undelivered` when the recipient's address is not valid.
    """
    facts = {
        "occasion": due.occasion.value,
        "starts_at": due.starts_at,
        "for_somebody": recipient.acts_for_somebody,
        "hospital": hospital,
        "link": post.link,
    }
    name, address = parseaddr(post.sender)
    message = EmailMessage(policy=_WIRE)
    message["From"] = Address(name or hospital.name, addr_spec=address)
    message["To"] = _one_address(recipient.address)
    message["Subject"] = post.render("notices/subject.txt", facts)
    message["Message-ID"] = message_id(due.ref, recipient.reference, address)
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(post.render("notices/message.txt", facts))
    message.add_alternative(post.render("notices/message.html", facts), subtype="html")
    return message


def message_id(notice_ref: str, recipient: str, sender: str) -> str:
    """The same in every attempt, so that mail programs recognise a second copy."""
    digest = hashlib.sha256(f"{notice_ref} {recipient}".encode()).hexdigest()[:40]
    return f"<{digest}@{sender.rpartition('@')[2]}>"


def _one_address(text: str) -> Address:
    try:
        return Address(addr_spec=text)
    except (MessageError, ValueError, IndexError):
        raise Undelivered(ADDRESS, permanent=True) from None

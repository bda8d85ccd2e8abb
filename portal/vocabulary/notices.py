"""What patients, and sometimes staff, are told by email."""

from portal.vocabulary.term import Term


class Occasion(Term):
    """The reason for a notice: a change of a patient's appointment, or an author's unsigned notes."""

    BOOKED = "booked", "Booked"
    MOVED = "moved", "Moved"
    CANCELLED = "cancelled", "Cancelled"
    REMINDER = "reminder", "Reminder"
    WITHDRAWN = "withdrawn", "Needs a new time"
    """Leave or a closure took out the slot."""
    RESTORED = "restored", "Back at its time"
    """The slot was restored after the patient had been told."""
    UNSIGNED_NOTES = "unsigned-notes", "Unsigned notes"


OF_APPOINTMENTS = tuple(one for one in Occasion if one is not Occasion.UNSIGNED_NOTES)


class NoticeState(Term):
    """The state of sending a notice."""

    WAITING = "waiting", "Waiting"
    SENDING = "sending", "Being sent"
    """A worker has claimed it; after the end of the lease, any worker may claim it again."""
    SENT = "sent", "Sent"
    DROPPED = "dropped", "Not needed"
    """A later change made it out of date, or there was no recipient."""
    FAILED = "failed", "Failed"
    """The last retry failed. An administrator may send it again."""

"""What patients, and sometimes staff, are told by email."""

from portal.vocabulary.term import Term


class Occasion(Term):
    """What a notice tells: the patient about their appointment, or an author about unsigned notes."""

    BOOKED = "booked", "Booked"
    MOVED = "moved", "Moved"
    CANCELLED = "cancelled", "Cancelled"
    REMINDER = "reminder", "Reminder"
    WITHDRAWN = "withdrawn", "Needs a new time"
    """Leave or a closure took the time away."""
    RESTORED = "restored", "Back at its time"
    """The time was given back after the patient had been told."""
    UNSIGNED_NOTES = "unsigned-notes", "Unsigned notes"


OF_APPOINTMENTS = tuple(one for one in Occasion if one is not Occasion.UNSIGNED_NOTES)


class NoticeState(Term):
    """How far a notice is on its way to the patient."""

    WAITING = "waiting", "Waiting"
    SENDING = "sending", "Being sent"
    """A worker has it until its lease ends; after that any worker may take it again."""
    SENT = "sent", "Sent"
    DROPPED = "dropped", "Not needed"
    """A later change made it untrue, or there was nobody to send it to."""
    FAILED = "failed", "Failed"
    """The last retry failed. An administrator sees it and may send it again."""

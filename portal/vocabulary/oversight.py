"""What administrators review."""

from portal.vocabulary.term import Term


class ReviewOutcome(Term):
    """The outcome of an administrator's review of an emergency access."""

    WAITING = "waiting", "Waiting for review"
    JUSTIFIED = "justified", "Justified"
    TO_BE_ASKED = "to-be-asked", "To be asked"
    ESCALATED = "escalated", "Escalated"

"""Why a message was not delivered."""


class Undelivered(Exception):
    """A message was not accepted, or the result is unknown.

    `words` give the reason without names. `permanent`: a retry would fail too. `everywhere`: the cause is not
    this message, so others would fail now too.
    """

    def __init__(self, words: str, *, permanent: bool = False, everywhere: bool = False) -> None:
        super().__init__(words)
        self.words = words
        self.permanent = permanent
        self.everywhere = everywhere


UNREACHABLE = "The mail service could not be reached."
LATER = "The mail service asked us to try again later."
ADDRESS = "The recipient's email address is not accepted."
MESSAGE = "The mail service does not accept the message."

"""Why a message did not leave."""


class Undelivered(Exception):
    """A message was not taken, or it is not known whether it was.

    `words` say why without naming anybody. `permanent`: trying again would end the same way.
    `everywhere`: it is not about this message, so others would fare no better just now.
    """

    def __init__(self, words: str, *, permanent: bool = False, everywhere: bool = False) -> None:
        super().__init__(words)
        self.words = words
        self.permanent = permanent
        self.everywhere = everywhere


UNREACHABLE = "The mail service could not be reached."
LATER = "The mail service asked us to try again later."
ADDRESS = "The recipient's e-mail address is not accepted."
MESSAGE = "The mail service does not accept the message."

"""Names for the people of a drill."""

from portal.development.cognito.accounts import Account


def letters(number: int) -> str:
    """A name for a number. Names contain no digits, and no name is the beginning of another."""
    return "".join(chr(ord("a") + int(digit)) for digit in f"{number:04}")


def a_newcomer(number: int) -> Account:
    """A person who has an account at the identity provider but not in the portal."""
    sub = f"newcomer-{number}"
    attributes = {"sub": sub, "email": f"{sub}@example.org", "name": f"Newcomer {letters(number)}"}
    return Account(sub=sub, attributes=attributes)

"""What the people of a drill are called."""

from portal.development.cognito.accounts import Account


def letters(number: int) -> str:
    """A name for a number: names hold no digits, and none is the beginning of another."""
    return "".join(chr(ord("a") + int(digit)) for digit in f"{number:04}")


def a_newcomer(number: int) -> Account:
    """A person with an account at the identity provider and none in the portal."""
    sub = f"newcomer-{number}"
    attributes = {"sub": sub, "email": f"{sub}@example.org", "name": f"Newcomer {letters(number)}"}
    return Account(sub=sub, attributes=attributes)

"""The errors of the `cognito-idp` API, by Cognito's own names."""


class IdentityError(Exception):
    """An answer with status 400 whose `__type` is the name of the class."""

    @property
    def type(self) -> str:
        return type(self).__name__


class UsernameExistsException(IdentityError):
    """Somebody with this e-mail address is in the pool already."""


class UserNotFoundException(IdentityError):
    """Nobody with this username is in the pool."""


class InvalidParameterException(IdentityError):
    """A parameter is missing, or its value cannot be right."""


class ResourceNotFoundException(IdentityError):
    """The pool or the group does not exist."""


class NotAuthorizedException(IdentityError):
    """The account is not in a state in which this can be done."""


class EnableSoftwareTokenMFAException(IdentityError):
    """The code that should verify an authenticator app is not the app's."""


class SoftwareTokenMFANotFoundException(IdentityError):
    """No authenticator app was associated before."""


class MissingAuthenticationTokenException(IdentityError):
    """The request carries no signature."""


class UnknownOperationException(IdentityError):
    """The operation does not exist here."""

"""The errors of the `cognito-idp` API, by Cognito's own names."""


class IdentityError(Exception):
    """An answer with status 400 whose `__type` is the name of the class."""

    @property
    def type(self) -> str:
        return type(self).__name__


class UsernameExistsException(IdentityError):
    """Somebody with this email address is in the pool already."""


class UserNotFoundException(IdentityError):
    """Nobody with this username is in the pool."""


class InvalidParameterException(IdentityError):
    """A parameter is missing, or its value is not valid."""


class ResourceNotFoundException(IdentityError):
    """The pool or the group does not exist."""


class NotAuthorizedException(IdentityError):
    """This can't be done in the account's present state."""


class EnableSoftwareTokenMFAException(IdentityError):
    """The code that should verify an authenticator app is not the app's."""


class SoftwareTokenMFANotFoundException(IdentityError):
    """No authenticator app was associated before."""


class MissingAuthenticationTokenException(IdentityError):
    """The request carries no signature."""


class UnknownOperationException(IdentityError):
    """The operation does not exist here."""

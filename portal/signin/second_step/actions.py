"""Changing the actor's own second step.

The portal's rows are written first, so that nothing can fail after the provider has changed it.
"""

from sqlalchemy import update

from portal.access import Deed
from portal.context import Context
from portal.models import SignInSession
from portal.signin import own_account
from portal.signin.second_step.queries import is_set_up
from portal.signin.second_step.software_token import SoftwareTokens


def set_up(context: Context, tokens: SoftwareTokens, access_token: str, code: str) -> None:
    """Raises `WrongCode`, or `SetUpOver` when the access token is too old."""
    _open_everything(context)
    replaced = is_set_up(context, tokens)
    own_account.remember(context, Deed.SET_UP_SECOND_STEP, replaced=replaced)
    tokens.confirm(access_token, code)


def turn_off(context: Context, tokens: SoftwareTokens, access_token: str) -> None:
    own_account.remember(context, Deed.TURN_OFF_SECOND_STEP)
    tokens.turn_off(access_token)


def _open_everything(context: Context) -> None:
    """Only for this session. Others began with only the password and stay restricted."""
    context.session.execute(
        update(SignInSession)
        .where(SignInSession.ref == context.by.session_ref)
        .values(needs_second_step=False)
        .execution_options(synchronize_session=False)
    )

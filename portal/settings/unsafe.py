"""Unsafe settings: secrets that are too short, and values that are only for a developer's machine."""

from ipaddress import ip_address
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from portal.settings.hospital import MEGABYTE

if TYPE_CHECKING:
    from portal.settings.configuration import OpenIdProvider, Settings

COGNITO_ISSUER = "https://cognito-idp.<region>.amazonaws.com/<user pool id>"
COGNITO_ENDPOINT = "AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER"
"""boto3's own variable."""


def faults_of(settings: "Settings") -> list[str]:
    """One sentence per fault, with its fix."""
    faults = []
    if len(settings.secret_key) < 32:
        faults.append(
            "SECRET_KEY is shorter than 32 characters. Make one with"
            " `python -c 'import secrets; print(secrets.token_urlsafe(48))'`."
        )
    if any(len(one) < 32 for one in settings.secret_key_fallbacks):
        faults.append(
            "SECRET_KEY_FALLBACKS holds a key that is shorter than 32 characters. Write whole keys with"
            " spaces between."
        )
    if len(settings.audit_secret) < 32 <= len(settings.secret_key):
        faults.append("AUDIT_SEAL_KEY is shorter than 32 characters. Make one as for SECRET_KEY.")
    parts = urlsplit(settings.portal_url)
    if parts.path or parts.query or parts.fragment or parts.username:
        faults.append("PORTAL_URL is more than an origin. Leave out everything after the host.")
    if settings.user_pool_id and not settings.user_pool_endpoint and _is_local(settings.sign_in):
        faults.append(
            f"COGNITO_USER_POOL_ID is set, but people sign in on this machine. Set {COGNITO_ENDPOINT}"
            " to the development sign-in, such as http://127.0.0.1:8001, or staff accounts would be"
            " made at Amazon."
        )
    if fault := _too_long_for_the_proxy(settings):
        faults.append(fault)
    return faults if settings.development else faults + _unfit_for_production(settings)


def _unfit_for_production(settings: "Settings") -> list[str]:
    """Values that are allowed on a developer's machine but never in production."""
    faults = []
    if not settings.secure_cookies:
        faults.append(
            "PORTAL_URL is plain HTTP, so cookies would travel in clear. Set it to an https:// address."
        )
    if not settings.sign_in.issuer.startswith("https:") or _is_local(settings.sign_in):
        faults.append(
            "OIDC_ISSUER is plain HTTP or on this machine, as the development sign-in is, which lets"
            f" anybody in as anybody. Set it to your provider's issuer, such as {COGNITO_ISSUER}."
        )
    if not (settings.sign_in.logout_url or "https:").startswith("https:"):
        faults.append("OIDC_LOGOUT_URL is plain HTTP. Set it to an https:// address.")
    if not (settings.user_pool_endpoint or "https:").startswith("https:"):
        faults.append(f"{COGNITO_ENDPOINT} is plain HTTP. Leave it unset to use Amazon's own.")
    if not settings.database_url.startswith("sqlite") and not settings.database_ca:
        faults.append(
            "DATABASE_CA is not set, so nobody would check whether the database is the right one. Set it"
            " to the file with the authority that signed its certificate."
        )
    if settings.sign_in.cognito and not settings.user_pool_id:
        faults.append(
            "COGNITO_USER_POOL_ID is not set, so staff would need no second step. Set it to the pool's"
            " id, such as eu-west-2_AbCdEfGhI."
        )
    if settings.mail.transport == "console":
        faults.append(
            "MAIL_TRANSPORT is console, so nobody would get emails. Set it to ses or smtp."
        )
    return faults


def _too_long_for_the_proxy(settings: "Settings") -> str | None:
    most, needed = settings.largest_request_megabytes, settings.hospital.upload_bytes / MEGABYTE
    if most is None or needed <= most:
        return None
    return (
        f"A form with DOCUMENTS_AT_ONCE files of DOCUMENT_MEGABYTES may have {needed:.0f} MB, but the"
        f" proxy before the portal lets {most} MB through (LARGEST_REQUEST_MEGABYTES). Lower one of"
        " them, or bake an image that lets more through."
    )


def _is_local(provider: "OpenIdProvider") -> bool:
    return _is_this_machine(urlsplit(provider.issuer).hostname or "")


def _is_this_machine(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")

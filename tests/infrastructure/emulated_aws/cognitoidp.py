"""Cognito user pools: what moto lacks."""

import json
from collections.abc import Callable
from typing import Any

from moto.cognitoidp import models, responses
from moto.cognitoidp.exceptions import InvalidParameterException, ResourceNotFoundError
from moto.core.responses import ActionResult


def fill_gaps() -> None:
    _keep_risk_configurations()
    _know_the_standard_attributes()
    _protect_from_deletion()
    _know_managed_login()


def _keep_risk_configurations() -> None:
    """moto has neither SetRiskConfiguration nor DescribeRiskConfiguration."""

    def describe(response: responses.CognitoIdpResponse) -> ActionResult:
        asked = json.loads(response.body)
        pool = response.backend.describe_user_pool(asked["UserPoolId"])
        return ActionResult({"RiskConfiguration": getattr(pool, "risk_configuration", asked)})

    def set_it(response: responses.CognitoIdpResponse) -> ActionResult:
        asked = json.loads(response.body)
        response.backend.describe_user_pool(asked["UserPoolId"]).risk_configuration = asked
        return ActionResult({"RiskConfiguration": asked})

    responses.CognitoIdpResponse.describe_risk_configuration = describe
    responses.CognitoIdpResponse.set_risk_configuration = set_it


def _know_the_standard_attributes() -> None:
    """A pool made with a schema has AWS's standard attributes too; in moto only those of the schema."""
    make = models.CognitoIdpUserPool.__init__
    attribute = models.CognitoIdpUserPoolAttribute

    def make_with_all(pool: models.CognitoIdpUserPool, *arguments: Any, **more: Any) -> None:
        make(pool, *arguments, **more)
        for name, schema in attribute.STANDARD_SCHEMA.items():
            pool.schema_attributes.setdefault(name, attribute(name, False, schema))

    models.CognitoIdpUserPool.__init__ = make_with_all


def _protect_from_deletion() -> None:
    """moto ignores the DeletionProtection of a pool."""
    delete = responses.CognitoIdpResponse.delete_user_pool

    def delete_unprotected(response: responses.CognitoIdpResponse) -> ActionResult:
        pool = response.backend.describe_user_pool(json.loads(response.body)["UserPoolId"])
        if pool.extended_config.get("DeletionProtection") == "ACTIVE":
            raise InvalidParameterException("The user pool is protected from deletion.")
        return delete(response)

    responses.CognitoIdpResponse.delete_user_pool = delete_unprotected


def _know_managed_login() -> None:
    """moto's domains have no ManagedLoginVersion, and its clients no style."""
    shown = models.CognitoIdpUserPoolDomain.to_json
    kinds = responses.CognitoIdpResponse

    def keeping_the_version(act: Callable[..., ActionResult]) -> Callable[..., ActionResult]:
        def keep(response: responses.CognitoIdpResponse) -> ActionResult:
            answer, asked = act(response), json.loads(response.body)
            domain = response.backend.user_pool_domains[asked["Domain"]]
            domain.managed_login_version = asked.get("ManagedLoginVersion", 1)
            return answer

        return keep

    def shown_with_version(domain: models.CognitoIdpUserPoolDomain, **more: Any) -> dict[str, Any]:
        version = getattr(domain, "managed_login_version", 1)
        return {**shown(domain, **more), "ManagedLoginVersion": version}

    kinds.create_user_pool_domain = keeping_the_version(kinds.create_user_pool_domain)
    kinds.update_user_pool_domain = keeping_the_version(kinds.update_user_pool_domain)
    models.CognitoIdpUserPoolDomain.to_json = shown_with_version
    kinds.create_managed_login_branding = _make_a_style
    kinds.describe_managed_login_branding_by_client = _show_a_style


def _make_a_style(response: responses.CognitoIdpResponse) -> ActionResult:
    asked = json.loads(response.body)
    style = {**asked, "ManagedLoginBrandingId": asked["ClientId"]}
    _client(response, asked).style = style
    return ActionResult({"ManagedLoginBranding": style})


def _show_a_style(response: responses.CognitoIdpResponse) -> ActionResult:
    style = getattr(_client(response, json.loads(response.body)), "style", None)
    if style is None:
        raise ResourceNotFoundError("The client has no style.")
    return ActionResult({"ManagedLoginBranding": style})


def _client(response: responses.CognitoIdpResponse, asked: dict[str, str]) -> Any:
    return response.backend.describe_user_pool_client(asked["UserPoolId"], asked["ClientId"])

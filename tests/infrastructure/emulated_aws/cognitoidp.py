"""Cognito user pools: what moto lacks."""

import json
from typing import Any

from moto.cognitoidp import models, responses
from moto.cognitoidp.exceptions import InvalidParameterException
from moto.core.responses import ActionResult, EmptyResult


def fill_gaps() -> None:
    _keep_risk_configurations()
    _know_the_standard_attributes()
    _protect_from_deletion()


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
    """moto deletes a pool whatever its DeletionProtection says."""
    delete = responses.CognitoIdpResponse.delete_user_pool

    def delete_unprotected(response: responses.CognitoIdpResponse) -> EmptyResult:
        pool = response.backend.describe_user_pool(json.loads(response.body)["UserPoolId"])
        if pool.extended_config.get("DeletionProtection") == "ACTIVE":
            raise InvalidParameterException("The user pool is protected from deletion.")
        return delete(response)

    responses.CognitoIdpResponse.delete_user_pool = delete_unprotected

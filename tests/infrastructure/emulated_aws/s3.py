"""S3: where moto falls short."""

from typing import Any

from moto.iam.access_control import IAMPolicyStatement, PermissionResult


def fill_gaps() -> None:
    _apply_statements_only_when_their_conditions_hold()


def _apply_statements_only_when_their_conditions_hold() -> None:
    """In AWS a statement whose condition does not hold says nothing; in moto it denies.

    moto knows no condition on booleans either, so a bucket that refuses what comes in clear would refuse
    everything. On loopback all counts as TLS.
    """
    judge = IAMPolicyStatement.is_action_permitted

    def judge_if_it_applies(
        statement: IAMPolicyStatement, *asked: Any, **more: Any
    ) -> PermissionResult:
        conditions = statement._statement.get("Condition", {})
        in_clear = conditions.get("Bool", {}).get("aws:SecureTransport") == "false"
        values = more.get("incoming_condition_values")
        if in_clear or not statement._check_conditions(values):
            return PermissionResult.NEUTRAL
        return judge(statement, *asked, **more)

    IAMPolicyStatement.is_action_permitted = judge_if_it_applies

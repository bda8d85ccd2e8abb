"""What moto's KMS lacks."""

import json
from typing import Any

from moto.iam.models import iam_backends
from moto.kms.exceptions import ValidationException
from moto.kms.models import KmsBackend


def fill_gaps() -> None:
    """Keys may be deleted, restored and enabled by ARN or id. Policies may only name roles that exist."""
    _refuse_unknown_roles()
    for operation in ("schedule_key_deletion", "cancel_key_deletion", "enable_key", "disable_key"):
        _by_any_id(operation)


def _refuse_unknown_roles() -> None:
    create = KmsBackend.create_key

    def create_for_who_stands(
        backend: KmsBackend, policy: str, *arguments: Any, **options: Any
    ) -> Any:
        roles = {role.arn for role in iam_backends[backend.account_id]["aws"].roles.values()}
        for statement in json.loads(policy or "{}").get("Statement", []):
            named = statement["Principal"].get("AWS", "")
            if ":role/" in named and named not in roles:
                raise ValidationException(f"MalformedPolicyDocument: there is no {named}")
        return create(backend, policy, *arguments, **options)

    KmsBackend.create_key = create_for_who_stands


def _by_any_id(operation: str) -> None:
    by_id = getattr(KmsBackend, operation)

    def by_any_id(backend: KmsBackend, key_id: str, *arguments: Any, **options: Any) -> Any:
        return by_id(backend, backend.any_id_to_key_id(key_id), *arguments, **options)

    setattr(KmsBackend, operation, by_any_id)

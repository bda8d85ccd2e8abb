"""What moto's KMS lacks."""

from typing import Any

from moto.kms.models import KmsBackend


def fill_gaps() -> None:
    """Keys may be deleted, brought back and enabled by their ARN as by their id."""
    for operation in ("schedule_key_deletion", "cancel_key_deletion", "enable_key", "disable_key"):
        _by_any_id(operation)


def _by_any_id(operation: str) -> None:
    by_id = getattr(KmsBackend, operation)

    def by_any_id(backend: KmsBackend, key_id: str, *arguments: Any, **options: Any) -> Any:
        return by_id(backend, backend.any_id_to_key_id(key_id), *arguments, **options)

    setattr(KmsBackend, operation, by_any_id)

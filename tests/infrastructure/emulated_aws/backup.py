"""What moto's AWS Backup lacks."""

import json
import re
from typing import Any

from moto.backup.models import BackupBackend, Plan
from moto.backup.responses import BackupResponse


def fill_gaps() -> None:
    _forget_plans_that_are_deleted()
    BackupResponse.update_backup_plan = _update_plan
    BackupResponse.create_backup_selection = _create_selection
    BackupResponse.list_backup_selections = _list_selections
    BackupResponse.get_backup_selection = _get_selection
    BackupResponse.delete_backup_selection = _delete_selection


def _forget_plans_that_are_deleted() -> None:
    """A plan may have the name of a deleted one; moto refuses that."""
    create = BackupBackend.create_backup_plan

    def create_anew(backend: BackupBackend, *arguments: Any, **options: Any) -> Plan:
        for plan_id, plan in list(backend.plans.items()):
            if plan.deletion_date is not None:
                del backend.plans[plan_id]
        return create(backend, *arguments, **options)

    BackupBackend.create_backup_plan = create_anew


def _update_plan(response: BackupResponse) -> str:
    """moto can create plans but not change them."""
    backend, plan_id = response.backup_backend, _id_after("plans", response)
    plan = backend.plans[plan_id]
    changed = Plan(json.loads(response.body)["BackupPlan"], plan.creator_request_id, backend)
    plan.backup_plan, plan.version_id = changed.backup_plan, changed.version_id
    return json.dumps(plan.to_dict())


def _selections(backend: BackupBackend) -> dict[str, dict[str, Any]]:
    """What a plan backs up. moto has none of it."""
    return vars(backend).setdefault("selections", {})


def _create_selection(response: BackupResponse) -> str:
    plan_id = _id_after("plans", response)
    selection = json.loads(response.body)["BackupSelection"]
    selection_id = f"selection-{plan_id}-{selection['SelectionName']}"
    _selections(response.backup_backend)[selection_id] = {
        "BackupPlanId": plan_id,
        "SelectionId": selection_id,
        "BackupSelection": selection,
    }
    return json.dumps({"BackupPlanId": plan_id, "SelectionId": selection_id})


def _list_selections(response: BackupResponse) -> str:
    plan_id = _id_after("plans", response)
    of_plan = [
        {**kept, **kept["BackupSelection"]}
        for kept in _selections(response.backup_backend).values()
        if kept["BackupPlanId"] == plan_id
    ]
    return json.dumps({"BackupSelectionsList": of_plan})


def _get_selection(response: BackupResponse) -> str:
    kept = _selections(response.backup_backend)[_id_after("selections", response)]
    conditions = ("StringEquals", "StringLike", "StringNotEquals", "StringNotLike")
    whole: dict[str, Any] = {"Resources": [], "NotResources": [], "ListOfTags": []}
    whole["Conditions"] = {name: [] for name in conditions}
    return json.dumps({**kept, "BackupSelection": whole | kept["BackupSelection"]})


def _delete_selection(response: BackupResponse) -> str:
    del _selections(response.backup_backend)[_id_after("selections", response)]
    return "{}"


def _id_after(collection: str, response: BackupResponse) -> str:
    found = re.search(f"/{collection}/([^/]+)", response.path)
    assert found, response.path
    return found[1]

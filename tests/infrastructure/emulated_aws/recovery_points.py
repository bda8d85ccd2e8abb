"""Recovery points of AWS Backup, which moto lacks, and what a lock on their vault forbids.

No backup plan runs here: only StartBackupJob makes points.
"""

import json
import re
import time
from typing import Any
from urllib.parse import unquote
from uuid import uuid4

from moto.backup import urls
from moto.backup.exceptions import InvalidRequestException
from moto.backup.models import BackupBackend, Vault, backup_backends
from moto.backup.responses import BackupResponse
from moto.core import DEFAULT_ACCOUNT_ID
from moto.iam.models import iam_backends

DAY_SECONDS = 86400
ASKED = ("BackupVaultName", "ResourceArn", "IamRoleArn", "Lifecycle")
PATHS = (
    "{0}/backup-jobs$",
    "{0}/restore-jobs$",
    "{0}/restore-jobs/(?P<job>[^/]+)$",
    "{0}/backup-vaults/(?P<name>[^/]+)/recovery-points/$",
    "{0}/backup-vaults/(?P<name>[^/]+)/recovery-points/(?P<arn>.+)$",
)


def fill_gaps() -> None:
    for path in PATHS:
        urls.url_paths[path] = BackupResponse.dispatch
    BackupResponse.start_backup_job = _start
    BackupResponse.list_recovery_points_by_backup_vault = _list
    BackupResponse.delete_recovery_point = _delete
    BackupResponse.start_restore_job = _restore
    BackupResponse.describe_restore_job = _describe_restore
    # moto counts the points, but does not return the number.
    Vault.number_of_recovery_points = property(lambda vault: vault.num_of_recovery_points)
    _keep_vaults_that_are_not_empty()


def let_days_pass(days: int) -> None:
    """Moves the dates on which locks become final and points are deleted closer."""
    for backend in backup_backends[DEFAULT_ACCOUNT_ID].values():
        for vault in backend.vaults.values():
            if vault.lock_date is not None:
                vault.lock_date -= days * DAY_SECONDS
        for arn, point in list(_points(backend).items()):
            point["Lifecycle"]["DeleteAfterDays"] -= days
            if point["Lifecycle"]["DeleteAfterDays"] <= 0:
                _forget(arn, backend)


def _points(backend: BackupBackend) -> dict[str, dict[str, Any]]:
    points: dict[str, dict[str, Any]] = vars(backend).setdefault("recovery_points", {})
    return points


def _of(vault: Vault, backend: BackupBackend) -> list[dict[str, Any]]:
    name = vault.backup_vault_name
    return [one for one in _points(backend).values() if one["BackupVaultName"] == name]


def _start(response: BackupResponse) -> str:
    asked, backend = json.loads(response.body), response.backup_backend
    vault = backend.vaults[asked["BackupVaultName"]]
    arn = f"arn:aws:backup:{backend.region_name}:{backend.account_id}:recovery-point:{uuid4()}"
    _points(backend)[arn] = {
        "RecoveryPointArn": arn,
        "Status": "COMPLETED",
        "CreationDate": time.time(),
        **{name: asked[name] for name in ASKED},
    }
    vault.num_of_recovery_points = len(_of(vault, backend))
    return json.dumps({"BackupJobId": str(uuid4()), "RecoveryPointArn": arn})


def _vault(response: BackupResponse) -> Vault:
    named = re.search("/backup-vaults/([^/]+)/", response.path)
    assert named, response.path
    return response.backup_backend.vaults[named[1]]


def _list(response: BackupResponse) -> str:
    found = _of(_vault(response), response.backup_backend)
    wanted = response._get_param("resourceArn")
    of_resource = [one for one in found if wanted in (None, one["ResourceArn"])]
    return json.dumps({"RecoveryPoints": of_resource})


RESTORED_FILES = {
    "Encrypted",
    "PerformanceMode",
    "CreationToken",
    "file-system-id",
    "newFileSystem",
}
"""The metadata that AWS Backup needs to restore a file system."""


def _restores(backend: BackupBackend) -> dict[str, dict[str, Any]]:
    return vars(backend).setdefault("_restores", {})


def _restore(response: BackupResponse) -> str:
    """The job completes at once. A token that was used before returns its earlier job."""
    asked, backend = json.loads(response.body), response.backup_backend
    if asked["RecoveryPointArn"] not in _points(backend):
        raise InvalidRequestException(f"There is no recovery point {asked['RecoveryPointArn']}.")
    if missing := RESTORED_FILES - asked["Metadata"].keys():
        raise InvalidRequestException(f"The metadata lacks {sorted(missing)}.")
    job = {
        "RestoreJobId": str(uuid4()),
        "CreationDate": time.time(),
        "Status": "COMPLETED",
        "PercentDone": "100.00%",
        **{name: asked[name] for name in ("RecoveryPointArn", "IamRoleArn", "Metadata")},
    }
    kept = _restores(backend).setdefault(asked["IdempotencyToken"], job)
    return json.dumps({"RestoreJobId": kept["RestoreJobId"]})


def _describe_restore(response: BackupResponse) -> str:
    job_id = response.path.rpartition("/")[2]
    jobs = {job["RestoreJobId"]: job for job in _restores(response.backup_backend).values()}
    return json.dumps(jobs[job_id])


def _delete(response: BackupResponse) -> str:
    if _vault(response).locked:
        raise InvalidRequestException("The vault is locked: its recovery points can't be deleted.")
    _forget(unquote(response.path.partition("/recovery-points/")[2]), response.backup_backend)
    return ""


def _forget(arn: str, backend: BackupBackend) -> None:
    """AWS deletes a point with the role that made it. Without that role the point stays, without an error."""
    roles = iam_backends[DEFAULT_ACCOUNT_ID]["aws"].roles.values()
    point = _points(backend)[arn]
    if point["IamRoleArn"] in {role.arn for role in roles}:
        del _points(backend)[arn]
    else:
        point["Status"] = "EXPIRED"
    vault = backend.vaults[point["BackupVaultName"]]
    vault.num_of_recovery_points = len(_of(vault, backend))


def _keep_vaults_that_are_not_empty() -> None:
    delete = BackupBackend.delete_backup_vault

    def delete_if_empty(backend: BackupBackend, name: str) -> None:
        if _of(backend.vaults[name], backend):
            raise InvalidRequestException("Backup vault cannot be deleted: it has recovery points.")
        delete(backend, name)

    BackupBackend.delete_backup_vault = delete_if_empty

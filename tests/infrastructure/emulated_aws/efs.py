"""What moto's EFS lacks."""

import json

from moto.efs.responses import EFSResponse


def fill_gaps() -> None:
    EFSResponse.put_backup_policy = _put_backup_policy
    EFSResponse.update_file_system = _update_file_system


def _put_backup_policy(response: EFSResponse) -> tuple[str, dict[str, str]]:
    """moto only has the backup policy with which a file system was created."""
    file_system = response.efs_backend.file_systems_by_id[response._get_param("FileSystemId")]
    policy = response._get_param("BackupPolicy")
    file_system._backup = policy["Status"] == "ENABLED"
    return json.dumps({"BackupPolicy": policy}), {"Content-Type": "application/json"}


def _update_file_system(response: EFSResponse) -> tuple[str, dict[str, str]]:
    """We only change the throughput mode of a file system."""
    file_system = response.efs_backend.file_systems_by_id[response._get_param("FileSystemId")]
    file_system.throughput_mode = response._get_param("ThroughputMode")
    return json.dumps(file_system.info_json()), {"Content-Type": "application/json"}

import json
from typing import Any

import pytest

from portal.database.connecting import STATEMENT_SECONDS
from tests.infrastructure.account import Account, empty_account
from tests.infrastructure.playbooks import play

NAME = "medicare-hub-production"


@pytest.fixture
def database(account: Account) -> dict[str, Any]:
    """The only database."""
    (found,) = account.all("rds", "describe_db_instances", "DBInstances")
    return dict(found)


def test_it_is_in_the_data_subnets_of_three_zones_and_never_public(
    account: Account, database: dict[str, Any]
) -> None:
    assert database["PubliclyAccessible"] is False
    zones = {s["SubnetAvailabilityZone"]["Name"] for s in database["DBSubnetGroup"]["Subnets"]}
    assert len(zones) == 3
    assert database["MultiAZ"]


def test_it_is_encrypted_with_its_own_key(account: Account, database: dict[str, Any]) -> None:
    key = account.client("kms").describe_key(KeyId=f"alias/{NAME}-database")["KeyMetadata"]["Arn"]
    assert database["StorageEncrypted"]
    assert database["KmsKeyId"] == key
    assert database["PerformanceInsightsKMSKeyId"] == key


def test_nobody_knows_the_masters_password(account: Account, database: dict[str, Any]) -> None:
    assert database["MasterUserSecret"]["SecretArn"].startswith("arn:aws:secretsmanager")


def test_it_can_be_restored_to_any_moment_of_35_days(database: dict[str, Any]) -> None:
    assert database["BackupRetentionPeriod"] == 35
    assert database["DeletionProtection"]
    assert database["CopyTagsToSnapshot"]


def test_it_is_watched(database: dict[str, Any]) -> None:
    assert set(database["EnabledCloudwatchLogsExports"]) == {"error", "slowquery"}
    assert database["MonitoringInterval"] == 15
    assert database["PerformanceInsightsEnabled"]


def test_its_logs_are_encrypted_and_expire(account: Account) -> None:
    key = account.client("kms").describe_key(KeyId=f"alias/{NAME}-logs")["KeyMetadata"]["Arn"]
    groups = account.all(
        "logs", "describe_log_groups", "logGroups", logGroupNamePrefix=f"/aws/rds/instance/{NAME}/"
    )
    found = {
        one["logGroupName"].rpartition("/")[2]: (one["kmsKeyId"], one["retentionInDays"])
        for one in groups
    }
    assert found == {"error": (key, 90), "slowquery": (key, 90)}


@pytest.fixture
def parameters(account: Account, database: dict[str, Any]) -> dict[str, str]:
    (group,) = database["DBParameterGroups"]
    found = account.all(
        "rds",
        "describe_db_parameters",
        "Parameters",
        DBParameterGroupName=group["DBParameterGroupName"],
    )
    return {one["ParameterName"]: one.get("ParameterValue") for one in found}


def test_it_accepts_only_tls(parameters: dict[str, str]) -> None:
    assert parameters["require_secure_transport"] == "1"
    assert parameters["transaction_isolation"] == "READ-COMMITTED"
    assert parameters["slow_query_log"] == "1"


def test_values_that_are_too_long_are_refused(parameters: dict[str, str]) -> None:
    assert "STRICT_TRANS_TABLES" in parameters["sql_mode"].split(",")
    assert " " not in parameters["sql_mode"]


def test_silent_connections_lose_their_locks(parameters: dict[str, str]) -> None:
    assert parameters["wait_timeout"] == "300"
    assert int(parameters["innodb_lock_wait_timeout"]) < STATEMENT_SECONDS


def test_each_account_of_the_portal_has_a_password_of_its_own(account: Account) -> None:
    secrets = account.client("secretsmanager")
    held = [
        json.loads(
            secrets.get_secret_value(SecretId=f"medicare-hub/production/database/{use}")[
                "SecretString"
            ]
        )
        for use in ("application", "migration")
    ]
    assert [one["username"] for one in held] == ["portal", "migrations"]
    assert len({one["password"] for one in held}) == 2
    assert all(len(one["password"]) == 40 for one in held)


def test_no_password_is_printed(account: Account, story: Any) -> None:
    secrets = account.client("secretsmanager")
    for secret in account.all("secretsmanager", "list_secrets", "SecretList"):
        told = secrets.get_secret_value(SecretId=secret["ARN"])["SecretString"]
        passwords = [v for k, v in json.loads(told).items() if k != "username" and len(str(v)) > 15]
        for run in story.runs.values():
            assert not any(password in run.output for password in passwords)


def test_wrong_settings_are_refused_and_changed_settings_converge() -> None:
    """On a separate account, with the roles that a database needs alone."""
    with empty_account() as account:
        cluster: dict[str, Any] = {
            "database_topology": "cluster",
            "database_class": "db.m6gd.large",
            "database_storage_iops": 3000,
        }
        for _ in range(2):
            run = play("../tests/infrastructure/data", account, **cluster)
            assert run.status == 0, run.output
        assert run.changed == []
        (found,) = account.all("rds", "describe_db_clusters", "DBClusters")
        assert found["ReaderEndpoint"]
        assert found["DeletionProtection"]
        run = play("../tests/infrastructure/data", account, **cluster, database_backup_days=20)
        assert run.changed == ["database: present | Create the database"]
        run = play("../tests/infrastructure/data", account, **cluster, database_name="other")
        assert "can't be changed" in run.output

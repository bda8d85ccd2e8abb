"""What moto's RDS lacks."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from moto.core.utils import utcnow
from moto.rds.exceptions import DBParameterGroupNotFoundError, RDSClientError
from moto.rds.models import (
    DBCluster,
    DBClusterParameterGroup,
    DBInstance,
    DBParameterGroup,
    RDSBackend,
)

# Parameters of the family mysql8.4 that a hospital might set, by type. AWS lists about 400.
PARAMETERS = {
    "integer": (
        "binlog_expire_logs_seconds",
        "connect_timeout",
        "innodb_buffer_pool_size",
        "innodb_flush_log_at_trx_commit",
        "innodb_lock_wait_timeout",
        "max_allowed_packet",
        "max_connections",
        "sync_binlog",
        "wait_timeout",
    ),
    "boolean": (
        "innodb_print_all_deadlocks",
        "local_infile",
        "performance_schema",
        "require_secure_transport",
        "slow_query_log",
    ),
    "string": (
        "character_set_server",
        "collation_server",
        "log_output",
        "long_query_time",
        "sql_mode",
        "time_zone",
        "tls_version",
        "transaction_isolation",
    ),
}


def fill_gaps() -> None:
    _miss_unknown_parameter_groups()
    for group in (DBParameterGroup, DBClusterParameterGroup):
        _begin_with_the_parameters_of_the_family(group)
    _let_parameters_wait_for_a_restart()
    _restore_with_defaults()
    for database in (DBInstance, DBCluster):
        _tell_how_it_is_watched(database)
    DBInstance.enhanced_monitoring_resource_arn = property(_where_its_system_is_told)


def _miss_unknown_parameter_groups() -> None:
    """AWS returns the error DBParameterGroupNotFound, moto an empty list."""
    describe = RDSBackend.describe_db_parameter_groups

    def missing(backend: RDSBackend, asked: dict[str, Any]) -> list[DBParameterGroup]:
        found = describe(backend, asked)
        name = asked.get("db_parameter_group_name")
        if name and not found:
            raise DBParameterGroupNotFoundError(name)
        return found

    RDSBackend.describe_db_parameter_groups = missing


def _begin_with_the_parameters_of_the_family(group: Any) -> None:
    """A new group has all parameters of its family, without values. In moto it has none."""
    begin = group.__init__

    def with_parameters(self: Any, *arguments: Any, **options: Any) -> None:
        begin(self, *arguments, **options)
        for data_type, names in PARAMETERS.items():
            for name in names:
                self.parameters[name] = {
                    "ParameterName": name,
                    "DataType": data_type,
                    "IsModifiable": True,
                }

    group.__init__ = with_parameters


def _let_parameters_wait_for_a_restart() -> None:
    """Some changes apply after the next restart, and AWS shows which instances need one. moto does not."""
    modify, reboot = RDSBackend.modify_db_parameter_group, RDSBackend.reboot_db_instance
    told = DBInstance.db_parameter_group_status_list.fget

    def modify_and_wait(backend: RDSBackend, name: str, parameters: Any) -> DBParameterGroup:
        asked = list(parameters)
        if _differ(backend.db_parameter_groups[name], asked):
            _of_its_databases(backend, name, waits=True)
        return modify(backend, name, asked)

    def reboot_and_hold(backend: RDSBackend, name: str) -> DBInstance:
        instance = reboot(backend, name)
        instance.waits_for_restart = False
        return instance

    def tell(instance: DBInstance) -> Any:
        groups = told(instance)
        for group in groups:
            if getattr(instance, "waits_for_restart", False):
                group.ParameterApplyStatus = "pending-reboot"
        return groups

    RDSBackend.modify_db_parameter_group = modify_and_wait
    RDSBackend.reboot_db_instance = reboot_and_hold
    DBInstance.db_parameter_group_status_list = property(tell)


def _differ(group: DBParameterGroup, asked: list[dict[str, Any]]) -> bool:
    values = {name: one.get("ParameterValue") for name, one in group.parameters.items()}
    return any(values.get(one["ParameterName"]) != one["ParameterValue"] for one in asked)


def _of_its_databases(backend: RDSBackend, name: str, *, waits: bool) -> None:
    group = backend.db_parameter_groups[name]
    for instance in backend.databases.values():
        if group in instance.db_parameter_groups():
            instance.waits_for_restart = waits


NOT_COPIED = {
    "db_parameter_group_name",
    "db_subnet_group",
    "db_subnet_group_name",
    "deletion_protection",
    "enable_cloudwatch_logs_exports",
    "enabled_cloudwatch_logs_exports",
    "manage_master_user_password",
    "master_user_secret",
    "max_allocated_storage",
    "monitoring_interval",
    "monitoring_role_arn",
    "multi_az",
    "performance_insights_enabled",
    "tags",
    "vpc_security_group_ids",
    "waits_for_restart",
}
"""Settings that AWS resets to defaults on a restored instance, unless they are given. moto copies them."""


def _restore_with_defaults() -> None:
    to_moment = RDSBackend.restore_db_instance_to_point_in_time

    def to_a_moment(backend: RDSBackend, source: str, target: str, told: Any) -> DBInstance:
        _refuse_moments_without_a_log(backend.databases[source], told.get("restore_time"))
        return to_moment(backend, source, target, told)

    RDSBackend.restore_db_instance_to_point_in_time = _as_told(to_a_moment)
    RDSBackend.restore_db_instance_from_db_snapshot = _as_told(
        RDSBackend.restore_db_instance_from_db_snapshot
    )


def _as_told(restore: Callable[..., DBInstance]) -> Callable[..., DBInstance]:
    def restore_as_told(backend: RDSBackend, *arguments: Any) -> DBInstance:
        create, told = backend.create_db_instance, arguments[-1]

        def create_as_told(copied: dict[str, Any]) -> DBInstance:
            return create({n: v for n, v in copied.items() if n in told or n not in NOT_COPIED})

        vars(backend)["create_db_instance"] = create_as_told
        try:
            return restore(backend, *arguments)
        finally:
            del vars(backend)["create_db_instance"]

    return restore_as_told


def _refuse_moments_without_a_log(source: DBInstance, moment: Any) -> None:
    earliest = utcnow() - timedelta(days=int(source.backup_retention_period))
    if moment is not None and not earliest <= moment.replace(tzinfo=None) <= utcnow():
        raise RDSClientError("InvalidRestoreFault", f"{moment} is not within what can be restored.")


REMEMBERED = (
    "monitoring_interval",
    "monitoring_role_arn",
    "performance_insights_kms_key_id",
    "performance_insights_retention_period",
)


def _tell_how_it_is_watched(database: Any) -> None:
    """moto does not store a database's monitoring settings; AWS returns them."""
    begin = database.__init__
    update: Any = getattr(database, "update", None)

    def keep(self: Any, asked: dict[str, Any]) -> None:
        if "enable_performance_insights" in asked:
            self.performance_insights_enabled = asked["enable_performance_insights"]
        for name in REMEMBERED:
            if name in asked:
                setattr(self, name, asked[name])

    def remembering(self: Any, *arguments: Any, **options: Any) -> None:
        begin(self, *arguments, **options)
        keep(self, options)

    def remembering_changes(self: Any, **options: Any) -> None:
        update(self, **options)
        keep(self, options)

    database.__init__ = remembering
    if update:
        database.update = remembering_changes


def _where_its_system_is_told(database: DBInstance) -> str | None:
    """The log stream of enhanced monitoring, which moto does not return."""
    if not database.monitoring_interval:
        return None
    account = f"{database.region}:{database.account_id}"
    group = f"arn:{database.partition}:logs:{account}:log-group:RDSOSMetrics"
    return f"{group}:log-stream:{database.dbi_resource_id}"

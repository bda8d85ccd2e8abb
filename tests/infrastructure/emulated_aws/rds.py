"""What moto's RDS lacks."""

from typing import Any

from moto.rds.exceptions import DBParameterGroupNotFoundError
from moto.rds.models import (
    DBCluster,
    DBClusterParameterGroup,
    DBInstance,
    DBParameterGroup,
    RDSBackend,
)

# Those of the family mysql8.4 that a hospital might set, by their type. AWS lists some 400.
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
    for database in (DBInstance, DBCluster):
        _tell_how_it_is_watched(database)
    DBInstance.enhanced_monitoring_resource_arn = property(_where_its_system_is_told)


def _miss_unknown_parameter_groups() -> None:
    """AWS answers DBParameterGroupNotFound, moto an empty list."""
    describe = RDSBackend.describe_db_parameter_groups

    def missing(backend: RDSBackend, asked: dict[str, Any]) -> list[DBParameterGroup]:
        found = describe(backend, asked)
        name = asked.get("db_parameter_group_name")
        if name and not found:
            raise DBParameterGroupNotFoundError(name)
        return found

    RDSBackend.describe_db_parameter_groups = missing


def _begin_with_the_parameters_of_the_family(group: type) -> None:
    """A new group has every parameter of its family, without a value. In moto it has none."""
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


REMEMBERED = (
    "monitoring_interval",
    "monitoring_role_arn",
    "performance_insights_kms_key_id",
    "performance_insights_retention_period",
)


def _tell_how_it_is_watched(database: type) -> None:
    """moto forgets how a database is watched; AWS tells what it was asked for."""
    begin, update = database.__init__, getattr(database, "update", None)

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
    """The log stream of enhanced monitoring, which moto does not name."""
    if not database.monitoring_interval:
        return None
    account = f"{database.region}:{database.account_id}"
    group = f"arn:{database.partition}:logs:{account}:log-group:RDSOSMetrics"
    return f"{group}:log-stream:{database.dbi_resource_id}"

"""Metrics that AWS documents in its user guides, with the dimensions that each may be asked by."""

_BALANCER = frozenset({"LoadBalancer"})
_TARGETS = _BALANCER | {"TargetGroup"}
_TARGETS_OF_A_ZONE = _TARGETS | {"AvailabilityZone"}
_DATABASE = (frozenset({"DBInstanceIdentifier"}), frozenset({"DBClusterIdentifier"}))
_FLEET = (frozenset({"AutoScalingGroupName"}),)
_FILES = (frozenset({"FileSystemId"}),)
_VAULT = (frozenset({"BackupVaultName"}),)

Dimensions = tuple[frozenset[str], ...]
DOCUMENTED: dict[str, dict[str, Dimensions]] = {
    "AWS/ApplicationELB": {
        "HTTPCode_ELB_5XX_Count": (_BALANCER,),
        "HTTPCode_Target_4XX_Count": (_BALANCER, _TARGETS),
        "HTTPCode_Target_5XX_Count": (_BALANCER, _TARGETS),
        "HealthyHostCount": (_TARGETS, _TARGETS_OF_A_ZONE),
        "RequestCount": (_BALANCER, _TARGETS),
        "UnHealthyHostCount": (_TARGETS, _TARGETS_OF_A_ZONE),
    },
    "AWS/AutoScaling": dict.fromkeys(("GroupInServiceInstances", "GroupMaxSize"), _FLEET),
    "AWS/Backup": dict.fromkeys(
        ("NumberOfBackupJobsCompleted", "NumberOfBackupJobsFailed"), _VAULT
    ),
    "AWS/CertificateManager": {"DaysToExpiry": (frozenset({"CertificateArn"}),)},
    "AWS/EC2": dict.fromkeys(("CPUCreditBalance", "CPUUtilization"), _FLEET),
    "AWS/EFS": {
        **dict.fromkeys(
            ("BurstCreditBalance", "MeteredIOBytes", "PercentIOLimit", "PermittedThroughput"),
            _FILES,
        ),
        "StorageBytes": (frozenset({"FileSystemId", "StorageClass"}),),
    },
    "AWS/Logs": {"EMFValidationErrors": (frozenset({"LogGroupName"}),)},
    "AWS/NATGateway": {"ErrorPortAllocation": (frozenset({"NatGatewayId"}),)},
    "AWS/RDS": dict.fromkeys(
        (
            *("CPUCreditBalance", "CPUUtilization", "DatabaseConnections", "FreeStorageSpace"),
            *("FreeableMemory", "ReadLatency", "ReplicaLag", "WriteLatency"),
        ),
        _DATABASE,
    ),
    "AWS/WAFV2": {"BlockedRequests": (frozenset({"WebACL", "Region", "Rule"}),)},
    # What the agent on each instance adds up over its group: portal_image's agent configuration.
    "MediCareHub/Host": dict.fromkeys(("disk_used_percent", "mem_used_percent"), _FLEET),
}

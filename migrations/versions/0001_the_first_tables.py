"""The first tables"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from portal.models.base import Instant, Key, exact_text

revision: str = "0001"
down_revision: str | None = None
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "audit_event",
        sa.Column("id", Key, autoincrement=True, nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("actor_ref", exact_text(20), nullable=False),
        sa.Column("actor_name", sa.String(length=200), nullable=False),
        sa.Column("actor_roles", sa.String(length=100), nullable=False),
        sa.Column("session_ref", exact_text(20), nullable=True),
        sa.Column("deed", sa.String(length=64), nullable=False),
        sa.Column("entity", exact_text(64), nullable=True),
        sa.Column("patient_ref", exact_text(20), nullable=True),
        sa.Column("detail", sa.JSON(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_event")),
        mysql_charset="utf8mb4",
        mysql_collate="utf8mb4_unicode_520_ci",
        mysql_engine="InnoDB",
    )
    op.create_index(
        op.f("ix_audit_event_actor_ref_deed_at"),
        "audit_event",
        ["actor_ref", "deed", "at"],
        unique=False,
    )
    op.create_index(op.f("ix_audit_event_at"), "audit_event", ["at"], unique=False)
    op.create_index(
        op.f("ix_audit_event_patient_ref_at"), "audit_event", ["patient_ref", "at"], unique=False
    )
    op.create_table(
        "location",
        sa.Column("id", Key, autoincrement=True, nullable=False),
        sa.Column("ref", exact_text(20), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("phone", sa.String(length=32), nullable=False),
        sa.Column("address", sa.String(length=500), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_location")),
        sa.UniqueConstraint("name", name=op.f("uq_location_name")),
        sa.UniqueConstraint("ref", name=op.f("uq_location_ref")),
        mysql_charset="utf8mb4",
        mysql_collate="utf8mb4_unicode_520_ci",
        mysql_engine="InnoDB",
    )
    op.create_table(
        "patient",
        sa.Column("id", Key, autoincrement=True, nullable=False),
        sa.Column("ref", exact_text(20), nullable=False),
        sa.Column("hospital_number", exact_text(10), nullable=False),
        sa.Column("family", sa.String(length=100), nullable=False),
        sa.Column("given", sa.String(length=100), nullable=False),
        sa.Column("birth_date", sa.Date(), nullable=False),
        sa.Column("gender", sa.String(24), nullable=False),
        sa.Column("phone", sa.String(length=32), nullable=True),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("address", sa.String(length=500), nullable=True),
        sa.Column("language", sa.String(length=16), nullable=False),
        sa.Column("emergency_name", sa.String(length=200), nullable=True),
        sa.Column("emergency_relationship", sa.String(length=100), nullable=True),
        sa.Column("emergency_phone", sa.String(length=32), nullable=True),
        sa.Column("deceased_on", sa.Date(), nullable=True),
        sa.Column("merged_into_id", Key, nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("updated_at", Instant(), nullable=False),
        sa.Column("imported_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(
            ["merged_into_id"], ["patient.id"], name=op.f("fk_patient_merged_into_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_patient")),
        sa.UniqueConstraint("hospital_number", name=op.f("uq_patient_hospital_number")),
        sa.UniqueConstraint("ref", name=op.f("uq_patient_ref")),
        mysql_charset="utf8mb4",
        mysql_collate="utf8mb4_unicode_520_ci",
        mysql_engine="InnoDB",
    )
    op.create_index(op.f("ix_patient_birth_date_id"), "patient", ["birth_date", "id"], unique=False)
    op.create_index(
        op.f("ix_patient_family_given_id"), "patient", ["family", "given", "id"], unique=False
    )
    op.create_table(
        "practitioner",
        sa.Column("id", Key, autoincrement=True, nullable=False),
        sa.Column("ref", exact_text(20), nullable=False),
        sa.Column("prefix", sa.String(length=20), nullable=False),
        sa.Column("given", sa.String(length=100), nullable=False),
        sa.Column("family", sa.String(length=100), nullable=False),
        sa.Column("specialty", sa.String(length=100), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_practitioner")),
        sa.UniqueConstraint("ref", name=op.f("uq_practitioner_ref")),
        mysql_charset="utf8mb4",
        mysql_collate="utf8mb4_unicode_520_ci",
        mysql_engine="InnoDB",
    )
    op.create_index(
        op.f("ix_practitioner_family_given"), "practitioner", ["family", "given"], unique=False
    )
    op.create_table(
        "rate_limit",
        sa.Column("key_hash", exact_text(64), nullable=False),
        sa.Column("started_at", Instant(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("key_hash", name=op.f("pk_rate_limit")),
        mysql_charset="utf8mb4",
        mysql_collate="utf8mb4_unicode_520_ci",
        mysql_engine="InnoDB",
    )
    op.create_index(op.f("ix_rate_limit_started_at"), "rate_limit", ["started_at"], unique=False)
    op.create_table(
        "account",
        sa.Column("id", Key, autoincrement=True, nullable=False),
        sa.Column("ref", exact_text(20), nullable=False),
        sa.Column("issuer", exact_text(255), nullable=False),
        sa.Column("subject", exact_text(255), nullable=False),
        sa.Column("username", sa.String(length=128), nullable=True),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("role_values", sa.String(length=100), nullable=False),
        sa.Column("practitioner_id", Key, nullable=True),
        sa.Column("disabled_at", Instant(), nullable=True),
        sa.Column("created_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["practitioner_id"], ["practitioner.id"], name=op.f("fk_account_practitioner_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
        sa.UniqueConstraint("issuer", "subject", name=op.f("uq_account_issuer_subject")),
        sa.UniqueConstraint("practitioner_id", name=op.f("uq_account_practitioner_id")),
        sa.UniqueConstraint("ref", name=op.f("uq_account_ref")),
        mysql_charset="utf8mb4",
        mysql_collate="utf8mb4_unicode_520_ci",
        mysql_engine="InnoDB",
    )
    op.create_index(op.f("ix_account_email"), "account", ["email"], unique=False)
    op.create_index(
        op.f("ix_account_role_values_name"), "account", ["role_values", "name"], unique=False
    )
    op.create_table(
        "account_code",
        sa.Column("id", Key, autoincrement=True, nullable=False),
        sa.Column("ref", exact_text(20), nullable=False),
        sa.Column("patient_id", Key, nullable=False),
        sa.Column("code_hash", exact_text(64), nullable=False),
        sa.Column("relationship_kind", sa.String(24), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("expires_at", Instant(), nullable=False),
        sa.Column("used_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["patient.id"], name=op.f("fk_account_code_patient_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account_code")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_account_code_code_hash")),
        sa.UniqueConstraint("ref", name=op.f("uq_account_code_ref")),
        mysql_charset="utf8mb4",
        mysql_collate="utf8mb4_unicode_520_ci",
        mysql_engine="InnoDB",
    )
    op.create_index(
        op.f("ix_account_code_patient_id"), "account_code", ["patient_id"], unique=False
    )
    op.create_table(
        "location_hours",
        sa.Column("id", Key, autoincrement=True, nullable=False),
        sa.Column("location_id", Key, nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=False),
        sa.Column("opens", sa.Time(), nullable=False),
        sa.Column("closes", sa.Time(), nullable=False),
        sa.CheckConstraint("opens < closes", name="ck_location_hours_order"),
        sa.ForeignKeyConstraint(
            ["location_id"],
            ["location.id"],
            name=op.f("fk_location_hours_location_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_location_hours")),
        sa.UniqueConstraint(
            "location_id",
            "weekday",
            "opens",
            name=op.f("uq_location_hours_location_id_weekday_opens"),
        ),
        mysql_charset="utf8mb4",
        mysql_collate="utf8mb4_unicode_520_ci",
        mysql_engine="InnoDB",
    )
    op.create_table(
        "location_identifier",
        sa.Column("system", exact_text(191), nullable=False),
        sa.Column("value", exact_text(128), nullable=False),
        sa.Column("location_id", Key, nullable=False),
        sa.ForeignKeyConstraint(
            ["location_id"],
            ["location.id"],
            name=op.f("fk_location_identifier_location_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("system", "value", name=op.f("pk_location_identifier")),
        mysql_charset="utf8mb4",
        mysql_collate="utf8mb4_unicode_520_ci",
        mysql_engine="InnoDB",
    )
    op.create_index(
        op.f("ix_location_identifier_location_id"),
        "location_identifier",
        ["location_id"],
        unique=False,
    )
    op.create_table(
        "patient_identifier",
        sa.Column("system", exact_text(191), nullable=False),
        sa.Column("value", exact_text(128), nullable=False),
        sa.Column("patient_id", Key, nullable=False),
        sa.ForeignKeyConstraint(
            ["patient_id"],
            ["patient.id"],
            name=op.f("fk_patient_identifier_patient_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("system", "value", name=op.f("pk_patient_identifier")),
        mysql_charset="utf8mb4",
        mysql_collate="utf8mb4_unicode_520_ci",
        mysql_engine="InnoDB",
    )
    op.create_index(
        op.f("ix_patient_identifier_patient_id"), "patient_identifier", ["patient_id"], unique=False
    )
    op.create_table(
        "patient_merge",
        sa.Column("id", Key, autoincrement=True, nullable=False),
        sa.Column("ref", exact_text(20), nullable=False),
        sa.Column("kept_id", Key, nullable=False),
        sa.Column("merged_id", Key, nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("moved", sa.JSON(), nullable=False),
        sa.Column("ended", sa.JSON(), nullable=False),
        sa.Column("merged_at", Instant(), nullable=False),
        sa.Column("merged_by", exact_text(20), nullable=False),
        sa.Column("undone_at", Instant(), nullable=True),
        sa.Column("undone_by", exact_text(20), nullable=True),
        sa.ForeignKeyConstraint(["kept_id"], ["patient.id"], name=op.f("fk_patient_merge_kept_id")),
        sa.ForeignKeyConstraint(
            ["merged_id"], ["patient.id"], name=op.f("fk_patient_merge_merged_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_patient_merge")),
        sa.UniqueConstraint("ref", name=op.f("uq_patient_merge_ref")),
        mysql_charset="utf8mb4",
        mysql_collate="utf8mb4_unicode_520_ci",
        mysql_engine="InnoDB",
    )
    op.create_index(op.f("ix_patient_merge_kept_id"), "patient_merge", ["kept_id"], unique=False)
    op.create_index(
        op.f("ix_patient_merge_merged_id"), "patient_merge", ["merged_id"], unique=False
    )
    op.create_table(
        "patient_search_term",
        sa.Column("term", exact_text(64), nullable=False),
        sa.Column("patient_id", Key, nullable=False),
        sa.ForeignKeyConstraint(
            ["patient_id"],
            ["patient.id"],
            name=op.f("fk_patient_search_term_patient_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("term", "patient_id", name=op.f("pk_patient_search_term")),
        mysql_charset="utf8mb4",
        mysql_collate="utf8mb4_unicode_520_ci",
        mysql_engine="InnoDB",
    )
    op.create_index(
        op.f("ix_patient_search_term_patient_id_term"),
        "patient_search_term",
        ["patient_id", "term"],
        unique=False,
    )
    op.create_table(
        "practitioner_identifier",
        sa.Column("system", exact_text(191), nullable=False),
        sa.Column("value", exact_text(128), nullable=False),
        sa.Column("practitioner_id", Key, nullable=False),
        sa.ForeignKeyConstraint(
            ["practitioner_id"],
            ["practitioner.id"],
            name=op.f("fk_practitioner_identifier_practitioner_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("system", "value", name=op.f("pk_practitioner_identifier")),
        mysql_charset="utf8mb4",
        mysql_collate="utf8mb4_unicode_520_ci",
        mysql_engine="InnoDB",
    )
    op.create_index(
        op.f("ix_practitioner_identifier_practitioner_id"),
        "practitioner_identifier",
        ["practitioner_id"],
        unique=False,
    )
    op.create_table(
        "practitioner_role",
        sa.Column("practitioner_id", Key, nullable=False),
        sa.Column("location_id", Key, nullable=False),
        sa.ForeignKeyConstraint(
            ["location_id"],
            ["location.id"],
            name=op.f("fk_practitioner_role_location_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["practitioner_id"],
            ["practitioner.id"],
            name=op.f("fk_practitioner_role_practitioner_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "practitioner_id", "location_id", name=op.f("pk_practitioner_role")
        ),
        mysql_charset="utf8mb4",
        mysql_collate="utf8mb4_unicode_520_ci",
        mysql_engine="InnoDB",
    )
    op.create_index(
        op.f("ix_practitioner_role_location_id"), "practitioner_role", ["location_id"], unique=False
    )
    op.create_table(
        "schedule",
        sa.Column("id", Key, autoincrement=True, nullable=False),
        sa.Column("ref", exact_text(20), nullable=False),
        sa.Column("practitioner_id", Key, nullable=False),
        sa.Column("location_id", Key, nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=False),
        sa.Column("starts", sa.Time(), nullable=False),
        sa.Column("ends", sa.Time(), nullable=False),
        sa.Column("slot_minutes", sa.Integer(), nullable=False),
        sa.Column("mode", sa.String(24), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.CheckConstraint("starts < ends", name="ck_schedule_order"),
        sa.ForeignKeyConstraint(
            ["location_id"], ["location.id"], name=op.f("fk_schedule_location_id")
        ),
        sa.ForeignKeyConstraint(
            ["practitioner_id"], ["practitioner.id"], name=op.f("fk_schedule_practitioner_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_schedule")),
        sa.UniqueConstraint("ref", name=op.f("uq_schedule_ref")),
        mysql_charset="utf8mb4",
        mysql_collate="utf8mb4_unicode_520_ci",
        mysql_engine="InnoDB",
    )
    op.create_index(
        op.f("ix_schedule_location_id_weekday"),
        "schedule",
        ["location_id", "weekday"],
        unique=False,
    )
    op.create_index(
        op.f("ix_schedule_practitioner_id_weekday"),
        "schedule",
        ["practitioner_id", "weekday"],
        unique=False,
    )
    op.create_table(
        "schedule_exception",
        sa.Column("id", Key, autoincrement=True, nullable=False),
        sa.Column("ref", exact_text(20), nullable=False),
        sa.Column("kind", sa.String(24), nullable=False),
        sa.Column("practitioner_id", Key, nullable=True),
        sa.Column("location_id", Key, nullable=True),
        sa.Column("starts_at", Instant(), nullable=False),
        sa.Column("ends_at", Instant(), nullable=False),
        sa.Column("slot_minutes", sa.Integer(), nullable=True),
        sa.Column("mode", sa.String(24), nullable=True),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["location_id"], ["location.id"], name=op.f("fk_schedule_exception_location_id")
        ),
        sa.ForeignKeyConstraint(
            ["practitioner_id"],
            ["practitioner.id"],
            name=op.f("fk_schedule_exception_practitioner_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_schedule_exception")),
        sa.UniqueConstraint("ref", name=op.f("uq_schedule_exception_ref")),
        mysql_charset="utf8mb4",
        mysql_collate="utf8mb4_unicode_520_ci",
        mysql_engine="InnoDB",
    )
    op.create_index(
        op.f("ix_schedule_exception_starts_at_ends_at"),
        "schedule_exception",
        ["starts_at", "ends_at"],
        unique=False,
    )
    op.create_table(
        "related_person",
        sa.Column("id", Key, autoincrement=True, nullable=False),
        sa.Column("ref", exact_text(20), nullable=False),
        sa.Column("account_id", Key, nullable=False),
        sa.Column("patient_id", Key, nullable=False),
        sa.Column("relationship_kind", sa.String(24), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("started_at", Instant(), nullable=False),
        sa.Column("ended_at", Instant(), nullable=True),
        sa.Column(
            "live",
            sa.Integer(),
            sa.Computed("CASE WHEN ended_at IS NULL THEN 1 END", persisted=True),
            nullable=True,
        ),
        sa.Column(
            "live_own",
            sa.Integer(),
            sa.Computed(
                "CASE WHEN ended_at IS NULL AND relationship_kind = 'oneself' THEN 1 END",
                persisted=True,
            ),
            nullable=True,
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_related_person_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["patient.id"], name=op.f("fk_related_person_patient_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_related_person")),
        sa.UniqueConstraint(
            "account_id", "live_own", name=op.f("uq_related_person_account_id_live_own")
        ),
        sa.UniqueConstraint(
            "account_id",
            "patient_id",
            "live",
            name=op.f("uq_related_person_account_id_patient_id_live"),
        ),
        sa.UniqueConstraint(
            "patient_id", "live_own", name=op.f("uq_related_person_patient_id_live_own")
        ),
        sa.UniqueConstraint("ref", name=op.f("uq_related_person_ref")),
        mysql_charset="utf8mb4",
        mysql_collate="utf8mb4_unicode_520_ci",
        mysql_engine="InnoDB",
    )
    op.create_index(
        op.f("ix_related_person_patient_id_ended_at"),
        "related_person",
        ["patient_id", "ended_at"],
        unique=False,
    )
    op.create_table(
        "sign_in_session",
        sa.Column("id", Key, autoincrement=True, nullable=False),
        sa.Column("ref", exact_text(20), nullable=False),
        sa.Column("token_hash", exact_text(64), nullable=False),
        sa.Column("account_id", Key, nullable=False),
        sa.Column("browser", sa.String(length=200), nullable=False),
        sa.Column("id_token", sa.String(length=4000), nullable=True),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("last_seen_at", Instant(), nullable=False),
        sa.Column("idle_seconds", sa.Integer(), nullable=False),
        sa.Column("expires_at", Instant(), nullable=False),
        sa.Column("ended_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_sign_in_session_account_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_session")),
        sa.UniqueConstraint("ref", name=op.f("uq_sign_in_session_ref")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_sign_in_session_token_hash")),
        mysql_charset="utf8mb4",
        mysql_collate="utf8mb4_unicode_520_ci",
        mysql_engine="InnoDB",
    )
    op.create_index(
        op.f("ix_sign_in_session_account_id_ended_at"),
        "sign_in_session",
        ["account_id", "ended_at"],
        unique=False,
    )
    op.create_index(
        op.f("ix_sign_in_session_expires_at"), "sign_in_session", ["expires_at"], unique=False
    )
    op.create_table(
        "slot",
        sa.Column("id", Key, autoincrement=True, nullable=False),
        sa.Column("ref", exact_text(20), nullable=False),
        sa.Column("practitioner_id", Key, nullable=False),
        sa.Column("location_id", Key, nullable=False),
        sa.Column("starts_at", Instant(), nullable=False),
        sa.Column("ends_at", Instant(), nullable=False),
        sa.Column("mode", sa.String(24), nullable=False),
        sa.Column("status", sa.String(24), nullable=False),
        sa.Column("held_by_account_id", Key, nullable=True),
        sa.Column("held_until", Instant(), nullable=True),
        sa.ForeignKeyConstraint(
            ["held_by_account_id"], ["account.id"], name=op.f("fk_slot_held_by_account_id")
        ),
        sa.ForeignKeyConstraint(["location_id"], ["location.id"], name=op.f("fk_slot_location_id")),
        sa.ForeignKeyConstraint(
            ["practitioner_id"], ["practitioner.id"], name=op.f("fk_slot_practitioner_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_slot")),
        sa.UniqueConstraint(
            "practitioner_id", "starts_at", name=op.f("uq_slot_practitioner_id_starts_at")
        ),
        sa.UniqueConstraint("ref", name=op.f("uq_slot_ref")),
        mysql_charset="utf8mb4",
        mysql_collate="utf8mb4_unicode_520_ci",
        mysql_engine="InnoDB",
    )
    op.create_index(
        op.f("ix_slot_location_id_status_starts_at"),
        "slot",
        ["location_id", "status", "starts_at"],
        unique=False,
    )
    op.create_index(
        op.f("ix_slot_practitioner_id_status_starts_at"),
        "slot",
        ["practitioner_id", "status", "starts_at"],
        unique=False,
    )
    op.create_index(op.f("ix_slot_status_starts_at"), "slot", ["status", "starts_at"], unique=False)
    op.create_table(
        "submission",
        sa.Column("key", exact_text(64), nullable=False),
        sa.Column("account_id", Key, nullable=True),
        sa.Column("location", sa.String(length=500), nullable=False),
        sa.Column("message", sa.String(length=500), nullable=True),
        sa.Column("created_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_submission_account_id")
        ),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_submission")),
        mysql_charset="utf8mb4",
        mysql_collate="utf8mb4_unicode_520_ci",
        mysql_engine="InnoDB",
    )
    op.create_index(op.f("ix_submission_account_id"), "submission", ["account_id"], unique=False)
    op.create_index(op.f("ix_submission_created_at"), "submission", ["created_at"], unique=False)
    op.create_table(
        "appointment",
        sa.Column("id", Key, autoincrement=True, nullable=False),
        sa.Column("ref", exact_text(20), nullable=False),
        sa.Column("patient_id", Key, nullable=False),
        sa.Column("slot_id", Key, nullable=False),
        sa.Column("practitioner_id", Key, nullable=False),
        sa.Column("location_id", Key, nullable=False),
        sa.Column("starts_at", Instant(), nullable=False),
        sa.Column("ends_at", Instant(), nullable=False),
        sa.Column("mode", sa.String(24), nullable=False),
        sa.Column("status", sa.String(24), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("overbook_reason", sa.String(length=500), nullable=True),
        sa.Column("cancel_reason", sa.String(length=500), nullable=True),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("updated_at", Instant(), nullable=False),
        sa.Column(
            "occupied_slot_id",
            Key,
            sa.Computed(
                "CASE WHEN status NOT IN ('cancelled', 'noshow') AND overbook_reason IS NULL THEN slot_id END",
                persisted=True,
            ),
            nullable=True,
        ),
        sa.ForeignKeyConstraint(
            ["location_id"], ["location.id"], name=op.f("fk_appointment_location_id")
        ),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["patient.id"], name=op.f("fk_appointment_patient_id")
        ),
        sa.ForeignKeyConstraint(
            ["practitioner_id"], ["practitioner.id"], name=op.f("fk_appointment_practitioner_id")
        ),
        sa.ForeignKeyConstraint(["slot_id"], ["slot.id"], name=op.f("fk_appointment_slot_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appointment")),
        sa.UniqueConstraint("occupied_slot_id", name=op.f("uq_appointment_occupied_slot_id")),
        sa.UniqueConstraint("ref", name=op.f("uq_appointment_ref")),
        mysql_charset="utf8mb4",
        mysql_collate="utf8mb4_unicode_520_ci",
        mysql_engine="InnoDB",
    )
    op.create_index(
        op.f("ix_appointment_location_id_starts_at"),
        "appointment",
        ["location_id", "starts_at"],
        unique=False,
    )
    op.create_index(
        op.f("ix_appointment_patient_id_starts_at"),
        "appointment",
        ["patient_id", "starts_at"],
        unique=False,
    )
    op.create_index(
        op.f("ix_appointment_practitioner_id_starts_at"),
        "appointment",
        ["practitioner_id", "starts_at"],
        unique=False,
    )
    op.create_index(op.f("ix_appointment_slot_id"), "appointment", ["slot_id"], unique=False)
    op.create_table(
        "encounter",
        sa.Column("id", Key, autoincrement=True, nullable=False),
        sa.Column("ref", exact_text(20), nullable=False),
        sa.Column("patient_id", Key, nullable=False),
        sa.Column("practitioner_id", Key, nullable=True),
        sa.Column("location_id", Key, nullable=True),
        sa.Column("appointment_id", Key, nullable=True),
        sa.Column("status", sa.String(24), nullable=False),
        sa.Column("class_code", sa.String(length=16), nullable=False),
        sa.Column("type_text", sa.String(length=255), nullable=False),
        sa.Column("reason_text", sa.String(length=255), nullable=False),
        sa.Column("started_at", Instant(), nullable=False),
        sa.Column("ended_at", Instant(), nullable=True),
        sa.Column("identifier_system", exact_text(191), nullable=True),
        sa.Column("identifier_value", exact_text(128), nullable=True),
        sa.ForeignKeyConstraint(
            ["appointment_id"], ["appointment.id"], name=op.f("fk_encounter_appointment_id")
        ),
        sa.ForeignKeyConstraint(
            ["location_id"], ["location.id"], name=op.f("fk_encounter_location_id")
        ),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["patient.id"], name=op.f("fk_encounter_patient_id")
        ),
        sa.ForeignKeyConstraint(
            ["practitioner_id"], ["practitioner.id"], name=op.f("fk_encounter_practitioner_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_encounter")),
        sa.UniqueConstraint("appointment_id", name=op.f("uq_encounter_appointment_id")),
        sa.UniqueConstraint(
            "identifier_system",
            "identifier_value",
            name=op.f("uq_encounter_identifier_system_identifier_value"),
        ),
        sa.UniqueConstraint("ref", name=op.f("uq_encounter_ref")),
        mysql_charset="utf8mb4",
        mysql_collate="utf8mb4_unicode_520_ci",
        mysql_engine="InnoDB",
    )
    op.create_index(
        op.f("ix_encounter_patient_id_started_at"),
        "encounter",
        ["patient_id", "started_at"],
        unique=False,
    )
    op.create_table(
        "notice",
        sa.Column("id", Key, autoincrement=True, nullable=False),
        sa.Column("ref", exact_text(20), nullable=False),
        sa.Column("appointment_id", Key, nullable=False),
        sa.Column("occasion", sa.String(24), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(24), nullable=False),
        sa.Column("due_at", Instant(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("last_error", sa.String(length=200), nullable=True),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("sent_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(
            ["appointment_id"], ["appointment.id"], name=op.f("fk_notice_appointment_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
        sa.UniqueConstraint(
            "appointment_id",
            "occasion",
            "sequence",
            name=op.f("uq_notice_appointment_id_occasion_sequence"),
        ),
        sa.UniqueConstraint("ref", name=op.f("uq_notice_ref")),
        mysql_charset="utf8mb4",
        mysql_collate="utf8mb4_unicode_520_ci",
        mysql_engine="InnoDB",
    )
    op.create_index(op.f("ix_notice_state_due_at"), "notice", ["state", "due_at"], unique=False)
    op.create_table(
        "notice_delivery",
        sa.Column("notice_id", Key, nullable=False),
        sa.Column("recipient", exact_text(64), nullable=False),
        sa.Column("sent_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["notice_id"], ["notice.id"], name=op.f("fk_notice_delivery_notice_id")
        ),
        sa.PrimaryKeyConstraint("notice_id", "recipient", name=op.f("pk_notice_delivery")),
        mysql_charset="utf8mb4",
        mysql_collate="utf8mb4_unicode_520_ci",
        mysql_engine="InnoDB",
    )


def downgrade() -> None:
    op.drop_table("notice_delivery")
    op.drop_table("notice")
    op.drop_table("encounter")
    op.drop_table("appointment")
    op.drop_table("submission")
    op.drop_table("slot")
    op.drop_table("sign_in_session")
    op.drop_table("related_person")
    op.drop_table("schedule_exception")
    op.drop_table("schedule")
    op.drop_table("practitioner_role")
    op.drop_table("practitioner_identifier")
    op.drop_table("patient_search_term")
    op.drop_table("patient_merge")
    op.drop_table("patient_identifier")
    op.drop_table("location_identifier")
    op.drop_table("location_hours")
    op.drop_table("account_code")
    op.drop_table("account")
    op.drop_table("rate_limit")
    op.drop_table("practitioner")
    op.drop_table("patient")
    op.drop_table("location")
    op.drop_table("audit_event")

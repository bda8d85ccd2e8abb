"""The clinical record: allergies, problems, medications, observations, notes"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import mysql

from portal.models.base import Instant, Key, exact_text

revision: str = "0006"
down_revision: str | None = "0005"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "problem_code",
        sa.Column("code", exact_text(10), nullable=False),
        sa.Column("title", sa.String(length=255), nullable=False),
        sa.Column("search_text", exact_text(300), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_problem_code")),
        mysql_charset="utf8mb4",
        mysql_collate="utf8mb4_unicode_520_ci",
        mysql_engine="InnoDB",
    )
    op.create_table(
        "no_known_allergies",
        sa.Column("id", Key, autoincrement=True, nullable=False),
        sa.Column("ref", exact_text(20), nullable=False),
        sa.Column("patient_id", Key, nullable=False),
        sa.Column("stated_at", Instant(), nullable=False),
        sa.Column("stated_by", exact_text(20), nullable=False),
        sa.Column("stated_by_name", sa.String(length=200), nullable=False),
        sa.Column("ended_at", Instant(), nullable=True),
        sa.Column("ended_by_name", sa.String(length=200), nullable=True),
        sa.Column("given_way_at", Instant(), nullable=True),
        sa.Column(
            "live",
            sa.Integer(),
            sa.Computed(
                "CASE WHEN ended_at IS NULL AND given_way_at IS NULL THEN 1 END", persisted=True
            ),
            nullable=True,
        ),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["patient.id"], name=op.f("fk_no_known_allergies_patient_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_no_known_allergies")),
        sa.UniqueConstraint(
            "patient_id", "live", name=op.f("uq_no_known_allergies_patient_id_live")
        ),
        sa.UniqueConstraint("ref", name=op.f("uq_no_known_allergies_ref")),
        mysql_charset="utf8mb4",
        mysql_collate="utf8mb4_unicode_520_ci",
        mysql_engine="InnoDB",
    )
    op.create_table(
        "record_version",
        sa.Column("id", Key, autoincrement=True, nullable=False),
        sa.Column("patient_id", Key, nullable=False),
        sa.Column("item", exact_text(32), nullable=False),
        sa.Column("item_ref", exact_text(20), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("by_ref", exact_text(20), nullable=False),
        sa.Column("by_name", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["patient.id"], name=op.f("fk_record_version_patient_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_record_version")),
        sa.UniqueConstraint("item_ref", "version", name=op.f("uq_record_version_item_ref_version")),
        mysql_charset="utf8mb4",
        mysql_collate="utf8mb4_unicode_520_ci",
        mysql_engine="InnoDB",
    )
    op.create_index(
        op.f("ix_record_version_patient_id"), "record_version", ["patient_id"], unique=False
    )

    op.create_table(
        "allergy_intolerance",
        sa.Column("substance", sa.String(length=100), nullable=False),
        sa.Column("substance_key", exact_text(64), nullable=False),
        sa.Column("category", sa.String(24), nullable=False),
        sa.Column("reaction", sa.String(length=200), nullable=False),
        sa.Column("severity", sa.String(24), nullable=True),
        sa.Column("verification_status", sa.String(24), nullable=False),
        sa.Column("clinical_status", sa.String(24), nullable=False),
        sa.Column("onset", exact_text(10), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("given_way_at", Instant(), nullable=True),
        sa.Column(
            "active_substance",
            exact_text(64),
            sa.Computed(
                "CASE WHEN error_at IS NULL AND given_way_at IS NULL AND clinical_status = 'active' THEN substance_key END",
                persisted=True,
            ),
            nullable=True,
        ),
        sa.Column("id", Key, autoincrement=True, nullable=False),
        sa.Column("ref", exact_text(20), nullable=False),
        sa.Column("patient_id", Key, nullable=False),
        sa.Column("encounter_id", Key, nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("recorded_at", Instant(), nullable=False),
        sa.Column("recorded_by", exact_text(20), nullable=False),
        sa.Column("recorded_by_name", sa.String(length=200), nullable=False),
        sa.Column("changed_at", Instant(), nullable=False),
        sa.Column("changed_by_name", sa.String(length=200), nullable=False),
        sa.Column("error_at", Instant(), nullable=True),
        sa.Column("error_by_name", sa.String(length=200), nullable=True),
        sa.Column("error_reason", sa.String(length=500), nullable=True),
        sa.Column("identifier_system", exact_text(191), nullable=True),
        sa.Column("identifier_value", exact_text(128), nullable=True),
        sa.ForeignKeyConstraint(
            ["encounter_id"], ["encounter.id"], name=op.f("fk_allergy_intolerance_encounter_id")
        ),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["patient.id"], name=op.f("fk_allergy_intolerance_patient_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_allergy_intolerance")),
        sa.UniqueConstraint(
            "identifier_system",
            "identifier_value",
            name=op.f("uq_allergy_intolerance_identifier_system_identifier_value"),
        ),
        sa.UniqueConstraint(
            "patient_id",
            "active_substance",
            name=op.f("uq_allergy_intolerance_patient_id_active_substance"),
        ),
        sa.UniqueConstraint("ref", name=op.f("uq_allergy_intolerance_ref")),
        mysql_charset="utf8mb4",
        mysql_collate="utf8mb4_unicode_520_ci",
        mysql_engine="InnoDB",
    )
    op.create_index(
        op.f("ix_allergy_intolerance_patient_id_recorded_at"),
        "allergy_intolerance",
        ["patient_id", "recorded_at"],
        unique=False,
    )

    op.create_table(
        "medication_request",
        sa.Column("medication", sa.String(length=255), nullable=False),
        sa.Column("code_system", exact_text(100), nullable=True),
        sa.Column("code", exact_text(32), nullable=True),
        sa.Column("dose", sa.String(length=100), nullable=False),
        sa.Column("route", sa.String(24), nullable=False),
        sa.Column("frequency", sa.String(length=100), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("prescriber_name", sa.String(length=200), nullable=False),
        sa.Column("allergy_reason", sa.String(length=500), nullable=False),
        sa.Column("stopped_on", sa.Date(), nullable=True),
        sa.Column("stopped_by_name", sa.String(length=200), nullable=True),
        sa.Column("stop_reason", sa.String(length=500), nullable=True),
        sa.Column("id", Key, autoincrement=True, nullable=False),
        sa.Column("ref", exact_text(20), nullable=False),
        sa.Column("patient_id", Key, nullable=False),
        sa.Column("encounter_id", Key, nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("recorded_at", Instant(), nullable=False),
        sa.Column("recorded_by", exact_text(20), nullable=False),
        sa.Column("recorded_by_name", sa.String(length=200), nullable=False),
        sa.Column("changed_at", Instant(), nullable=False),
        sa.Column("changed_by_name", sa.String(length=200), nullable=False),
        sa.Column("error_at", Instant(), nullable=True),
        sa.Column("error_by_name", sa.String(length=200), nullable=True),
        sa.Column("error_reason", sa.String(length=500), nullable=True),
        sa.Column("identifier_system", exact_text(191), nullable=True),
        sa.Column("identifier_value", exact_text(128), nullable=True),
        sa.ForeignKeyConstraint(
            ["encounter_id"], ["encounter.id"], name=op.f("fk_medication_request_encounter_id")
        ),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["patient.id"], name=op.f("fk_medication_request_patient_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_medication_request")),
        sa.UniqueConstraint(
            "identifier_system",
            "identifier_value",
            name=op.f("uq_medication_request_identifier_system_identifier_value"),
        ),
        sa.UniqueConstraint("ref", name=op.f("uq_medication_request_ref")),
        mysql_charset="utf8mb4",
        mysql_collate="utf8mb4_unicode_520_ci",
        mysql_engine="InnoDB",
    )
    op.create_index(
        op.f("ix_medication_request_patient_id_starts_on"),
        "medication_request",
        ["patient_id", "starts_on"],
        unique=False,
    )

    op.create_table(
        "note",
        sa.Column("id", Key, autoincrement=True, nullable=False),
        sa.Column("ref", exact_text(20), nullable=False),
        sa.Column("patient_id", Key, nullable=False),
        sa.Column("encounter_id", Key, nullable=False),
        sa.Column("author_account_id", Key, nullable=False),
        sa.Column("author_name", sa.String(length=200), nullable=False),
        sa.Column("author_role", sa.String(length=40), nullable=False),
        sa.Column("status", sa.String(24), nullable=False),
        sa.Column("body", sa.Text().with_variant(mysql.MEDIUMTEXT(), "mysql"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("saved_window", exact_text(32), nullable=False),
        sa.Column("saved_number", sa.Integer(), nullable=False),
        sa.Column("written_at", Instant(), nullable=False),
        sa.Column("saved_at", Instant(), nullable=False),
        sa.Column("signed_at", Instant(), nullable=True),
        sa.Column("amends_id", Key, nullable=True),
        sa.Column("amendment_reason", sa.String(length=500), nullable=True),
        sa.Column(
            "draft_of",
            Key,
            sa.Computed("CASE WHEN status = 'preliminary' THEN encounter_id END", persisted=True),
            nullable=True,
        ),
        sa.ForeignKeyConstraint(["amends_id"], ["note.id"], name=op.f("fk_note_amends_id")),
        sa.ForeignKeyConstraint(
            ["author_account_id"], ["account.id"], name=op.f("fk_note_author_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["encounter_id"], ["encounter.id"], name=op.f("fk_note_encounter_id")
        ),
        sa.ForeignKeyConstraint(["patient_id"], ["patient.id"], name=op.f("fk_note_patient_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_note")),
        sa.UniqueConstraint(
            "author_account_id", "draft_of", name=op.f("uq_note_author_account_id_draft_of")
        ),
        sa.UniqueConstraint("ref", name=op.f("uq_note_ref")),
        mysql_charset="utf8mb4",
        mysql_collate="utf8mb4_unicode_520_ci",
        mysql_engine="InnoDB",
    )
    op.create_index(op.f("ix_note_amends_id"), "note", ["amends_id"], unique=False)
    op.create_index(op.f("ix_note_encounter_id"), "note", ["encounter_id"], unique=False)
    op.create_index(
        op.f("ix_note_patient_id_written_at"), "note", ["patient_id", "written_at"], unique=False
    )

    op.create_table(
        "observation_panel",
        sa.Column("category", sa.String(24), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("effective_at", Instant(), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("id", Key, autoincrement=True, nullable=False),
        sa.Column("ref", exact_text(20), nullable=False),
        sa.Column("patient_id", Key, nullable=False),
        sa.Column("encounter_id", Key, nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("recorded_at", Instant(), nullable=False),
        sa.Column("recorded_by", exact_text(20), nullable=False),
        sa.Column("recorded_by_name", sa.String(length=200), nullable=False),
        sa.Column("changed_at", Instant(), nullable=False),
        sa.Column("changed_by_name", sa.String(length=200), nullable=False),
        sa.Column("error_at", Instant(), nullable=True),
        sa.Column("error_by_name", sa.String(length=200), nullable=True),
        sa.Column("error_reason", sa.String(length=500), nullable=True),
        sa.Column("identifier_system", exact_text(191), nullable=True),
        sa.Column("identifier_value", exact_text(128), nullable=True),
        sa.ForeignKeyConstraint(
            ["encounter_id"], ["encounter.id"], name=op.f("fk_observation_panel_encounter_id")
        ),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["patient.id"], name=op.f("fk_observation_panel_patient_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_observation_panel")),
        sa.UniqueConstraint(
            "identifier_system",
            "identifier_value",
            name=op.f("uq_observation_panel_identifier_system_identifier_value"),
        ),
        sa.UniqueConstraint("ref", name=op.f("uq_observation_panel_ref")),
        mysql_charset="utf8mb4",
        mysql_collate="utf8mb4_unicode_520_ci",
        mysql_engine="InnoDB",
    )
    op.create_index(
        op.f("ix_observation_panel_patient_id_category_effective_at"),
        "observation_panel",
        ["patient_id", "category", "effective_at"],
        unique=False,
    )

    op.create_table(
        "patient_condition",
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("problem_key", exact_text(64), nullable=False),
        sa.Column("code_system", exact_text(100), nullable=True),
        sa.Column("code", exact_text(32), nullable=True),
        sa.Column("clinical_status", sa.String(24), nullable=False),
        sa.Column("verification_status", sa.String(24), nullable=False),
        sa.Column("severity", sa.String(24), nullable=True),
        sa.Column("onset", exact_text(10), nullable=False),
        sa.Column("abatement", exact_text(10), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("id", Key, autoincrement=True, nullable=False),
        sa.Column("ref", exact_text(20), nullable=False),
        sa.Column("patient_id", Key, nullable=False),
        sa.Column("encounter_id", Key, nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("recorded_at", Instant(), nullable=False),
        sa.Column("recorded_by", exact_text(20), nullable=False),
        sa.Column("recorded_by_name", sa.String(length=200), nullable=False),
        sa.Column("changed_at", Instant(), nullable=False),
        sa.Column("changed_by_name", sa.String(length=200), nullable=False),
        sa.Column("error_at", Instant(), nullable=True),
        sa.Column("error_by_name", sa.String(length=200), nullable=True),
        sa.Column("error_reason", sa.String(length=500), nullable=True),
        sa.Column("identifier_system", exact_text(191), nullable=True),
        sa.Column("identifier_value", exact_text(128), nullable=True),
        sa.ForeignKeyConstraint(
            ["encounter_id"], ["encounter.id"], name=op.f("fk_patient_condition_encounter_id")
        ),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["patient.id"], name=op.f("fk_patient_condition_patient_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_patient_condition")),
        sa.UniqueConstraint(
            "identifier_system",
            "identifier_value",
            name=op.f("uq_patient_condition_identifier_system_identifier_value"),
        ),
        sa.UniqueConstraint("ref", name=op.f("uq_patient_condition_ref")),
        mysql_charset="utf8mb4",
        mysql_collate="utf8mb4_unicode_520_ci",
        mysql_engine="InnoDB",
    )
    op.create_index(
        op.f("ix_patient_condition_patient_id_problem_key"),
        "patient_condition",
        ["patient_id", "problem_key"],
        unique=False,
    )

    op.create_table(
        "observation",
        sa.Column("id", Key, autoincrement=True, nullable=False),
        sa.Column("ref", exact_text(20), nullable=False),
        sa.Column("patient_id", Key, nullable=False),
        sa.Column("panel_id", Key, nullable=False),
        sa.Column("code_system", exact_text(100), nullable=False),
        sa.Column("code", exact_text(32), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("comparator", exact_text(2), nullable=False),
        sa.Column("value", exact_text(32), nullable=False),
        sa.Column("value_text", sa.String(length=500), nullable=False),
        sa.Column("unit", exact_text(32), nullable=False),
        sa.Column("effective_at", Instant(), nullable=False),
        sa.Column("error_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(
            ["panel_id"], ["observation_panel.id"], name=op.f("fk_observation_panel_id")
        ),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["patient.id"], name=op.f("fk_observation_patient_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_observation")),
        sa.UniqueConstraint("ref", name=op.f("uq_observation_ref")),
        mysql_charset="utf8mb4",
        mysql_collate="utf8mb4_unicode_520_ci",
        mysql_engine="InnoDB",
    )
    op.create_index(op.f("ix_observation_panel_id"), "observation", ["panel_id"], unique=False)
    op.create_index(
        op.f("ix_observation_patient_id_code_effective_at"),
        "observation",
        ["patient_id", "code", "effective_at"],
        unique=False,
    )

    op.add_column("encounter", sa.Column("signed_at", Instant(), nullable=True))


def downgrade() -> None:
    op.drop_column("encounter", "signed_at")
    op.drop_table("observation")
    op.drop_table("patient_condition")
    op.drop_table("observation_panel")
    op.drop_table("note")
    op.drop_table("medication_request")
    op.drop_table("allergy_intolerance")
    op.drop_table("record_version")
    op.drop_table("no_known_allergies")
    op.drop_table("problem_code")

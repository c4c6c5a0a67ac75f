"""What the exchange with departments, approvals and the measures beside the projects need."""

import sqlalchemy as sa
from alembic import op

from bri_desktop.db.types import ScaledDecimal

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "approval_procedure",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("steps", sa.JSON(), nullable=False),
        sa.Column("builtin", sa.Boolean(), nullable=False),
        sa.Column("deleted_at", sa.String(length=32), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_approval_procedure")),
        sa.UniqueConstraint("name", name=op.f("uq_approval_procedure_name")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "baseline_table",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("dimension", sa.String(length=40), nullable=False),
        sa.Column("year", sa.Integer(), nullable=True),
        sa.Column("unit", sa.Text(), nullable=True),
        sa.Column("source", sa.Text(), nullable=True),
        sa.Column("imported_at", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_baseline_table")),
        sa.UniqueConstraint("name", name=op.f("uq_baseline_table_name")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "distinct_pair",
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("left_id", sa.Integer(), nullable=False),
        sa.Column("right_id", sa.Integer(), nullable=False),
        sa.Column("decided_at", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("kind", "left_id", "right_id", name=op.f("pk_distinct_pair")),
    )
    op.create_index(op.f("ix_distinct_pair_right_id"), "distinct_pair", ["right_id"], unique=False)
    op.create_table(
        "exchange_rate",
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("rate", sa.String(length=30), nullable=False),
        sa.Column("source", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("currency", "year", name=op.f("pk_exchange_rate")),
    )
    op.create_table(
        "index_value",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("place_key", sa.String(length=40), nullable=False),
        sa.Column("criterion", sa.String(length=40), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("value", sa.Float(), nullable=False),
        sa.Column("source", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_index_value")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_index_value_place_key_criterion_year", "index_value", ["place_key", "criterion", "year"], unique=True
    )
    op.create_table(
        "baseline_value",
        sa.Column("baseline_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("value", sa.Float(), nullable=False),
        sa.ForeignKeyConstraint(
            ["baseline_id"], ["baseline_table.id"], name=op.f("fk_baseline_value_baseline_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("baseline_id", "key", name=op.f("pk_baseline_value")),
    )
    op.create_table(
        "country_tier",
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("tier", sa.String(length=40), nullable=False),
        sa.Column("source", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["country"], ["country.iso2"], name=op.f("fk_country_tier_country")),
        sa.PrimaryKeyConstraint("country", "year", name=op.f("pk_country_tier")),
    )
    op.create_table(
        "import_profile",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("department_id", sa.Integer(), nullable=True),
        sa.Column("columns", sa.JSON(), nullable=False),
        sa.Column("values", sa.JSON(), nullable=False),
        sa.Column("options", sa.JSON(), nullable=False),
        sa.Column("updated_at", sa.String(length=32), nullable=False),
        sa.Column("used_at", sa.String(length=32), nullable=True),
        sa.ForeignKeyConstraint(["department_id"], ["organisation.id"], name=op.f("fk_import_profile_department_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_profile")),
        sa.UniqueConstraint("name", name=op.f("uq_import_profile_name")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_import_profile_department_id"), "import_profile", ["department_id"], unique=False)
    op.create_table(
        "issued_workbook",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("department_id", sa.Integer(), nullable=False),
        sa.Column("filter", sa.Text(), nullable=False),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("due", sa.String(length=10), nullable=True),
        sa.Column("issued_at", sa.String(length=32), nullable=False),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("layout", sa.Integer(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("closed_at", sa.String(length=32), nullable=True),
        sa.ForeignKeyConstraint(["department_id"], ["organisation.id"], name=op.f("fk_issued_workbook_department_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_issued_workbook")),
        sa.UniqueConstraint("number", name=op.f("uq_issued_workbook_number")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_issued_workbook_department_id"), "issued_workbook", ["department_id"], unique=False)
    op.create_table(
        "issued_row",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workbook_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("record_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=32), nullable=False),
        sa.Column("values", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workbook_id"], ["issued_workbook.id"], name=op.f("fk_issued_row_workbook_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_issued_row")),
    )
    op.create_index(
        "ix_issued_row_workbook_id_kind_record_id", "issued_row", ["workbook_id", "kind", "record_id"], unique=True
    )
    op.create_table(
        "returned_workbook",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workbook_id", sa.Integer(), nullable=True),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("received_at", sa.String(length=32), nullable=False),
        sa.Column("merged_at", sa.String(length=32), nullable=True),
        sa.Column("batch_id", sa.Integer(), nullable=True),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("decisions", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["batch_id"], ["import_batch.id"], name=op.f("fk_returned_workbook_batch_id")),
        sa.ForeignKeyConstraint(["workbook_id"], ["issued_workbook.id"], name=op.f("fk_returned_workbook_workbook_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_returned_workbook")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_returned_workbook_batch_id"), "returned_workbook", ["batch_id"], unique=False)
    op.create_index(op.f("ix_returned_workbook_sha256"), "returned_workbook", ["sha256"], unique=False)
    op.create_index(op.f("ix_returned_workbook_workbook_id"), "returned_workbook", ["workbook_id"], unique=False)
    op.create_table(
        "approval_case",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=True),
        sa.Column("pair_id", sa.Integer(), nullable=True),
        sa.Column("procedure_id", sa.Integer(), nullable=True),
        sa.Column("title", sa.Text(), nullable=True),
        sa.Column("opened", sa.String(length=10), nullable=True),
        sa.Column("closed", sa.String(length=10), nullable=True),
        sa.Column("result", sa.String(length=40), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=True),
        sa.Column("deleted_at", sa.String(length=32), nullable=True),
        sa.ForeignKeyConstraint(["batch_id"], ["import_batch.id"], name=op.f("fk_approval_case_batch_id")),
        sa.ForeignKeyConstraint(["pair_id"], ["pair.id"], name=op.f("fk_approval_case_pair_id")),
        sa.ForeignKeyConstraint(
            ["procedure_id"], ["approval_procedure.id"], name=op.f("fk_approval_case_procedure_id")
        ),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_approval_case_project_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_approval_case")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_approval_case_batch_id"), "approval_case", ["batch_id"], unique=False)
    op.create_index(op.f("ix_approval_case_pair_id"), "approval_case", ["pair_id"], unique=False)
    op.create_index(op.f("ix_approval_case_procedure_id"), "approval_case", ["procedure_id"], unique=False)
    op.create_index(op.f("ix_approval_case_project_id"), "approval_case", ["project_id"], unique=False)
    op.create_table(
        "indicator",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=True),
        sa.Column("baseline", ScaledDecimal(), nullable=True),
        sa.Column("target", ScaledDecimal(), nullable=True),
        sa.Column("due", sa.String(length=10), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=True),
        sa.Column("deleted_at", sa.String(length=32), nullable=True),
        sa.ForeignKeyConstraint(["batch_id"], ["import_batch.id"], name=op.f("fk_indicator_batch_id")),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_indicator_project_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_indicator")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_indicator_batch_id"), "indicator", ["batch_id"], unique=False)
    op.create_index(op.f("ix_indicator_project_id"), "indicator", ["project_id"], unique=False)
    op.create_table(
        "risk",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=True),
        sa.Column("pair_id", sa.Integer(), nullable=True),
        sa.Column("cause", sa.String(length=40), nullable=True),
        sa.Column("what", sa.Text(), nullable=True),
        sa.Column("date", sa.String(length=10), nullable=True),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("settled", sa.String(length=10), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=True),
        sa.Column("deleted_at", sa.String(length=32), nullable=True),
        sa.ForeignKeyConstraint(["batch_id"], ["import_batch.id"], name=op.f("fk_risk_batch_id")),
        sa.ForeignKeyConstraint(["pair_id"], ["pair.id"], name=op.f("fk_risk_pair_id")),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_risk_project_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_risk")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_risk_batch_id"), "risk", ["batch_id"], unique=False)
    op.create_index(op.f("ix_risk_pair_id"), "risk", ["pair_id"], unique=False)
    op.create_index(op.f("ix_risk_project_id"), "risk", ["project_id"], unique=False)
    op.create_table(
        "approval_step",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["approval_case.id"], name=op.f("fk_approval_step_case_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_approval_step")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_approval_step_case_id"), "approval_step", ["case_id"], unique=False)
    op.create_table(
        "indicator_value",
        sa.Column("indicator_id", sa.Integer(), nullable=False),
        sa.Column("period", sa.String(length=10), nullable=False),
        sa.Column("actual", ScaledDecimal(), nullable=False),
        sa.ForeignKeyConstraint(
            ["indicator_id"], ["indicator.id"], name=op.f("fk_indicator_value_indicator_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("indicator_id", "period", name=op.f("pk_indicator_value")),
    )
    op.create_table(
        "approval_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("step_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("date", sa.String(length=10), nullable=True),
        sa.Column("who", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["step_id"], ["approval_step.id"], name=op.f("fk_approval_event_step_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_approval_event")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_approval_event_step_id"), "approval_event", ["step_id"], unique=False)
    op.create_table(
        "search_gap",
        sa.Column("first_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("last_id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("first_id", name=op.f("pk_search_gap")),
    )
    op.execute(
        "CREATE VIRTUAL TABLE search_index USING fts5("
        "pairs, content='', detail=none, columnsize=0, tokenize=\"ascii tokenchars '$+<=>'\")"
    )
    op.execute(
        "INSERT INTO search_gap (first_id, last_id) "
        "SELECT min(project_id), max(project_id) FROM project_search HAVING count(*) > 0"
    )
    op.add_column("import_batch", sa.Column("layout", sa.JSON(none_as_null=True), nullable=True))
    op.drop_index("ix_project_listing", table_name="project")
    op.create_index(
        "ix_project_listing",
        "project",
        [
            "deleted_at",
            "start",
            "id",
            "mode",
            "nature",
            "status",
            "domain",
            "level",
            "visibility",
            "department_id",
            "pair_id",
            "currency",
            "amount",
        ],
        unique=False,
    )
    op.drop_index("ix_project_place_place_id", table_name="project_place")
    op.create_index("ix_project_place_lookup", "project_place", ["place_id", "side", "project_id"], unique=False)

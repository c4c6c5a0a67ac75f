"""What hangs on records (profiles, contacts, attachments, follow-ups), frozen years and summaries, who changed what."""

import sqlalchemy as sa
from alembic import op

from bri_desktop.db.types import ScaledDecimal

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "attachment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("record_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("folder", sa.Text(), nullable=True),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("added_at", sa.String(length=32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("deleted_at", sa.String(length=32), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachment")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_attachment_record", "attachment", ["kind", "record_id"], unique=False)
    op.create_index(op.f("ix_attachment_sha256"), "attachment", ["sha256"], unique=False)
    op.create_table(
        "disposal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.String(length=32), nullable=False),
        sa.Column("who", sa.Text(), nullable=True),
        sa.Column("why", sa.Text(), nullable=True),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("record_id", sa.Integer(), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("attachments", sa.Integer(), nullable=False),
        sa.Column("frozen_years", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_disposal")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "frozen_record",
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("record_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("digest", sa.String(length=32), nullable=False),
        sa.Column("values", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("year", "kind", "record_id", name=op.f("pk_frozen_record")),
    )
    op.create_table(
        "frozen_year",
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("frozen_at", sa.String(length=32), nullable=False),
        sa.Column("change_id", sa.Integer(), nullable=True),
        sa.Column("who", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("options", sa.JSON(), nullable=False),
        sa.Column("figures", sa.JSON(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("members", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("year", name=op.f("pk_frozen_year")),
    )
    op.create_table(
        "record_template",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("values", sa.JSON(), nullable=False),
        sa.Column("updated_at", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_record_template")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_record_template_kind_name", "record_template", ["kind", "name"], unique=True)
    op.create_table(
        "restatement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("at", sa.String(length=32), nullable=False),
        sa.Column("who", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("changes", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_restatement")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_restatement_year"), "restatement", ["year"], unique=False)
    op.create_table(
        "summary_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("figures", sa.JSON(), nullable=False),
        sa.Column("made_at", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_summary_file")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_summary_file_year"), "summary_file", ["year"], unique=False)
    op.create_table(
        "summary_prose",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("edition", sa.String(length=40), nullable=False),
        sa.Column("language", sa.String(length=10), nullable=False),
        sa.Column("section", sa.String(length=40), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("place", sa.String(length=10), nullable=False),
        sa.Column("figures", sa.JSON(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("updated_at", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_summary_prose")),
        sa.UniqueConstraint(
            "year", "edition", "language", "section", name=op.f("uq_summary_prose_year_edition_language_section")
        ),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "summary_template",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("options", sa.JSON(), nullable=False),
        sa.Column("updated_at", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_summary_template")),
        sa.UniqueConstraint("name", name=op.f("uq_summary_template_name")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "contact",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column("project_id", sa.Integer(), nullable=True),
        sa.Column("pair_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("position", sa.Text(), nullable=True),
        sa.Column("phone", sa.Text(), nullable=True),
        sa.Column("email", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=True),
        sa.Column("deleted_at", sa.String(length=32), nullable=True),
        sa.ForeignKeyConstraint(["batch_id"], ["import_batch.id"], name=op.f("fk_contact_batch_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_contact_organisation_id")),
        sa.ForeignKeyConstraint(["pair_id"], ["pair.id"], name=op.f("fk_contact_pair_id")),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_contact_project_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_contact_batch_id"), "contact", ["batch_id"], unique=False)
    op.create_index(op.f("ix_contact_organisation_id"), "contact", ["organisation_id"], unique=False)
    op.create_index(op.f("ix_contact_pair_id"), "contact", ["pair_id"], unique=False)
    op.create_index(op.f("ix_contact_project_id"), "contact", ["project_id"], unique=False)
    op.create_table(
        "follow_up",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=True),
        sa.Column("pair_id", sa.Integer(), nullable=True),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("due", sa.String(length=10), nullable=True),
        sa.Column("done", sa.String(length=10), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=True),
        sa.Column("deleted_at", sa.String(length=32), nullable=True),
        sa.ForeignKeyConstraint(["batch_id"], ["import_batch.id"], name=op.f("fk_follow_up_batch_id")),
        sa.ForeignKeyConstraint(["pair_id"], ["pair.id"], name=op.f("fk_follow_up_pair_id")),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_follow_up_project_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_follow_up")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_follow_up_batch_id"), "follow_up", ["batch_id"], unique=False)
    op.create_index(op.f("ix_follow_up_pair_id"), "follow_up", ["pair_id"], unique=False)
    op.create_index(op.f("ix_follow_up_project_id"), "follow_up", ["project_id"], unique=False)
    op.create_table(
        "mechanism_profile",
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("secretariat_id", sa.Integer(), nullable=True),
        sa.Column("members", sa.Integer(), nullable=True),
        sa.Column("member_names", sa.Text(), nullable=True),
        sa.Column("interval_months", sa.Integer(), nullable=True),
        sa.Column("latest_edition", sa.Integer(), nullable=True),
        sa.Column("next_edition", sa.String(length=10), nullable=True),
        sa.Column("as_of", sa.String(length=10), nullable=True),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_mechanism_profile_project_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["secretariat_id"], ["organisation.id"], name=op.f("fk_mechanism_profile_secretariat_id")
        ),
        sa.PrimaryKeyConstraint("project_id", name=op.f("pk_mechanism_profile")),
    )
    op.create_index(op.f("ix_mechanism_profile_secretariat_id"), "mechanism_profile", ["secretariat_id"], unique=False)
    op.create_table(
        "park_profile",
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("operator_id", sa.Integer(), nullable=True),
        sa.Column("area", ScaledDecimal(), nullable=True),
        sa.Column("built_area", ScaledDecimal(), nullable=True),
        sa.Column("tenants", sa.Integer(), nullable=True),
        sa.Column("jobs", sa.Integer(), nullable=True),
        sa.Column("investment", ScaledDecimal(), nullable=True),
        sa.Column("investment_currency", sa.String(length=3), nullable=True),
        sa.Column("phase", sa.Text(), nullable=True),
        sa.Column("industries", sa.Text(), nullable=True),
        sa.Column("as_of", sa.String(length=10), nullable=True),
        sa.ForeignKeyConstraint(["operator_id"], ["organisation.id"], name=op.f("fk_park_profile_operator_id")),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_park_profile_project_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("project_id", name=op.f("pk_park_profile")),
    )
    op.create_index(op.f("ix_park_profile_operator_id"), "park_profile", ["operator_id"], unique=False)

    op.create_table(
        "row_digest",
        sa.Column("table_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("row_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("digest", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("table_id", "row_id", name=op.f("pk_row_digest")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "row_touched",
        sa.Column("table_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("row_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("table_id", "row_id", name=op.f("pk_row_touched")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "digest_layout",
        sa.Column("table_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("columns", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("table_id", name=op.f("pk_digest_layout")),
        sa.UniqueConstraint("name", name=op.f("uq_digest_layout_name")),
    )
    op.create_table(
        "digest_gap",
        sa.Column("table_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("first_id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("table_id", name=op.f("pk_digest_gap")),
    )
    op.add_column("activity", sa.Column("level", sa.String(length=40), nullable=True))
    op.add_column("agreement", sa.Column("note", sa.Text(), nullable=True))
    op.add_column("approval_procedure", sa.Column("version", sa.Integer(), server_default="1", nullable=False))
    op.add_column("approval_step", sa.Column("optional", sa.Boolean(), server_default="0", nullable=False))
    op.add_column("change", sa.Column("who", sa.Text(), nullable=True))
    op.add_column("change", sa.Column("why", sa.Text(), nullable=True))
    op.add_column("organisation", sa.Column("country", sa.String(length=2), nullable=True))
    op.add_column("organisation", sa.Column("address", sa.Text(), nullable=True))
    op.add_column("organisation", sa.Column("note", sa.Text(), nullable=True))
    # Alembic would rebuild these two tables for the reference, and forget which row numbers were used before.
    op.execute("ALTER TABLE activity ADD COLUMN batch_id INTEGER REFERENCES import_batch (id)")
    op.execute("ALTER TABLE organisation ADD COLUMN batch_id INTEGER REFERENCES import_batch (id)")
    op.create_index("ix_activity_batch_id", "activity", ["batch_id"], unique=False)
    op.create_index("ix_organisation_batch_id", "organisation", ["batch_id"], unique=False)

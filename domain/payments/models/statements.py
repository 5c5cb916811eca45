"""Statements of our account that were imported, row by row."""

from __future__ import annotations

from tortoise import fields
from tortoise.models import Model

from domain.kit.money import MoneyOf
from domain.payments.rules.statements import RowKind, RowProblem
from domain.payments.states import ImportStatus, Outcome, RowState


class StatementImport(Model):
    """A file with a statement, and how far it was worked through."""

    id = fields.UUIDField(primary_key=True)
    serial = fields.BigIntField(generated=True)
    number = fields.CharField(max_length=20, generated=True)
    file_id = fields.UUIDField()
    file_name = fields.CharField(max_length=255)
    status = fields.CharEnumField(ImportStatus, max_length=9)
    rows_total = fields.IntField(null=True)
    rows_done = fields.IntField(default=0)
    last_row = fields.IntField(default=0)
    payments_in = fields.IntField(default=0)
    reversals = fields.IntField(default=0)
    others = fields.IntField(default=0)
    known = fields.IntField(default=0)
    matched = fields.IntField(default=0)
    orphans = fields.IntField(default=0)
    bad_rows = fields.IntField(default=0)
    from_at = fields.DatetimeField(null=True)
    until_at = fields.DatetimeField(null=True)
    problem = fields.CharField(max_length=300, null=True)
    requested_by = fields.UUIDField(null=True)
    created_at = fields.DatetimeField()
    started_at = fields.DatetimeField(null=True)
    finished_at = fields.DatetimeField(null=True)
    correlation_id = fields.UUIDField()
    version = fields.IntField(default=1)

    class Meta:
        table = "statement_import"


class StatementRow(Model):
    """A movement of a statement, and which payment it is of."""

    id = fields.UUIDField(primary_key=True)
    import_id = fields.UUIDField()
    number = fields.IntField()
    kind = fields.CharEnumField(RowKind, max_length=11)
    outcome = fields.CharEnumField(Outcome, max_length=9)
    receipt = fields.CharField(max_length=12)
    reverses = fields.CharField(max_length=12, null=True)
    completed_at = fields.DatetimeField()
    amount_minor = fields.BigIntField()
    currency = fields.CharField(max_length=3)
    details = fields.CharField(max_length=500, default="")
    reference = fields.CharField(max_length=200, null=True)
    payment_id = fields.UUIDField(null=True)
    state = fields.CharEnumField(RowState, max_length=7)

    class Meta:
        table = "statement_row"

    amount = MoneyOf("amount_minor")


class StatementRowError(Model):
    """A row that could not be read."""

    id = fields.UUIDField(primary_key=True)
    import_id = fields.UUIDField()
    number = fields.IntField()
    problem = fields.CharEnumField(RowProblem, max_length=20)
    column = fields.CharField(max_length=80, default="")

    class Meta:
        table = "statement_row_error"

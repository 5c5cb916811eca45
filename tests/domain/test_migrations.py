"""Migrations: forward, back and forward again, by several at once; and the guards are really there."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path

import asyncpg
import pytest
import pytest_asyncio
from tortoise import Tortoise

from api.embedded import EmbeddedServer, start_postgres
from domain.kit.database import ALIAS, APPS, fetch
from domain.kit.ids import new_id
from domain.kit.migrations import LOCK_TIMEOUT, configuration
from tests.api.processes import nursery
from tests.support.homes import open_home

GUARDS = {
    "ledger_account": {"ledger_account_never_overdrawn", "ledger_account_house_keeps_no_balance"},
    "journal_entry": {"journal_entry_reversed_once"},
    "ledger_hold": {"ledger_hold_posts_no_more_than_held", "ledger_hold_posted_names_its_entry"},
    "wallet": {"wallet_one_per_currency"},
    "voucher": {"voucher_has_two_sides", "voucher_posted_names_its_entry", "voucher_maker_is_not_checker"},
    "fiscal_period": {"fiscal_periods_do_not_overlap"},
    "stock_movement": {"stock_movement_quantity_fits_its_kind", "stock_movement_is_not_in_the_future"},
    "stock_bin": {"stock_bin_reserved_not_negative", "stock_bin_empty_is_worth_nothing"},
    "mill_sale_line": {"mill_sale_line_returned_is_within_delivered"},
    "mill_purchase_line": {"mill_purchase_line_returned_is_within_received"},
    "mill_production": {"mill_production_cost_is_shared_out"},
    "academic_year": {"academic_years_do_not_overlap"},
    "term": {"terms_do_not_overlap"},
    "student": {"student_deleted_is_not_enrolled", "student_enrolled_count_not_negative"},
    "teaching": {"teaching_has_one_class_teacher", "teaching_is_assigned_once"},
    "enrolment": {"enrolment_is_promoted_once", "enrolment_class_is_of_its_program", "enrolment_term_is_of_its_year"},
    "enrolment_stay": {"enrolment_stays_do_not_overlap", "enrolment_stay_is_of_its_enrolment"},
    "attendance": {"attendance_is_marked_once", "attendance_day_has_come"},
    "payment": {"payment_phone_is_masked", "payment_untaken_reached_nothing"},
    "payment_credit": {"payment_credit_reversed_is_within", "payment_credit_orphan_is_in_suspense"},
    "school_fee": {"school_fee_status_follows", "school_fee_void_has_no_money", "school_fee_enrolment_is_of_the_student"},
    "fee_payment": {"fee_payment_undone_once", "fee_payment_entry_is_unique", "fee_payment_mobile_money_has_a_payment"},
    "school_transaction": {"school_transaction_reversal_is_whole", "school_transaction_entry_is_unique"},
    "student_advance": {"student_advance_is_moved_by_one_entry"},
}
TRIGGERS = {
    "event_log_is_append_only", "journal_entry_is_immutable", "journal_line_is_immutable", "ledger_account_is_kept",
    "journal_entry_has_lines", "journal_lines_arrive", "ledger_hold_moves", "journal_entry_period_is_open",
    "voucher_moves", "voucher_equals_its_entry", "fiscal_period_moves", "fiscal_year_moves",
    "stock_movement_is_kept", "stock_cancellation_is_kept", "stock_pool_is_kept", "stock_bin_may_be_negative",
    "mill_purchase_moves", "mill_sale_moves", "mill_production_moves", "stock_document_moves", "mill_item_keeps_its_nature",
    "payment_moves", "payment_prompt_moves", "mpesa_command_moves", "mpesa_message_is_kept", "payment_evidence_is_kept",
    "mpesa_receipt_is_kept", "payment_credit_moves", "reconciliation_moves", "discrepancy_moves", "statement_import_moves",
    "service_session_moves", "suspense_disposal_is_kept",
    "school_fee_is_kept", "school_fee_agrees", "fee_payment_agrees", "school_transaction_agrees", "arrears_alert_agrees",
    "fee_line_is_kept", "fee_payment_is_kept", "school_transaction_is_kept", "school_transaction_is_booked",
    "fee_payment_is_booked", "school_entry_is_named", "student_advance_is_there", "student_advance_is_booked",
    "fee_line_is_of_now", "user_activity_is_archived",
    "academic_year_holds", "term_holds", "school_holiday_holds", "school_class_stays_of_its_branch",
    "student_guardian_one_is_primary", "enrolment_moves", "enrolment_is_counted", "enrolment_is_its_stays",
    "enrolment_stays_are_it", "enrolment_stay_keeps_its_marks", "attendance_is_possible", "attendance_is_kept",
    "attendance_changes_are_told", "attendance_correction_is_kept", "school_run_moves",
    "student_figures_change", "enrolment_figures_change", "teacher_figures_change", "teaching_figures_change",
    "attendance_figures_change", "school_fee_figures_change", "fee_payment_figures_change",
    "school_transaction_figures_change",
    "job_task_moves", "stored_file_is_kept", "stored_file_content_is_kept", "report_moves",
}  # fmt: skip


@pytest_asyncio.fixture
async def fresh() -> AsyncIterator[EmbeddedServer]:
    """A database server that nobody has migrated."""
    with open_home() as home:
        server = await asyncio.to_thread(start_postgres, home / "postgres", options={"fsync": "off"})
        yield server
        await asyncio.to_thread(server.stop)


async def tables_of(url: str) -> set[str]:
    connection = await asyncpg.connect(url)
    try:
        rows = await connection.fetch(
            "select relname from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p', 'v')"
        )
    finally:
        await connection.close()
    return {row["relname"] for row in rows} - {"tortoise_migrations"}


async def test_forward_back_and_forward_again(fresh: EmbeddedServer, tmp_path: Path) -> None:
    run_migrate = partial(migrated, tmp_path, fresh.url)
    await run_migrate()
    first = await tables_of(fresh.url)
    assert {"wallet", "journal_line", "event_log", "invoice", "notification", "app_user"} <= first
    await run_migrate(*(f"{app}.__first__" for app in reversed(APPS)))
    assert await tables_of(fresh.url) == set()
    await asyncio.gather(*(run_migrate() for _ in range(3)))
    assert {name for name in first if "_20" not in name} <= await tables_of(fresh.url)


async def migrated(home: Path, url: str, *targets: str) -> None:
    """To one target after another. In a process of its own, because Tortoise keeps one configuration for a process."""
    said = home / f"{new_id()}.said"
    process = await asyncio.to_thread(nursery.start, "tests.domain.migrating", (url, *targets), {}, said, cold=False)
    assert await nursery.end_of(process) == 0, said.read_text()[-2000:]


async def test_a_migration_gives_up_before_everybody_waits_for_it(database_url: str) -> None:
    credentials = configuration(database_url)["connections"][ALIAS]["credentials"]
    session = await asyncpg.connect(database_url, server_settings=credentials["server_settings"])
    try:
        assert await session.fetchval("show lock_timeout") == LOCK_TIMEOUT
    finally:
        await session.close()
    assert credentials["command_timeout"] > 600, "an index of a large table takes its time"


@pytest.mark.usefixtures("database")
async def test_the_guards_are_in_the_database() -> None:
    rows = await fetch("select conrelid::regclass::text as relation, conname::text as name from pg_constraint")
    found: dict[str, set[str]] = {}
    for row in rows:
        found.setdefault(row["relation"], set()).add(row["name"])
    for table, names in GUARDS.items():
        assert names <= found[table]
    triggers = {row["tgname"] for row in await fetch("select tgname::text from pg_trigger where not tgisinternal")}
    assert triggers >= TRIGGERS


# Keys, as PostgreSQL means it, of tables with a trigger before updates: such an update locks its row against whoever only
# names it, when it changes a key, and a generated column counts as changed by all.
GENERATED_KEYS = """
select distinct c.relname::text as relation, a.attname::text as name
from pg_index i
join pg_class c on c.oid = i.indrelid and c.relnamespace = 'public'::regnamespace
join pg_attribute a on a.attrelid = c.oid and a.attnum = any(i.indkey) and a.attgenerated = 's'
join pg_trigger t on t.tgrelid = c.oid and not t.tgisinternal and t.tgtype & 19 = 19
where i.indisunique and i.indpred is null and i.indexprs is null
"""


@pytest.mark.usefixtures("database")
async def test_no_update_waits_for_those_who_only_name_the_row() -> None:
    assert [tuple(row) for row in await fetch(GENERATED_KEYS)] == []


@pytest.mark.usefixtures("database")
async def test_every_model_reads_the_columns_of_its_table() -> None:
    rows = await fetch(
        "select table_name::text as relation, column_name::text as name from information_schema.columns "
        "where table_schema = 'public'"
    )
    columns: dict[str, set[str]] = {}
    for row in rows:
        columns.setdefault(row["relation"], set()).add(row["name"])
    assert Tortoise.apps is not None
    models = [model for app in APPS for model in Tortoise.apps[app].values()]
    assert len(models) > 10
    for model in models:
        missing = set(model._meta.db_fields) - columns.get(model._meta.db_table, set())
        assert not missing, f"{model.__name__} reads columns that {model._meta.db_table} does not have: {missing}"

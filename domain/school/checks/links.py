"""Nothing of the school names what is not there: one relationship after the other, whether or not a foreign key holds it."""

from __future__ import annotations

from typing import Final, NamedTuple

from domain.kit.checks import Check

DOMAIN: Final = "school"


class Link(NamedTuple):
    """A column that names a row of another table by its id."""

    table: str
    column: str
    names: str


def _links(table: str, **columns: str) -> list[Link]:
    return [Link(table, column, names) for column, names in columns.items()]


LINKS: Final = (
    *_links("term", year_id="academic_year"),
    *_links("school_holiday", year_id="academic_year"),
    *_links("school_class", program_id="program", branch_id="branch", next_class_id="school_class"),
    *_links("student", branch_id="branch", user_id="app_user"),
    *_links("student_guardian", student_id="student", user_id="app_user"),
    *_links("teacher", user_id="app_user", branch_id="branch"),
    *_links("teaching", teacher_id="teacher", class_id="school_class", subject_id="subject"),
    *_links("school_run", branch_id="branch"),
    *_links("school_run_subject", run_id="school_run"),
    *_links("school_run_result", run_id="school_run"),
    *_links(
        "enrolment",
        student_id="student",
        program_id="program",
        year_id="academic_year",
        term_id="term",
        class_id="school_class",
        branch_id="branch",
        from_enrolment_id="enrolment",
        run_id="school_run",
    ),
    *_links("enrolment_stay", enrolment_id="enrolment", student_id="student", program_id="program", class_id="school_class"),
    *_links("attendance", student_id="student", class_id="school_class"),
    *_links("attendance_correction", attendance_id="attendance"),
    *_links(
        "fee_structure",
        class_id="school_class",
        program_id="program",
        year_id="academic_year",
        term_id="term",
        branch_id="branch",
    ),
    *_links("fee_structure_line", structure_id="fee_structure"),
    *_links("fee_schedule", structure_id="fee_structure"),
    *_links("fee_schedule_line", schedule_id="fee_schedule"),
    *_links("student_discount", student_id="student", structure_id="fee_structure"),
    *_links(
        "school_fee",
        student_id="student",
        enrolment_id="enrolment",
        class_id="school_class",
        branch_id="branch",
        structure_id="fee_structure",
        schedule_id="fee_schedule",
    ),
    *_links("fee_line", fee_id="school_fee"),
    *_links("fee_late_charge", fee_id="school_fee", run_id="school_run"),
    *_links(
        "fee_payment",
        fee_id="school_fee",
        wallet_owner_id="app_user",
        payer_id="app_user",
        payment_id="payment",
        fact_id="loan_fact",
        undoes_id="fee_payment",
        entry_id="journal_entry",
    ),
    *_links(
        "school_transaction",
        fee_id="school_fee",
        branch_id="branch",
        entry_id="journal_entry",
        reversed_by_entry_id="journal_entry",
        revises_id="school_transaction",
    ),
    *_links(
        "student_advance",
        student_id="student",
        branch_id="branch",
        wallet_owner_id="app_user",
        fee_payment_id="fee_payment",
        entry_id="journal_entry",
        undoes_id="student_advance",
    ),
    *_links("arrears_alert", fee_id="school_fee"),
)


def _orphans(names: str) -> str:
    """Whatever names a row of one table that is not there, each table and column in the words of the finding."""
    named = " union all ".join(
        f"select '{link.table}', '{link.column}', {link.column} from {link.table}" for link in LINKS if link.names == names
    )
    return f"""select t || ' names a {names} that is not there by its ' || c || ' ' || n.id
        from ({named}) n (t, c, id) where id is not null and not exists (select from {names} p where p.id = n.id)"""


# By the table that is named, for so it is short: the drivers of databases prepare very long statements anew each time.
ORPHANS: Final = " union all ".join(_orphans(names) for names in dict.fromkeys(link.names for link in LINKS))

CHECKS: Final = (Check(DOMAIN, "nothing_is_orphaned", "Whatever a row of the school names is there.", ORPHANS),)

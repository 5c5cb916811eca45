"""The calendar, classes, people, teaching, enrolments, attendance, and work that goes on in the background."""

from domain.kit.migrations import sql_migration

Migration = sql_migration(
    __file__,
    after=[("events", "0002_row_changes"), ("identity", "0004_staff")],
)

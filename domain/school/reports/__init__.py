"""The school on paper: what came in for fees and what is owed, income and expenses, who is enrolled, and who was there."""

from domain.school.reports.money import arrears, fee_collection, income_and_expenses, student_statement
from domain.school.reports.people import attendance, enrolment

__all__ = ["arrears", "attendance", "enrolment", "fee_collection", "income_and_expenses", "student_statement"]

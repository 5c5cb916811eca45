"""Asking for reports, once or again and again, and making them."""

from domain.reports.service.requesting import generate_report
from domain.reports.service.scheduling import cancel_scheduled_report, schedule_report

__all__ = ["cancel_scheduled_report", "generate_report", "schedule_report"]

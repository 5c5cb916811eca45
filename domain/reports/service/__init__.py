"""Asking for reports, and making them."""

from domain.reports.service.requesting import generate_report

__all__ = ["generate_report"]

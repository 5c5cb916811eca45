"""Enrolments: places asked for, given, changed and given up."""

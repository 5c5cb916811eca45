"""Rounding of quotients of whole numbers: nothing here passes through a fraction that a machine cannot hold."""

from __future__ import annotations


def half_up(numerator: int, denominator: int) -> int:
    """The quotient rounded to a whole number, halves up. The denominator is positive."""
    return (2 * numerator + denominator) // (2 * denominator)

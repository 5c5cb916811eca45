"""The invariants of the school: what must hold of its rows whoever wrote them.

fees   each fee is its lines, its money and one row of the books
books  transactions are their entries, and the accounts what fees say
roll   students, enrolments, classes, calendars and marks
sums   what the school counts, and alerts of high arrears
links  nothing names what is not there
"""

from __future__ import annotations

from domain.kit.checks import Proof, register, register_proof
from domain.school.checks import books, fees, links, roll, sums
from domain.school.verification import verify_fees, verify_figures

register(*fees.CHECKS, *books.CHECKS, *roll.CHECKS, *sums.CHECKS, *links.CHECKS)

register_proof(
    Proof(
        "school",
        "fees_follow_from_their_money",
        "What is paid of every fee, where it stands, whose income it is and who was told of it is what its lines and the "
        "money that came for it make of it.",
        verify_fees,
    )
)
register_proof(
    Proof(
        "school",
        "figures_follow_from_the_rows",
        "What the school counts is what the rules make of every student, mark, fee and transaction.",
        verify_figures,
    )
)

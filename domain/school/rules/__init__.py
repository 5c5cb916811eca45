"""The pure rules of the school: who is in which class when, and what is owed, paid and counted.

calendar    academic years, terms, holidays, and what kind of day a day is
enrolment   a student in classes through a year, without a gap and never twice
promotion   a whole class moves on: a plan that says of everybody what happens and why
attendance  marks of the days on which somebody can be marked, and a whole roll at once
rates       shares in percent
people      names, admission numbers, guardians
teaching    who teaches what in which class
statistics  sums that are kept by what a change makes of them, and equal a recount
activity    what happened lately

structure   what a fee is made of, and whose income each category is
discounts   what a student pays less, and the fee that is left
plans       a fee in instalments that sum to it, and the days on which they are due
terms       how a structure is charged, as it is kept, and the fee of a student by it
proration   a part of a term: who joins late and who leaves early
refunds     what goes back to who leaves
fees        the figures of a fee: due, paid, and what follows
allocation  where money goes: over instalments, categories and fees
carry_over  arrears and credit that a student brings into a term
late_fees   what is charged for being late
posting     what the books have of a fee, and the steps that put them right
receipts    what a payer is given
arrears     when high arrears are told of
"""

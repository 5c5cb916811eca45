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
"""

"""The school as clients see it: its calendar and people, enrolments and the roll, fees, books and figures."""

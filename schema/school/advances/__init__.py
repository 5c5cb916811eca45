"""Money of students that is for no fee yet, and what was paid beyond fees, as clients see it and deal with it."""

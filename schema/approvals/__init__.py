"""The approvals centre as clients see it."""

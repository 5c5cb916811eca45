"""Tables of the approvals centre."""

"""School: pupils and their classes, attendance, and fees that cannot differ from the books."""

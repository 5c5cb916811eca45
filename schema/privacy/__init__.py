"""Personal data as clients see them: exports, erasures, and what stands against these."""

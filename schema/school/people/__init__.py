"""Students with their guardians, and teachers with what they teach."""

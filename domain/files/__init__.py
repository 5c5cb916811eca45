"""Files: documents that people hand in and papers that the house makes, kept in the database beside what they belong to."""

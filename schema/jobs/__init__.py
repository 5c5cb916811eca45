"""Work in the background as clients see it: for those who look after the house."""

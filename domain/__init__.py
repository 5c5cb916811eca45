"""The businesses and what they share: pure Python over PostgreSQL, without a word of HTTP, GraphQL or Redis."""

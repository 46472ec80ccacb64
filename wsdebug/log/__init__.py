"""A session as rows: index, messages, statistics."""

"""Replaying a session: its script, what is expected, how answers are matched, what is reported."""

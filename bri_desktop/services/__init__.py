"""Use cases: functions that take a session."""

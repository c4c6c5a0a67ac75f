"""Measures over compact columns: pure, one module a question of the statistics."""

"""The schema's history: one module a step, never edited after it landed."""

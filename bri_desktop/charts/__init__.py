"""Figures as pure functions of analysis results, one for screen, document and file."""

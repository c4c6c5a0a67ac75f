"""The window; with app and __main__ the only Qt package."""

"""The page of the project ledger."""

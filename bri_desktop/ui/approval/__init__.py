"""The page of approvals: where each stands, by step and as a table, and what is due there."""

"""Pure rules of the ledger: no input or output, the standard library and small pure libraries only."""

"""RuleSet -> one page for a browser that asks, decides and tells as the rest does, offline."""

"""How bytes are shown: escaped, as a hex dump, as JSON; and the one place that redacts."""

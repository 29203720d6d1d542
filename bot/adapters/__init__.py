"""One outside thing per file; each names its one library."""

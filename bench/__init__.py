"""The measurements of notifications: `make bench`. Ratios of runs that take turns; no gates."""

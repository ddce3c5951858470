"""What people type, by noun. What a change needs is said by the domain, not here."""

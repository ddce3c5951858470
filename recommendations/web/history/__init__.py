"""What happened to an object, told field by field."""

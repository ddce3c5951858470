"""What happened to an object, told field by field: for pages, files and programs alike."""

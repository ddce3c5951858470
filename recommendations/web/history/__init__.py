"""The history of an object as a page: its links, and its file."""

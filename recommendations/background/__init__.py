"""What is made in the background: jobs, each in a program of its own with limits."""

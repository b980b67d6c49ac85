"""Where the entries of a file come from: a module a topic."""

"""Many clips from a table: read it, make them on several processes or machines, keep a manifest."""

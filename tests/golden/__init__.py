"""Numbers of the published networks, compared with ours."""

"""Stories told by rule, in ten voices, of the scene that a piece of music belongs to."""

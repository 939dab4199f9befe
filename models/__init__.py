"""What a model is: specs, music theory, networks, training and the shipped starter pack."""

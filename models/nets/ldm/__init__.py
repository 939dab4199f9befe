"""Networks of the published latent diffusion models, under their official parameter names."""

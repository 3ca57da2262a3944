"""Designs, sweeps and studies on the model; the first of them come with the issue on sweeps."""

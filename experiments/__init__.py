"""Experiments on the model: many runs, paired runs, named studies, and what is claimed about behaviour, checked."""

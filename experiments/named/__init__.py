"""Sweeps that come with Carousel, by name: `python run.py sweep NAME`; `python run.py sweep` lists them."""

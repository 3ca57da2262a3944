"""Many worlds of one scenario, each beside its twin without deals: what is said of chance and of effect."""

"""Many runs: paired, on all cores, each failing alone."""

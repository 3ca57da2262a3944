"""The page: frames of a run, recipes, the server that runs ahead, the replay in one file."""

"""Named studies: one question each, answered by many runs, with a figure and a report."""

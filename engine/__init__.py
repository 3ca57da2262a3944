"""What has no economics: chance, the calendar, compiled kernels, and the plumbing between columns and Mesa."""

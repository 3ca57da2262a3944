"""What is claimed about behaviour: each claim measured, judged against its band, and kept on record."""

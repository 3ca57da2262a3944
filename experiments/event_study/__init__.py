"""First-day returns of announcements: what the model predicts for a list of them."""

"""What a recorded history means: measures, the answer, figures and their wording."""

"""What a folder of a sweep says: from its tables only, finished or not, and with how much certainty."""

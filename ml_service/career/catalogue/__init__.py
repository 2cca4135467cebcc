"""What is known of the occupations: O*NET's facts, and their titles found in a text."""

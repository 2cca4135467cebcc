"""The shipped model: passages to signals, features, scores, confidences of 1,016 occupations."""

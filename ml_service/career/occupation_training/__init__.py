"""How the shipped model is fitted: resumes and distant labels in, a revision's head out."""

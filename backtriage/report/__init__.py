"""Assessment -> what a person is told: sections, words, formats, and how lines are laid out."""

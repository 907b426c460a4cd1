"""Assessment -> what a person is told of it: sections, words, formats, and how lines are laid out."""

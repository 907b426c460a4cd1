"""JSON in and out: streams of answers, saved answers, replay, the list of questions, schemas."""

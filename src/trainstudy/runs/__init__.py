"""Run records: written by our own trainings, read from anybody's."""

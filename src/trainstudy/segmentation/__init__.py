"""mmsegmentation's models as a task of the training loop."""

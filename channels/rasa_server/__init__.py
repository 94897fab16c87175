"""Where we change how the Rasa server behaves."""

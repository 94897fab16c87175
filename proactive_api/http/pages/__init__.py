"""Static files: dashboard, widget and the demo shop."""

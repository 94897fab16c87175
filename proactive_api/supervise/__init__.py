"""What ``make run`` is made of: child processes, their readiness, their logs, and the assistant's model."""

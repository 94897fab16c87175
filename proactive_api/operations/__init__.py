"""What the business does: one module for each verb, called by the API, the command line, the worker and channels."""

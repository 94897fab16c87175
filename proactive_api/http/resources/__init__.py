"""The resources of the API, one module each, and the shapes that they are shown in."""

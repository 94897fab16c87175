"""A local carrier that speaks Twilio's REST shape, and simulated phones.

``python -m proactive_api.sandbox`` serves it on the loopback interface only. Which number does what is in
``docs/sandbox.md``. Nothing here knows of the rest of the product.
"""

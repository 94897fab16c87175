"""Pure rules of a proactive chat: no I/O, no clock, no framework.

Time always comes in as an argument: seconds since the epoch, UTC.
"""

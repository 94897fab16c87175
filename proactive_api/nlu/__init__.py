"""Components for a Rasa pipeline: one intent that wins over all others in a message, and features that cost little."""

from proactive_api.nlu.components import ClauseSplitter, IntentThatWins
from proactive_api.nlu.counts import WholeMessageCounts

__all__ = ["ClauseSplitter", "IntentThatWins", "WholeMessageCounts"]

"""Two components of a pipeline by which one intent wins over all others that a message holds.

``ClauseSplitter`` stands first. It sends the clauses of a message through the pipeline together with the message,
so that the pipeline's own classifier says what each of them means. ``IntentThatWins`` stands last. It looks at what was
found, and takes the clauses away again. Training takes no notice of either.
"""

from __future__ import annotations

from typing import Any, Dict, List, Optional

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.constants import INTENT_MESSAGE_PREFIX
from rasa.shared.exceptions import InvalidConfigException
from rasa.shared.nlu.constants import INTENT, INTENT_NAME_KEY, INTENT_RANKING_KEY, PREDICTED_CONFIDENCE_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message

from proactive_api.nlu.clauses import clauses

#: Marks a message that is only a clause of the one before it.
_CLAUSE = "is_clause"


# Registered as a classifier, and not as a tokenizer, because those also run over the training data.
@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class ClauseSplitter(GraphComponent):
    """Adds the clauses of each message, right behind it."""

    @classmethod
    def create(
        cls,
        config: Dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> ClauseSplitter:
        """As Rasa makes a component."""
        return cls()

    def process(self, messages: List[Message]) -> List[Message]:
        """The messages, each followed by its clauses if it has more than one.

        Args:
            messages: what people wrote; a payload (``/intent``) is no words and stays whole.
        """
        return [one for message in messages for one in (message, *_clauses_of(message))]


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class IntentThatWins(GraphComponent):
    """Gives a message the intent of one of its clauses, if that is the one that wins over all others."""

    def __init__(self, intent: str, threshold: float) -> None:
        """Make it for ``intent``, which a clause must show with at least the confidence ``threshold``."""
        self._intent = intent
        self._threshold = threshold

    @staticmethod
    def get_default_config() -> Dict[str, Any]:
        """No intent wins unless one is named; the threshold is a confidence from 0 to 1."""
        return {"intent": None, "threshold": 0.7}

    @classmethod
    def create(
        cls,
        config: Dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> IntentThatWins:
        """As Rasa makes a component.

        Raises:
            InvalidConfigException: if config.yml does not say which intent wins.
        """
        if not config.get("intent"):
            raise InvalidConfigException("config.yml: IntentThatWins needs the name of an intent (request_human).")
        return cls(config["intent"], config["threshold"])

    def process(self, messages: List[Message]) -> List[Message]:
        """The messages without their clauses.

        Args:
            messages: what the pipeline understood, each message followed by its clauses.
        """
        whole: List[Message] = []
        for message in messages:
            if not message.get(_CLAUSE):
                whole.append(message)
                continue
            confidence = self._confidence(message)
            if confidence is not None:
                self._win(whole[-1], confidence)
        return whole

    def _confidence(self, message: Message) -> Optional[float]:
        """How sure it is that this clause shows the intent; nothing if it is another, or too unsure."""
        understood = message.get(INTENT) or {}
        confidence = float(understood.get(PREDICTED_CONFIDENCE_KEY) or 0)
        wins = understood.get(INTENT_NAME_KEY) == self._intent and confidence >= self._threshold
        return confidence if wins else None

    def _win(self, message: Message, confidence: float) -> None:
        understood = message.get(INTENT) or {}
        if understood.get(INTENT_NAME_KEY) == self._intent and understood[PREDICTED_CONFIDENCE_KEY] >= confidence:
            return
        winner = {INTENT_NAME_KEY: self._intent, PREDICTED_CONFIDENCE_KEY: confidence}
        others = [one for one in message.get(INTENT_RANKING_KEY) or [] if one[INTENT_NAME_KEY] != self._intent]
        message.set(INTENT, winner, add_to_output=True)
        message.set(INTENT_RANKING_KEY, [dict(winner), *others], add_to_output=True)


def _clauses_of(message: Message) -> List[Message]:
    text = message.get(TEXT) or ""
    found = [] if text.startswith(INTENT_MESSAGE_PREFIX) else clauses(text)
    return [Message({TEXT: clause, _CLAUSE: True}) for clause in found] if len(found) > 1 else []

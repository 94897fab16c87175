"""Counts of words and letters for whole messages at once."""

from __future__ import annotations

from typing import List

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.nlu.featurizers.sparse_featurizer.count_vectors_featurizer import CountVectorsFeaturizer
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=True)
class WholeMessageCounts(CountVectorsFeaturizer):
    """Rasa's ``CountVectorsFeaturizer``, with the same options, for classifiers that look at the whole message only.

    Rasa's own also counts for each word by itself, which takes most of the time and which such a classifier
    (``LogisticRegressionClassifier``) never reads; and it counts message by message, here all are counted together.
    """

    def process(self, messages: List[Message]) -> List[Message]:
        """Add the counts to the messages.

        Args:
            messages: examples or what somebody wrote, divided into words.
        """
        vectorizer = (self.vectorizers or {}).get(TEXT)
        if vectorizer is None or not messages:
            return messages
        words = [" ".join(self._get_processed_message_tokens_by_attribute(message)) for message in messages]
        counts = vectorizer.transform(words)
        for row, message in enumerate(messages):
            self.add_features_to_message(None, counts[row].tocoo(), TEXT, message)
        return messages

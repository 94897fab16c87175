"""The components by themselves, with a classifier whose answers are known."""

from __future__ import annotations

from typing import Any, Dict, List, Tuple

import pytest
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.nlu.tokenizers.whitespace_tokenizer import WhitespaceTokenizer
from rasa.shared.exceptions import InvalidConfigException
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from proactive_api.nlu import ClauseSplitter, IntentThatWins, WholeMessageCounts

CONFIG = {"intent": "request_human", "threshold": 0.7}


@pytest.fixture
def parts(tmp_path: Any) -> Tuple[LocalModelStorage, Resource, ExecutionContext]:
    """What Rasa hands to a component besides its configuration."""
    return LocalModelStorage(tmp_path), Resource("here"), ExecutionContext(GraphSchema({}), node_name="here")


def understand(text: str, means: Dict[str, Tuple[str, float]], parts: Any) -> Message:
    """Send a message through, where the classifier says of each text what ``means`` says."""
    messages = ClauseSplitter.create({}, *parts).process([Message({TEXT: text})])
    for message in messages:
        name, confidence = means.get(message.get(TEXT), ("other", 0.5))
        intents = [{"name": name, "confidence": confidence}, {"name": "greet", "confidence": 0.1}]
        message.set("intent", intents[0], add_to_output=True)
        message.set("intent_ranking", intents, add_to_output=True)
    [whole] = IntentThatWins.create(CONFIG, *parts).process(messages)
    return whole


def test_a_clause_wins(parts: Any) -> None:
    whole = understand("hi. get me a human", {"get me a human": ("request_human", 0.9)}, parts)
    assert whole.get(TEXT) == "hi. get me a human"
    assert whole.get("intent") == {"name": "request_human", "confidence": 0.9}
    assert [one["name"] for one in whole.get("intent_ranking")] == ["request_human", "other", "greet"]


@pytest.mark.parametrize("clause", [("request_human", 0.69), ("deny", 0.99), (None, 0.0)])
def test_what_is_unsure_or_something_else_does_not(parts: Any, clause: Tuple[Any, float]) -> None:
    whole = understand("hi. no human", {"no human": clause}, parts)
    assert whole.get("intent")["name"] == "other"


def test_the_surest_clause_gives_the_confidence(parts: Any) -> None:
    means = {"human": ("request_human", 0.8), "agent": ("request_human", 0.95), "rep": ("request_human", 0.75)}
    assert understand("human. agent. rep", means, parts).get("intent")["confidence"] == 0.95


@pytest.mark.parametrize("text", ['/choose_plan{"plan": "yearly, now"}', "hello", ""])
def test_what_has_no_clauses_is_read_once(parts: Any, text: str) -> None:
    assert len(ClauseSplitter.create({}, *parts).process([Message({TEXT: text})])) == 1


def test_each_message_of_many_keeps_its_own_clauses(parts: Any) -> None:
    said = [Message({TEXT: "hi. human"}), Message({TEXT: "bye. now"})]
    messages = ClauseSplitter.create({}, *parts).process(said)
    for message in messages:
        name = "request_human" if message.get(TEXT) == "human" else "other"
        message.set("intent", {"name": name, "confidence": 0.9})
    kept = IntentThatWins.create(CONFIG, *parts).process(messages)
    assert [one.get("intent")["name"] for one in kept] == ["request_human", "other"]


def test_an_intent_must_be_named(parts: Any) -> None:
    with pytest.raises(InvalidConfigException, match="name of an intent"):
        IntentThatWins.create(IntentThatWins.get_default_config(), *parts)


def test_counts_are_those_of_rasa(parts: Any) -> None:
    """What the classifier reads is the same; what it does not read is not there."""
    from rasa.nlu.featurizers.sparse_featurizer.count_vectors_featurizer import CountVectorsFeaturizer

    def features(kind: Any) -> List[Any]:
        config = {**kind.get_default_config(), "max_ngram": 2, "alias": "x"}
        said = [Message({TEXT: text}) for text in ("yes please", "no 12 thanks", "yes no 👍")]
        WhitespaceTokenizer(WhitespaceTokenizer.get_default_config()).process(said)
        featurizer = kind.create(config, *parts)
        featurizer.train(TrainingData(said))
        return featurizer.process(said)

    for ours, theirs in zip(features(WholeMessageCounts), features(CountVectorsFeaturizer), strict=True):
        words, whole = ours.get_sparse_features(TEXT)
        assert words is None
        assert (whole.features != theirs.get_sparse_features(TEXT)[1].features).nnz == 0

"""Claims the language of the text by its letters (py3langid), where the page names none, or one that the text contradicts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from copydesk import Claim, Document, Field, PluginSettings, hookimpl
from copydesk_plugins.shared.prose.languages import agrees, language_by_script, language_by_words, relative, sample
from copydesk_plugins.shared.structured.claim_makers import language_code

SURE_RANK = 5
"""Rank of a language that the text shows for sure: before the page's own statement."""
GUESS_RANK = 50
"""Rank of a guess: behind the page's own statement."""
ENOUGH = 200
"""Characters of text from which a language can be told."""
SURE = 0.99
"""Probability from which the model's answer counts as sure."""


class Plugin:
    """Claims the text's language. The model is loaded when the first page needs it."""

    class Settings(PluginSettings):
        """``[plugins.meta_language]``: ``always`` asks the model on every page, not only where the page's own statement is in doubt."""

        always: bool = False

    def __init__(self, settings: Settings) -> None:
        self.always = settings.always
        self._classify: Callable[[str], tuple[str, Any]] | None = None

    @hookimpl
    def propose_metadata(self, document: Document) -> Iterator[Claim]:
        """A claim of the language, when there is enough text to tell."""
        text = document.once(sample)
        stated = language_code(document.language)
        if len(text) < ENOUGH or (stated and not self.always and agrees(stated, document)):
            return
        guess = document.once(language_by_words) if not stated and not self.always else None
        if guess:
            yield Claim(Field.IN_LANGUAGE, guess, "text:common-words", SURE_RANK)
            return
        script = document.once(language_by_script)
        if script and script != stated:
            yield Claim(Field.IN_LANGUAGE, script, "text:script", SURE_RANK)
        if script:
            return
        code, probability = self._model(text)
        code = relative(code, document)
        if code != stated:
            yield Claim(Field.IN_LANGUAGE, code, "text:letters", SURE_RANK if probability >= SURE else GUESS_RANK)

    def _model(self, text: str) -> tuple[str, float]:
        if self._classify is None:
            self._classify = _identifier().classify
        code, probability = self._classify(text)
        return str(code), float(probability)


def _identifier() -> Any:
    """py3langid's model, which here multiplies only the features that a text has.

    Its own product of dense matrices would start BLAS threads, which keep the processor busy for a while.
    """
    import numpy as np
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    class Sparse(LanguageIdentifier):  # type: ignore[misc]  # py3langid has no types
        def nb_classprobs(self, fv: Any) -> Any:
            there = np.flatnonzero(fv)
            return np.einsum("i,ij->j", fv[there].astype(self.nb_ptc.dtype), self.nb_ptc[there]) + self.nb_pc

    return Sparse.from_pickled_model(MODEL_FILE, norm_probs=True)

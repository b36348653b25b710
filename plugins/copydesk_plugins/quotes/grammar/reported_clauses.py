"""Finds reported clauses: what was said without marks, or around a few marked words ("said that …", "according to …")."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from copydesk_plugins.quotes.grammar.cues import Cue, find_cues
from copydesk_plugins.quotes.grammar.lexicon import Lexicon
from copydesk_plugins.quotes.grammar.noun_phrases import DASHES
from copydesk_plugins.quotes.grammar.tokens import SENTENCE_STOPS, Token

LEAST, LEAST_OBJECT = 3, 1
"""Tokens of a clause, and of an object."""
OBJECT_STARTS = frozenset({"determiners", "name", "noun", "quote", "verbish", "subject_pronouns", "verb", "subordinators"})
CLAUSE_STARTS = OBJECT_STARTS | {"prepositions", "auxiliaries", "poss", "relatives"}
IN_SETTING = frozenset({"determiners", "name", "noun", "poss", "times", "prepositions", "adverbs", "subject_pronouns", "verbish"})
BEHIND_TAG = frozenset({"times", "adverbs", "prepositions", "determiners", "noun", "name"})
OBJECT = frozenset({"determiners", "name", "noun", "poss", "times"})
FINITE = frozenset({"auxiliaries", "verb"})
"""Tags of words: at the start of an object or a clause, in a setting, behind a tag, in an object, of a finite verb."""
THAT_REACH, OBJECT_REACH, TAG_REACH = 14, 8, 8
"""Tokens behind a verb within which "that" or a question word stands, and behind a tag within which its end does."""
NEW_PART = frozenset({"and", "but", "while", "according", "though", "although", "however", "compared", "a", "an", "who", "which", "despite",
                      "when", "adding"})
OBJECT_ENDS = frozenset({"after", "before", "when", "while", "because", "as", "during", "since", "but", "if", "until"})
QUESTIONS = frozenset({"whether", "if", "how", "why", "what", "where", "who", "which"})
JOINING = frozenset({"and", "but"})
"""Words that begin a part of the writer's own, end an object, open a question, or join sentences."""

Report = tuple[Cue, int, int]


def reports(tokens: Sequence[Token], low: int, high: int, lexicon: Lexicon) -> Iterator[Report]:
    """Each outermost reported clause in a sentence: its cue, first and last token. Clauses may hold quotations."""
    beyond = low
    for cue in find_cues(tokens, low, high, lexicon):
        asked = cue.base == "ask" and cue.form == "past"
        if cue.index < beyond or (cue.source is None and not asked) or cue.base in lexicon.words["words_only"]:
            continue
        for first, last in _clauses(tokens, cue, low, high, lexicon):
            if first >= beyond:
                beyond = max(beyond, last + 1)
                yield cue, first, last


def _clauses(tokens: Sequence[Token], cue: Cue, low: int, high: int, lexicon: Lexicon) -> list[tuple[int, int]]:
    """What one verb reports: one clause, or the two around a tag in the middle of a sentence."""
    if cue.group == "source":
        found = _according(tokens, cue, low, high)
        return [found] if found is not None and _is_long(found) else []
    around = _around_tag(tokens, cue, low, high)
    if around:
        return [each for each in around if each[1] - each[0] + 1 >= LEAST]
    found = _behind(tokens, cue, high, lexicon)
    return [found] if found is not None else []


def _is_long(found: tuple[int, int]) -> bool:
    return found[1] - found[0] + 1 >= LEAST


def _behind(tokens: Sequence[Token], cue: Cue, high: int, lexicon: Lexicon) -> tuple[int, int] | None:
    """The complement of a verb: "that …", "whether …", "to …", a clause without "that", or the object of praise or refusal."""
    if cue.side == "right":
        return None
    first = _behind_verb(tokens, cue, high)
    if first >= high:
        return None
    if f"{cue.base} {tokens[first].low}" in lexicon.words["reporting_particles"]:
        return _object(tokens, first + 1, high, cue)
    marked = _marked(tokens, first, high, cue, lexicon)
    return _clause(tokens, marked, high, cue) if marked is not None else _unmarked(tokens, first, high, cue, lexicon)


def _behind_verb(tokens: Sequence[Token], cue: Cue, high: int) -> int:
    """The first token behind a verb, its adverbs and times, and one comma ("says, win or lose, …")."""
    first = cue.last + 1
    while first < high and tokens[first].tag in ("times", "adverbs") and tokens[first].low != "there":
        first += 1
    if first + 1 < high and tokens[first].low == "," and cue.group == "speech" and cue.form in ("past", "s"):
        first += 1
    return first


def _marked(tokens: Sequence[Token], first: int, high: int, cue: Cue, lexicon: Lexicon) -> int | None:
    """The word that opens a clause: "that", or a question word behind a verb of asking."""
    that = next((k for k in range(first, min(high, first + THAT_REACH)) if tokens[k].low == "that"), None)
    if that is not None and _is_setting(tokens[first:that]):
        return that
    asked = next((k for k in range(first, min(high, first + OBJECT_REACH)) if tokens[k].low in QUESTIONS), None)
    return asked if asked is not None and cue.base in lexicon.words["asking"] and _is_setting(tokens[first:asked]) else None


def _unmarked(tokens: Sequence[Token], first: int, high: int, cue: Cue, lexicon: Lexicon) -> tuple[int, int] | None:
    """A complement without such a word: "to …", an object, or a clause."""
    words = lexicon.words
    if tokens[first].low == "to":
        return _clause(tokens, first, high, cue) if cue.base in words["to_verbs"] else None
    if cue.base in words["told_to"]:
        return _told(tokens, first, high, cue, lexicon)
    if cue.base in words["object_verbs"]:
        return _object(tokens, first, high, cue)
    return _bare(tokens, first, high, cue)


def _is_setting(tokens: Sequence[Token]) -> bool:
    """Whether tokens between a verb and its "that" are an object, or a place and time: "told reporters on Monday that"."""
    return all(token.tag in IN_SETTING for token in tokens)


def _told(tokens: Sequence[Token], first: int, high: int, cue: Cue, lexicon: Lexicon) -> tuple[int, int] | None:
    """What somebody is told or asked: "asked a judge to block the rule", "told Ann to wait", "told Ann it was late"."""
    after = first
    if after < high and tokens[after].low in ("him", "me", "us", "them", "her", "you"):
        after += 1
    else:
        while after < high and tokens[after].tag in OBJECT:
            after += 1
    if after < high and after > first and tokens[after].low == "to":
        return _clause(tokens, after if cue.base in lexicon.words["told_only"] else first, high, cue)
    if cue.base in lexicon.words["told_only"] and after < high and tokens[after].tag in ("subject_pronouns",):
        return _bare(tokens, after, high, cue)
    return _bare(tokens, first, high, cue)


def _bare(tokens: Sequence[Token], first: int, high: int, cue: Cue) -> tuple[int, int] | None:
    """A clause without "that", which begins with its subject and has a finite verb."""
    token = tokens[first]
    starts = token.tag in CLAUSE_STARTS or token.low == "there"
    if cue.group == "naming" or not starts or token.low in QUESTIONS or (token.tag == "auxiliaries" and not _is_relative(tokens, cue)):
        return None
    if token.tag == "prepositions" and cue.base not in ("say", "add", "note"):
        return None
    found = _clause(tokens, first, high, cue)
    if found is None:
        return None
    body = tokens[found[0] + 1:found[1] + 1]
    finite = token.tag in ("subject_pronouns", "auxiliaries") or any(
        each.tag in FINITE or (each.tag == "verbish" and not each.low.endswith("ing")) for each in body)
    if token.tag == "prepositions":
        finite = finite and any(each.tag in ("subject_pronouns", "name") for each in body)
    return found if finite or (token.tag == "quote" and len(body) >= LEAST) else None


def _is_relative(tokens: Sequence[Token], cue: Cue) -> bool:
    """Whether the subject of the clause stands before the verb: "a plan which she said would fail"."""
    first = cue.source.index if cue.source is not None else cue.index
    return any(token.tag == "relatives" or token.low == "what" for token in tokens[max(0, first - 2):first])


def _clause(tokens: Sequence[Token], first: int, high: int, cue: Cue) -> tuple[int, int] | None:
    last = _end(tokens, first, high, cue)
    return (first, last) if last - first + 1 >= LEAST else None


def _object(tokens: Sequence[Token], first: int, high: int, cue: Cue) -> tuple[int, int] | None:
    """The thing or person that somebody praises, rejects or calls for, up to the first comma or the next clause."""
    if first >= high or tokens[first].tag not in OBJECT_STARTS:
        return None
    last = _end(tokens, first, high, cue)
    for k in range(first + 1, last + 1):
        if tokens[k].low in (",", *OBJECT_ENDS) and not (tokens[k].low == "as" and cue.base in ("describe", "portray", "cast", "dismiss")):
            last = k - 1
            break
    return (first, last) if last - first + 1 >= LEAST_OBJECT else None


def _around_tag(tokens: Sequence[Token], cue: Cue, low: int, high: int) -> list[tuple[int, int]]:
    """The clauses in front of and behind a tag between commas: "It will rain, Ann said."; "The pier, she said, is closed."."""
    if cue.group not in ("speech", "thought") or cue.form not in ("past", "s", "base") or cue.source is None:
        return []
    first = min(cue.index, cue.source.index)
    while first > low and tokens[first - 1].tag in ("determiners", "noun", "poss"):
        first -= 1
    after = max(cue.last, cue.source.last) + 1
    ends = next((k for k in range(after, min(high, after + TAG_REACH)) if tokens[k].low == "," or tokens[k].low in SENTENCE_STOPS), None)
    closed = ends is not None and all(token.tag in BEHIND_TAG for token in tokens[after:ends])
    if first - 1 <= low or tokens[first - 1].low != "," or not closed or ends is None or cue.source.index < first:
        return []
    begin = _begin(tokens, low)
    middle = tokens[ends].low == "," and ends == after and cue.side == "left" and ends + 1 < high
    pieces = [(begin, first - 2)] if middle or _tells(tokens[begin:first - 1]) else []
    if middle and (tokens[ends + 1].verb is None or tokens[ends + 1].low == "that"):
        pieces.append((ends + 1, _end(tokens, ends + 1, high, cue)))
    return pieces


def _tells(tokens: Sequence[Token]) -> bool:
    """Whether tokens before a tag are a clause of their own and no setting ("In Ohio, …", "After the vote, …")."""
    if not tokens or (tokens[0].tag in ("prepositions", "subordinators") and all(token.low != "," for token in tokens)):
        return False
    return any(token.tag in FINITE or token.tag in ("verbish", "quote") for token in tokens)


def _begin(tokens: Sequence[Token], low: int) -> int:
    """The first token behind a "But" or "And" at the start, which is the writer's."""
    return low + 1 if tokens[low].low in JOINING else low


def _according(tokens: Sequence[Token], cue: Cue, low: int, high: int) -> tuple[int, int] | None:
    if cue.index > low + 1:
        last = cue.index - (2 if tokens[cue.index - 1].low == "," else 1)
        if _tells(tokens[_begin(tokens, low):last + 1]):
            return _begin(tokens, low), last
    comma = next((k for k in range(cue.last + 1, high) if tokens[k].low == ","), None)
    return (comma + 1, _end(tokens, comma + 1, high, cue)) if comma is not None and comma + 1 < high else None


def _end(tokens: Sequence[Token], first: int, high: int, cue: Cue) -> int:
    """The clause's last token: before a full stop, before a comma with a new part behind it, or before the speaker's next act."""
    last = first - 1
    for k in range(first, high):
        token = tokens[k]
        if (token.low in DASHES and k > first) or token.low == ";" or (token.tag == "punct" and token.low in SENTENCE_STOPS):
            break
        after = tokens[k + 1] if k + 1 < high else None
        if token.low == "," and k > first and after is not None and _parts(tokens, k + 1, high):
            break
        if token.low in JOINING and k > first and _second_verb(tokens, k + 1, high, cue):
            break
        last = k
    while last > first and tokens[last].tag == "punct":
        last -= 1
    return last


def _parts(tokens: Sequence[Token], at: int, high: int) -> bool:
    """Whether the writer speaks again behind a comma: a participle of speech or a new clause follows."""
    token = tokens[at]
    if token.low in NEW_PART or (token.verb is not None and token.verb.form == "ing"):
        return True
    for each in tokens[at:min(high, at + TAG_REACH)]:
        if each.verb is not None:
            return each.verb.group == "speech" and each.verb.form in ("past", "s")
        if each.tag not in ("name", "noun", "determiners", "poss", "subject_pronouns"):
            return False
    return False


def _second_verb(tokens: Sequence[Token], at: int, high: int, cue: Cue) -> bool:
    """Whether "and" begins the speaker's next act: "said it was late and asked them to go"."""
    while at < high and tokens[at].tag in ("adverbs", "subject_pronouns", "auxiliaries"):
        at += 1
    verb = tokens[at].verb if at < high else None
    return verb is not None and verb.form == cue.form and verb.group in ("speech", "naming") and cue.form in ("past", "s", "ing")

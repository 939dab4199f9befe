"""English verbs in the present and the past, as far as the stories need them."""

from __future__ import annotations

_IRREGULAR: dict[str, str] = {
    "bear": "bore", "become": "became", "begin": "began", "bend": "bent", "bite": "bit",
    "blow": "blew", "break": "broke", "bring": "brought", "burn": "burnt", "cast": "cast",
    "catch": "caught", "choose": "chose", "chop": "chopped", "clap": "clapped",
    "clip": "clipped", "come": "came", "cut": "cut", "dare": "dared", "dim": "dimmed",
    "do": "did", "drag": "dragged", "draw": "drew", "drive": "drove", "drop": "dropped",
    "eat": "ate", "fall": "fell", "feel": "felt", "find": "found", "fit": "fitted",
    "flap": "flapped", "fly": "flew", "fold": "folded", "forget": "forgot",
    "forgive": "forgave", "get": "got", "give": "gave", "go": "went", "grin": "grinned",
    "grow": "grew", "hang": "hung", "have": "had", "hear": "heard", "hide": "hid", "hit": "hit",
    "hold": "held", "hop": "hopped", "hum": "hummed", "hurt": "hurt", "keep": "kept",
    "know": "knew", "lay": "laid", "lead": "led", "leave": "left", "let": "let", "lie": "lay",
    "light": "lit", "lose": "lost", "make": "made", "mean": "meant", "meet": "met",
    "nod": "nodded", "pop": "popped", "pull": "pulled", "put": "put", "quarrel": "quarrelled",
    "read": "read", "ride": "rode", "ring": "rang", "rise": "rose", "rub": "rubbed",
    "run": "ran", "say": "said", "see": "saw", "sell": "sold", "send": "sent", "set": "set",
    "shake": "shook", "shine": "shone", "shut": "shut", "sing": "sang", "sit": "sat",
    "skip": "skipped", "slam": "slammed", "slap": "slapped", "sleep": "slept", "slide": "slid",
    "slip": "slipped", "snap": "snapped", "speak": "spoke", "spin": "spun", "spit": "spat",
    "stand": "stood", "step": "stepped", "stir": "stirred", "stop": "stopped",
    "strike": "struck", "strut": "strutted", "swap": "swapped", "swear": "swore",
    "sweep": "swept", "swim": "swam", "swing": "swung", "take": "took", "tap": "tapped",
    "tear": "tore", "tell": "told", "think": "thought", "throb": "throbbed", "throw": "threw",
    "trip": "tripped", "wake": "woke", "weep": "wept", "win": "won", "wind": "wound",
    "wrap": "wrapped", "write": "wrote",
}  # fmt: skip
_MODALS: dict[str, str] = {"can": "could", "will": "would", "ought": "ought"}
_BE: dict[str, dict[str, str]] = {
    "present": {"I": "am", "s": "is", "p": "are"},
    "past": {"I": "was", "s": "was", "p": "were"},
}


def conjugate(verb: str, person: str, tense: str) -> str:
    """Return a form of a verb.

    Args:
        verb: Its infinitive.
        person: "I", "s" for the third person singular or "p" for the plural.
        tense: "present" or "past".
    """
    if verb == "be":
        return _BE[tense][person]
    if verb in _MODALS:
        return verb if tense == "present" else _MODALS[verb]
    if tense == "past":
        return _past(verb)
    return _third_person(verb) if person == "s" else verb


def _past(verb: str) -> str:
    if verb in _IRREGULAR:
        return _IRREGULAR[verb]
    if verb.endswith("e"):
        return verb + "d"
    if verb.endswith("y") and verb[-2] not in "aeiou":
        return verb[:-1] + "ied"
    return verb + "ed"


def _third_person(verb: str) -> str:
    if verb == "have":
        return "has"
    if verb.endswith(("s", "sh", "ch", "x", "z", "o")):
        return verb + "es"
    if verb.endswith("y") and verb[-2] not in "aeiou":
        return verb[:-1] + "ies"
    return verb + "s"

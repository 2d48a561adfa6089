"""Finds secrets by the name that stands before them, in whatever notation.

Every pattern runs in time linear in the text: no part of one can be matched in two
ways, and what is looked ahead for is bounded.
"""

import re

from common.known_secrets import MASK

# Names that mean a secret wherever they end a longer name, and names that only do
# when they stand alone or behind a dash or underscore ("compass" is no "pass").
_ANY_END = (
    r"(?:api|auth|pass|rss|master|secret|private|access|session|encryption)[_-]?key"
    r"|torrent[_-]?pass|passw(?:or)?d|passphrase|secret|token"
)
_WHOLE = r"auth|authorization|pass|pwd|sid|session(?:[_-]?id)?|mam[_-]id|cookie"
_NAME = rf"(?:[\w-]{{0,40}}?(?:{_ANY_END})|(?:[\w-]{{0,40}}[_-])?(?:{_WHOLE}))"
_SECRET_NAME = re.compile(_NAME, re.IGNORECASE)

# Most texts hold none of these words; then no pattern with a name needs to run.
_HINT = re.compile(r"key|pass|pwd|secret|token|auth|sid|session|mam|cookie")
_END = rf"(?:{re.escape(MASK)}|[^&#\s\"'<>;,)\]}}|\\])+"
_PARAMETER = re.compile(
    rf"(?:(?<=%[0-9A-F]{{2}})|(?<![\w%-]))({_NAME}(?:=|%3D)){_END}",
    re.IGNORECASE,
)
_QUOTED = re.compile(
    rf"([\"']{_NAME}[\"']\s*[:=]\s*b?|\(\s*[\"']{_NAME}[\"']\s*,\s*b?)"
    r"([\"'])((?:\\.|(?!\2)[^\\])*)",
    re.IGNORECASE | re.DOTALL,
)
_LISTED = re.compile(
    rf"([\"']{_NAME}[\"']\s*[:=]\s*[\[(]\s*)"
    r"(?:b?(?:\"(?:\\.|[^\\\"])*\"|'(?:\\.|[^\\'])*')\s*(?:,\s*)?)+",
    re.IGNORECASE | re.DOTALL,
)
_ESCAPED = re.compile(
    rf"(\\[\"']{_NAME}\\[\"']\s*:\s*\\([\"']))((?:(?!\\\2).)*)",
    re.IGNORECASE | re.DOTALL,
)
_HEADER = re.compile(
    r"(\b(?:(?:proxy-)?authorization|set-cookie|cookie|x-(?:api-key|auth-token))"
    r"\s*:\s*)(?![\"'])([^\r\n\"']+)",
    re.IGNORECASE,
)
# In prose a word follows the colon ("the token: it is too old"). So without quotes
# only what looks like no word counts: with a digit or a sign in it, or very long.
_BARE = r"[^\s\"'<>;,)]"
_NO_WORD = rf"(?={_BARE}{{6}})(?={_BARE}{{0,60}}[0-9+=@$%^]|{_BARE}{{18}})"
_ASSIGNED = re.compile(
    rf"(?<![\w%-])({_NAME}[ \t]{{0,3}}[:=][ \t]{{0,3}})"
    rf"(?:b?\"(?:\\.|[^\\\"\r\n])+\"|b?'(?:\\.|[^\\'\r\n])+'|{_NO_WORD}{_END})",
    re.IGNORECASE,
)
# A line break as it is, or as it is escaped in JSON and Python.
_BREAK = r"(?:\r?\n|\\r\\n|\\n)"
_FORM_PART = re.compile(
    rf"(\bname=\\?[\"']{_NAME}\\?[\"'](?:{_BREAK}[\w-]{{1,40}}:[^\r\n\\]{{0,200}}){{0,4}}"
    rf"{_BREAK}{_BREAK})(?:(?!{_BREAK}).)+",
    re.IGNORECASE,
)
_ELEMENT = re.compile(rf"(<{_NAME}(?:\s[^<>]*)?>)[^<]+(?=</)", re.IGNORECASE)
_FIELD = re.compile(
    r"<(?:input|param|meta|button)\b(?:[^<>\"']|\"[^\"]*\"|'[^']*')*", re.IGNORECASE
)
_FIELD_NAME = re.compile(
    rf"\s(?:name|id)=\\?[\"']?{_NAME}(?=[\s\"'\\/]|$)", re.IGNORECASE
)
_FIELD_VALUE = re.compile(
    r"(\s(?:value|content)=)(?:(\\?[\"'])(?:(?!\2).)*|[^\s\"'\\/]+)",
    re.IGNORECASE | re.DOTALL,
)


def is_secret_name(name: str) -> bool:
    """Whether a parameter, header or key of this name holds a secret."""
    return _SECRET_NAME.fullmatch(name) is not None


def mask_named(text: str) -> str:
    """The text with the value of each name that means a secret replaced."""
    if not _HINT.search(text.lower()):
        return text
    text = _PARAMETER.sub(rf"\1{MASK}", text)
    if '"' in text or "'" in text:
        text = _QUOTED.sub(rf"\1\2{MASK}", text)
        text = _LISTED.sub(rf'\1"{MASK}"', text)
        text = _FORM_PART.sub(rf"\1{MASK}", text)
        if "\\" in text:
            text = _ESCAPED.sub(rf"\1{MASK}", text)
    if "<" in text:
        text = _ELEMENT.sub(rf"\1{MASK}", text)
        text = _FIELD.sub(_mask_field, text)
    text = _HEADER.sub(rf"\1{MASK}", text)
    return _ASSIGNED.sub(rf"\1{MASK}", text)


def _mask_field(match: re.Match[str]) -> str:
    """A form field with a secret's name loses its value, in either order."""
    tag = match[0]
    if _FIELD_NAME.search(tag) is None:
        return tag
    return _FIELD_VALUE.sub(rf"\1\2{MASK}", tag)

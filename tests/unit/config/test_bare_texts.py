"""Templates and code hold no bare text: all that people read goes through gettext."""

import ast
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from textwrap import dedent

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
# Templates whose texts all go through gettext. New ones belong here.
TRANSLATED = (
    "templates/4*.html",
    "templates/5*.html",
    "templates/error.html",
    "templates/admin/**/*.html",
    "templates/unfold/**/*.html",
)
# Code whose arguments that a person reads all go through gettext.
TRANSLATED_CODE = (
    *("common/addresses.py", "common/admin.py", "common/fields.py"),
    *("common/figures.py", "common/paging.py", "common/permissions.py"),
    "config/account/*.py",
    "config/admin*.py",
    "config/admin/*.py",
    *("config/empty_lists.py", "config/in_use.py"),
    "config/health.py",
    "config/models.py",
    "config/navigation.py",
    *("config/people/*.py", "config/people/models/*.py"),
    "config/people/services/*.py",
    "releases/apps.py",
    "releases/admin/**/*.py",
    "releases/models/**/*.py",
    "trackers/*.py",
    "trackers/adapters/*/settings.py",
    "trackers/admin/**/*.py",
    "trackers/models/**/*.py",
    "uploads/admin/**/*.py",
    "uploads/analytics/**/*.py",
    "uploads/models/**/*.py",
    *("uploads/apps.py", "uploads/services/hooking.py"),
)
# Names that are the same everywhere.
NAMES = {"Herald", "CSV", "HTTP", "&nbsp;↗", "&nbsp;→"}
FILES = sorted({path for glob in TRANSLATED for path in ROOT.glob(glob)})
CODE = sorted({path for glob in TRANSLATED_CODE for path in ROOT.glob(glob)})
# What a person reads, by the name of the argument, attribute or key.
READ = {
    *("verbose_name", "verbose_name_plural", "help_text", "search_help_text"),
    *("short_description", "empty_value_display"),
}
READ_ARGUMENTS = READ | {"label", "description", "empty_label", "what"}
# Calls whose argument at this place is read: by the function's own name.
LEVELS = ("debug", "info", "success", "warning", "error")
READ_PLACES = {"told": 2, "told_each": 3, "require": 2, "chip": 0, "ValidationError": 0}
GETTEXT = {"_", "gettext", "gettext_lazy", "ngettext", "ngettext_lazy", "pgettext"}
RELATIONS = {"ForeignKey", "OneToOneField", "ManyToManyField"}


def bare_texts(source):
    """Words of a template that no gettext tag holds."""
    for tag in ("blocktranslate", "blocktrans", "comment"):
        source = re.sub(
            rf"{{%\s*{tag}\b.*?{{%\s*end{tag}\s*%}}", "", source, flags=re.S
        )
    source = re.sub(r"<(style|script)\b.*?</\1>", "", source, flags=re.S)
    source = re.sub(r"<span[^>]*\bmaterial-symbols-outlined\b[^<]*</span>", "", source)
    source = re.sub(r"{%.*?%}|{{.*?}}|{#.*?#}", "", source, flags=re.S)
    spoken = re.findall(r'\s(?:title|alt|aria-label|placeholder)="([^"]*)"', source)
    source = re.sub(r"<[^>]*>", "\n", source)
    found = {line.strip() for line in (*source.splitlines(), *spoken)}
    return {text for text in found if re.search(r"[^\W\d_]{2}", text)} - NAMES


def bare_arguments(source: str) -> set[str]:
    """Texts of Python code that a person reads, and that do not go through gettext.

    Looks at arguments and attributes such as `verbose_name` and `label`, at names of
    fields, choices and fieldsets, at titles of pages, and at messages; also at gettext
    itself, which cannot look up an f-string. Texts without a small letter (ASIN) are
    the same everywhere.
    """
    texts = {
        text
        for node in ast.walk(ast.parse(source))
        for value in _read_by_people(node)
        for text in _bare(value)
    }
    return {
        text
        for text in texts - NAMES
        if re.search(r"[^\W\d_]{2}", text) and text != text.upper()
    }


def _read_by_people(node: ast.AST) -> Iterator[ast.AST]:
    """The parts of a node that a person reads."""
    match node:
        case ast.Call():
            yield from _read_arguments(node)
        case ast.Assign(targets=[ast.Name(id=name) | ast.Attribute(attr=name)]):
            if name in READ:
                yield node.value
        case ast.ClassDef(bases=[*_, ast.Name(id=base) | ast.Attribute(attr=base)]):
            if base.endswith("Choices"):
                yield from _choices(
                    one.value
                    for one in node.body
                    if isinstance(one, ast.Assign | ast.AnnAssign) and one.value
                )
        case ast.Tuple(elts=[text, ast.Dict() as fieldset]):
            if any(True for _ in _under("fields", fieldset)):
                yield text
        case ast.Dict():
            yield from _under("title", node)


def _read_arguments(call: ast.Call) -> Iterator[ast.AST]:
    owner = getattr(getattr(call.func, "value", None), "id", "")
    name = getattr(call.func, "attr", getattr(call.func, "id", ""))
    for keyword in call.keywords:
        if keyword.arg in READ_ARGUMENTS or (name, keyword.arg) == ("chip", "title"):
            yield keyword.value
        elif keyword.arg == "choices":
            yield from _choices(getattr(keyword.value, "elts", ()))
    place = READ_PLACES.get(name)
    if owner == "messages" and name in LEVELS:
        place = 1
    elif owner == "models" and name.endswith("Field") and name not in RELATIONS:
        place = 0
    if name in GETTEXT:
        yield from (one for one in call.args if isinstance(one, ast.JoinedStr))
    elif place is not None:
        yield from call.args[place : place + 1]


def _choices(values: Iterable[ast.AST]) -> Iterator[ast.AST]:
    """The second of each pair."""
    for value in values:
        if isinstance(value, ast.Tuple) and len(value.elts) == 2:
            yield value.elts[1]


def _under(key: str, node: ast.Dict) -> Iterator[ast.AST]:
    """The value of a key."""
    for own, value in zip(node.keys, node.values, strict=True):
        if isinstance(own, ast.Constant) and own.value == key:
            yield value


def _bare(value: ast.AST) -> Iterator[str]:
    """Texts that stand there by themselves, also in branches and sums."""
    match value:
        case ast.Constant(value=str() as text):
            yield text
        case ast.JoinedStr():
            yield "".join(
                str(one.value) if isinstance(one, ast.Constant) else "{}"
                for one in value.values
            )
        case ast.IfExp(body=one, orelse=other) | ast.BinOp(left=one, right=other):
            yield from (*_bare(one), *_bare(other))
        case ast.List(elts=several) | ast.Dict(values=several):
            for one in several:
                yield from _bare(one)


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_template_holds_no_bare_text(path):
    assert {
        text.strip(" ·.,:") for text in bare_texts(path.read_text())
    } - NAMES == set()


@pytest.mark.parametrize("path", CODE, ids=lambda path: str(path.relative_to(ROOT)))
def test_code_holds_no_bare_text(path):
    assert bare_arguments(path.read_text()) == set()


@pytest.mark.parametrize(
    "source",
    [
        'models.CharField("Text", max_length=3)',
        'models.ForeignKey(Other, verbose_name="Text")',
        'forms.CharField(label="ASIN", help_text="Tex" "t")',
        'forms.ChoiceField(choices=[("", "Text"), *Kind.choices])',
        'class Meta:\n    verbose_name = "Text"',
        'class Kind(models.TextChoices):\n    A = "a", "Text"',
        '@admin.display(description="Text", ordering="x")\ndef cell(): ...',
        'cell.short_description = "Text"',
        'self.fields["x"].help_text = KEEP if kept else "Text"',
        'fieldsets = [("Text", {"fields": ("a", "b")})]',
        'context = {"title": "Text", "opts": opts}',
        'messages.success(request, "Text")',
        'told(request, call, "Text", permission=DO, what=_("do"))',
        'told(request, call, _("Done"), permission=DO, what="Text")',
        'require(request.user, DO, "Text")',
        'raise forms.ValidationError({"field": "Text"})',
        'chip(_("Off"), title="Text")',
    ],
)
def test_bare_arguments_are_found(source):
    assert bare_arguments(source) == {"Text"}


def test_arguments_that_nobody_reads_or_that_are_looked_up_are_not_bare():
    code = """
        class Kind(TextChoices):
            A = "small letters", _("Other")

        chip(_("Off"), "bad", title=gettext("Text"))
        Http(name="Text", label=_("Text"))
        log.error("x", "a line of the log")
        messages.error(request, f"{n}: {text}")
    """
    assert bare_arguments(dedent(code)) == set()


def test_an_f_string_is_never_looked_up():
    assert bare_arguments('_(f"{n} rows")') == {"{} rows"}
    assert bare_arguments('messages.error(request, f"{n} rows")') == {"{} rows"}


def test_bare_text_is_found():
    assert bare_texts("<p>Hello {{ name }}</p>") == {"Hello"}
    assert bare_texts('<img alt="Cover of {{ name }}" class="x y">') == {"Cover of"}
    assert bare_texts('{% translate "Hello" %}<p class="x y">3 ·</p>') == set()

"""Names of tables and columns, as pages show them, can be looked up."""

from django.contrib import admin
from django.utils.functional import Promise

TRANSLATED_APPS = ("releases", "uploads")


def shown_names():
    """Names of tables, and of the columns that their pages show as they are."""
    for model, own in admin.site._registry.items():
        meta = model._meta
        if meta.app_label not in TRANSLATED_APPS:
            continue
        yield f"{meta.label}", meta.verbose_name
        yield f"{meta.label}s", meta.verbose_name_plural
        columns = {field.name: field.verbose_name for field in meta.fields}
        form = getattr(own.form, "_meta", None)
        listed = (*own.list_display, *own.list_filter, *(own.fields or ()))
        for name in {*map(str, listed), *(form.fields or () if form else ())}:
            if name in columns:
                yield f"{meta.label}.{name}", columns[name]


def test_tables_and_columns_have_names_to_look_up():
    bare = {
        where: name
        for where, name in shown_names()
        if not isinstance(name, Promise) and name != name.upper()
    }
    assert bare == {}

"""A language in which every text that was looked up shows: “Save” is “⟦Save⟧”."""

from gettext import NullTranslations

OPEN, CLOSE = "⟦", "⟧"


class Marking(NullTranslations):
    """A catalogue that knows every text."""

    @staticmethod
    def plural(count):
        return int(count != 1)

    def gettext(self, message):
        return f"{OPEN}{message}{CLOSE}" if message.strip() else message

    def ngettext(self, singular, plural, count):
        return self.gettext(plural if self.plural(count) else singular)

    def pgettext(self, context, message):
        return self.gettext(message)

    def npgettext(self, context, singular, plural, count):
        return self.ngettext(singular, plural, count)

    def to_language(self):
        return "de"

"""The command of the fault matrix hands on what it was told."""

import pytest
from django.core.management import CommandError, call_command

from config.management.commands.chaos import Command


def test_without_the_tests_it_says_where_it_runs(settings, tmp_path):
    settings.BASE_DIR = tmp_path
    with pytest.raises(CommandError, match="run it in a checkout of Herald's source"):
        call_command("chaos")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--only", "nowhere"], "There is no step 'nowhere'; choose from claim"),
        (["--stop", "never"], "There is no stop 'never'; choose from kill-worker"),
        (["--cell", "a:b:c:d"], "There is no cell 'a:b:c:d'"),
    ],
)
def test_an_unknown_name_is_refused(arguments, said, capfd):
    with pytest.raises(SystemExit) as ended:
        Command().run_from_argv(["manage.py", "chaos", *arguments])
    assert ended.value.code == 2
    assert said in capfd.readouterr().err

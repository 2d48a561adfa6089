import pytest
from hypothesis import given
from hypothesis import strategies as st

from releases.clients.errors import PathNotMapped
from releases.clients.paths import same_path, to_client_path, to_local_path


@pytest.mark.parametrize(
    ("path", "root", "client_root", "expected"),
    [
        ("/data/books/a", "/data", "", "/data/books/a"),
        ("/data/books/a/", "/data/", "", "/data/books/a"),
        ("/data/books/a", "/data", "/mnt/media", "/mnt/media/books/a"),
        ("/data/books/a", "/data/", "/mnt/media/", "/mnt/media/books/a"),
        ("/data", "/data", "/mnt/media", "/mnt/media"),
        ("/data/a", "/", "/srv", "/srv/data/a"),
        ("/data/books/a", "/data", "D:\\media", "D:\\media\\books\\a"),
        ("/data/books/a", "/data", "D:\\", "D:\\books\\a"),
        ("/data/books/a", "/data", "d:/media/", "d:\\media\\books\\a"),
        ("/data/a b+c", "/data", "\\\\nas\\share", "\\\\nas\\share\\a b+c"),
    ],
)
def test_a_path_gets_the_clients_name(path, root, client_root, expected):
    assert to_client_path(path, root, client_root) == expected
    assert to_local_path(expected, root, client_root) == path.rstrip("/")


@pytest.mark.parametrize("path", ["/database/a", "/other", "/", "data/a", "/DATA/a"])
def test_a_path_outside_the_root_is_refused(path):
    with pytest.raises(PathNotMapped, match="not inside"):
        to_client_path(path, "/data", "/mnt")


@pytest.mark.parametrize("path", ["/data/../etc", "/data/books/../../etc"])
def test_dots_are_not_followed(path):
    with pytest.raises(PathNotMapped, match="not followed"):
        to_client_path(path, "/data", "/mnt")
    with pytest.raises(PathNotMapped, match="not followed"):
        to_local_path(path, "/mnt", "/data")


@pytest.mark.parametrize("root", ["", "data", "./data"])
def test_a_relative_root_is_refused(root):
    with pytest.raises(PathNotMapped, match="absolute"):
        to_client_path("/data/a", root, "/mnt")


@pytest.mark.parametrize("client_root", ["media", "D:"])
def test_a_relative_client_root_is_refused(client_root):
    with pytest.raises(PathNotMapped, match="absolute"):
        to_client_path("/data/a", "/data", client_root)


@pytest.mark.parametrize("name", ["a:b", "what?", "end.", "end ", "back\\slash", "a|b"])
def test_names_windows_cannot_have_are_refused(name):
    with pytest.raises(PathNotMapped, match="Windows"):
        to_client_path(f"/data/{name}", "/data", "D:\\media")


def test_windows_paths_are_compared_without_case():
    assert to_local_path("d:/MEDIA/Books", "/data", "D:\\media") == "/data/Books"


def test_a_client_path_elsewhere_is_refused():
    with pytest.raises(PathNotMapped, match="not inside"):
        to_local_path("/elsewhere/a", "/data", "/mnt")


names = st.text(
    st.characters(exclude_characters="/\0", exclude_categories=["Cs"]), min_size=1
).filter(lambda name: name not in {".", ".."})


@given(st.lists(names, min_size=1, max_size=4))
def test_posix_paths_come_back(parts):
    path = "/data/" + "/".join(parts)
    assert to_local_path(to_client_path(path, "/data", "/m/x"), "/data", "/m/x") == path


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("/data/a", "/data/a/", True),
        ("/data/a", "/data/A", False),
        ("/data/a", "/data/b", False),
        ("D:\\media\\a", "d:/media/A/", True),
        ("D:\\media", "E:\\media", False),
        ("/data/a", "D:\\data\\a", False),
        ("", "/data", False),
    ],
)
def test_the_same_folder_may_be_written_in_several_ways(one, other, same):
    assert same_path(one, other) is same
    assert same_path(other, one) is same

"""What counts as a web address, wherever a person enters one."""

import pytest
from django.core.exceptions import ValidationError

from common.addresses import check_web_address, origin


@pytest.mark.parametrize(
    "url",
    [
        "http://qbittorrent:8080",
        "http://localhost",
        "https://site.example/path",
        "http://192.168.0.2:65535/",
        "http://[::1]:8080",
    ],
)
def test_a_host_may_have_a_short_name(url):
    check_web_address(url)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "ftp://site.example",
        "http://127.0.0.1:99999",
        "http://127.0.0.1:0",
        "http://[::1",
        "http://",
        "http://a b",
        "http://\u00e9.example",
        "http://ann:secret@site.example",
        "http://ann@site.example?x",
        "https://site.example/?x=1",
        "https://site.example/#x",
        "javascript:alert(1)",
    ],
)
def test_what_is_no_address_is_refused(url):
    with pytest.raises(ValidationError):
        check_web_address(url)


def test_the_usual_port_need_not_be_named():
    assert origin("https://Site.example/a") == origin("https://site.example:443/b")
    assert origin("http://site.example") != origin("https://site.example")
    assert origin("http://site.example") != origin("http://site.example:81")
    assert origin("http://site.example:99999") != origin("http://site.example")

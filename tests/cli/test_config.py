"""Settings: flag, then environment, then file; clear errors; secrets kept."""

from pathlib import Path

import pytest

from aftersales.config import ConfigInvalid, Settings, settings, without_password


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def _file(text: str, name: str = "aftersales.toml") -> Path:
    path = Path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_without_anything_the_defaults_hold() -> None:
    assert settings(environ={}) == Settings()


def test_a_flag_wins_over_the_environment_and_that_over_the_file() -> None:
    _file('shop = "of_file"\nzone = "Europe/Berlin"\nhandlers = "a:b"')
    environ = {"AFTERSALES_SHOP": "of_environment", "AFTERSALES_ZONE": "Asia/Tokyo"}
    found = settings({"shop": "of_flag", "zone": None}, environ=environ)
    assert (found.shop, found.zone, found.handlers) == ("of_flag", "Asia/Tokyo", "a:b")


def test_paths_in_the_file_are_relative_to_the_file() -> None:
    _file('folder = "."\ndatabase = "sqlite:///cases.db"\ndeliver_to = "out"', "shop/a.toml")
    found = settings(environ={"AFTERSALES_CONFIG": "shop/a.toml"})
    assert found.folder == Path("shop")
    assert found.deliver_to == Path("shop/out")
    assert found.database == "sqlite:///shop/cases.db"


@pytest.mark.parametrize("url", ["sqlite:////var/cases.db", "sqlite://", "postgresql://db/shop"])
def test_other_databases_are_left_as_they_are(url: str) -> None:
    assert settings(environ={}, file=_file(f'database = "{url}"', "x/a.toml")).database == url


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('databse = "sqlite://"', "aftersales.toml: `databse` is not a setting; did you mean `dat"),
        ("shop = 3", "`shop` must be a text in quotes"),
        ("shop = ", "is not TOML"),
        ('zone = "Berlin"', "`Berlin` is not a time zone; write it like `Europe/Berlin`"),
        ('folder = "nowhere"', "there is no folder of definitions `nowhere`"),
        ('database = "cases.db"', "for a file write `sqlite:///cases.db`"),
        ('shop = "a/b"', "cannot name a shop"),
    ],
)
def test_a_wrong_file_is_told_plainly(text: str, message: str) -> None:
    _file(text)
    with pytest.raises(ConfigInvalid) as told:
        settings(environ={})
    assert message in str(told.value)


def test_an_unknown_variable_is_told_with_the_one_meant() -> None:
    with pytest.raises(ConfigInvalid, match="did you mean `AFTERSALES_DATABASE`"):
        settings(environ={"AFTERSALES_DATABSE": "x"})


def test_a_file_that_the_environment_names_and_is_not_there_is_told_with_the_variable() -> None:
    told = r"`shop/a\.toml`, which `AFTERSALES_CONFIG` names; `unset AFTERSALES_CONFIG`"
    with pytest.raises(ConfigInvalid, match=told):
        settings(environ={"AFTERSALES_CONFIG": "shop/a.toml"})


def test_a_file_that_was_named_must_exist() -> None:
    with pytest.raises(ConfigInvalid, match=r"no configuration file `other\.toml`"):
        settings(environ={}, file="other.toml")


@pytest.mark.parametrize(
    "url",
    [
        "postgresql+psycopg://ann:s3cr:et@db/shop",
        "postgresql://ann:s3cr@et@db/shop",
        "postgresql://db/shop?user=ann&password=s3cret&x=1",
    ],
)
def test_a_password_is_never_shown(url: str) -> None:
    chosen = settings({"database": url}, environ={})
    for shown in (repr(chosen), str(chosen), chosen.shown_database, without_password(f"no: {url}")):
        assert "s3cr" not in shown
        assert "et@" not in shown
        assert "***" in shown
    assert chosen.database == url


def test_a_url_without_password_is_shown_whole() -> None:
    assert without_password("sqlite:////var/lib/a@b/x.db") == "sqlite:////var/lib/a@b/x.db"
    assert without_password("postgresql://ann@db/shop") == "postgresql://ann@db/shop"

"""The first step on a bare machine: what is missing is said in words."""

import sys

from hldtracker import bootstrap


def test_a_python_that_is_too_old_is_named(monkeypatch, capsys):
    monkeypatch.setattr(sys, "version_info", (3, 9, 2))

    assert bootstrap.main("base") == 1
    assert capsys.readouterr().err == (
        "hldtracker needs Python 3.11 or newer; this is Python 3.9.2.\n"
        "Install a newer one, or name it: make up PYTHON=python3.12\n"
    )


def test_a_python_without_venv_names_the_package(monkeypatch, capsys, tmp_path):
    monkeypatch.setattr(bootstrap, "VENV", str(tmp_path / "venv"))
    monkeypatch.setattr(bootstrap, "PYTHON", str(tmp_path / "venv" / "bin" / "python"))
    monkeypatch.setattr(sys, "executable", "/bin/false")

    assert bootstrap.main("base") == 1
    assert "apt-get install python3-venv" in capsys.readouterr().err


def test_an_environment_that_stands_is_left_alone(monkeypatch, capsys, tmp_path):
    monkeypatch.setattr(bootstrap, "VENV", str(tmp_path))
    monkeypatch.setattr(bootstrap, "PYTHON", sys.executable)
    (tmp_path / "installed-base").write_text(bootstrap.fingerprint("base"))

    assert bootstrap.main("base") == 0
    assert capsys.readouterr().err == ""


def test_a_changed_lock_is_installed_again(monkeypatch, tmp_path):
    monkeypatch.setattr(bootstrap, "VENV", str(tmp_path))
    monkeypatch.setattr(bootstrap, "PYTHON", "/bin/true")
    monkeypatch.setattr(bootstrap, "LOG", str(tmp_path / "log"))
    (tmp_path / "installed-base").write_text("of another lock")

    assert bootstrap.main("dev") == 0
    assert (tmp_path / "installed-dev").read_text() == bootstrap.fingerprint("dev")
    assert (tmp_path / "installed-base").read_text() == bootstrap.fingerprint("base")

"""The stamp of a rules folder: the same while nothing is changed that rules are made of."""

import os

import pytest

from bot.rulebook import stamp

MANY = "title: 比亚迪 und NIO\nid: w\ncompanies: [byd, nio]\n"


@pytest.fixture
def folder(rules):
    """A folder with a link in it, as Kubernetes mounts one."""
    rules.basics().write("..data/lists.yaml", MANY).write(".byd.yaml.swp", "")
    (rules.root / "watchlists").mkdir()
    (rules.root / "watchlists/lists.yaml").symlink_to("../..data/lists.yaml")
    assert rules.problems() == []
    return rules


def test_what_is_left_alone_has_the_same_stamp(folder):
    """However often one looks, and whatever an editor or git keeps beside the rules."""
    before = stamp(folder.root)
    folder.write(".byd.yaml.swp", "id: by").write("notes.txt", "übrigens").write(".git/index", "x")
    assert stamp(folder.root) == before


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda root: (root / "terms/all.yaml").write_text("[]"), id="written"),
        pytest.param(lambda root: (root / "terms/de.yaml").write_text(""), id="added"),
        pytest.param(lambda root: (root / "terms/all.yaml").unlink(), id="removed"),
        pytest.param(lambda root: (root / "terms/all.yaml").rename(root / "terms/alle.yaml"), id="renamed"),
        pytest.param(lambda root: (root / "..data/lists.yaml").write_text(f"# 名单\n{MANY}"), id="behind a link"),
        pytest.param(lambda root: (root / "claims/x").mkdir() or (root / "claims/x/y.yaml").touch(), id="deeper"),
        pytest.param(lambda root: (root / "terme").mkdir() or (root / "terme/de.yaml").touch(), id="a mistake added"),
        pytest.param(lambda root: (root / "terms/de.yaml").symlink_to("/etc/x.yaml"), id="a link out of it"),
        pytest.param(lambda root: root.rename(root.with_name("elsewhere")), id="all of it gone"),
    ],
)
def test_what_is_changed_has_another_stamp(folder, change):
    """A file that rules are made of, or one that `check` complains of."""
    before = stamp(folder.root)
    change(folder.root)
    assert stamp(folder.root) != before


def test_a_file_put_in_the_place_of_another_has_another_stamp(folder):
    """Even with the size and date of the one before."""
    before = stamp(folder.root)
    file = folder.root / "claims/jv.yaml"
    old = file.stat()
    other = folder.root / "new"
    other.write_bytes(bytes(reversed(file.read_bytes())))
    os.utime(other, ns=(old.st_atime_ns, old.st_mtime_ns))
    other.replace(file)
    assert stamp(folder.root) != before

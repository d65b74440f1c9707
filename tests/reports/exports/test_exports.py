"""An export from its order to its deletion."""

from reports.exports import files, ordering


def test_end_to_end(spec, admin, city, client):
    asked = {"first": 1, "count": 8}
    export = ordering.order(admin, spec, asked, name="沈阳市 数字/2026")
    assert (export.state, export.total, export.parts.count(), export.parts.exclude(done_at=None).count()) == (
        "done",
        8,
        3,
        3,
    )
    assert [path.name for path in files.folder(export).iterdir()] == ["whole"]
    client.force_login(admin)
    answer = client.get(f"/files/{export.pk}/file/")
    assert b"".join(answer) == b"1\n2\n3\n4\n5\n6\n7\n8\n"
    assert client.get(f"/files/{export.pk}/").status_code == 200
    assert client.get("/files/").status_code == 200

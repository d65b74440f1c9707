import pytest

from reports.fit import balanced, number_size, room


@pytest.mark.parametrize(
    ("text", "characters", "lines"),
    [
        ("党委政府重视支持好", 6, ["党委政府", "重视支持好"]),
        ("指导帮助基层好", 6, ["指导帮助", "基层好"]),
        ("工会组织健全", 5, ["工会组织", "健全"]),
        ("职代会和工资集体协商建制专项行动", 6, ["职代会和工资", "集体协商建制", "专项行动"]),
        ("加分项目", 3, ["加分", "项目"]),
        ("六个专项行动", 2, ["六", "个", "专", "项", "行", "动"]),
        ("办公室", 6, ["办公室"]),
        ("组织健全\n15分", 4, ["组织健全", "15分"]),
        ("AAA级工会组织", 3, ["AAA级工会组织"]),
        ("分", 0, ["分"]),
        ("", 3, [""]),
    ],
)
def test_labels_part_between_words(text, characters, lines):
    assert balanced(text, characters).split("\n") == lines


@pytest.mark.parametrize("length", range(1, 40))
@pytest.mark.parametrize("characters", range(3, 9))
def test_balanced_lines_fit_and_lose_nothing(length, characters):
    text = "工" * length
    lines = balanced(text, characters).split("\n")
    assert "".join(lines) == text
    assert max(map(len, lines)) <= characters
    assert len(lines) == -(-length // characters)


def test_room_and_size():
    assert room(22.2, 10.5) == 5
    assert number_size(1, 10.6, 10.5, 6) == 10.5
    assert number_size(8, 10.6, 10.5, 6) < 8
    assert number_size(30, 10.6, 10.5, 6) == 6
    assert number_size(0, 10.6, 10.5, 6) == 10.5

"""koppel match, as people run it: what it takes, what it refuses and where, and a large file to its end."""
import os
import pathlib
import random
import subprocess
import tempfile
import unittest

KOPPEL = pathlib.Path(os.environ.get("BUILD", "build")).resolve() / "bin/koppel"


def match(data, *options):
    """Runs it on a file of these bytes; returns the exit status, the output's lines and the errors."""
    with tempfile.NamedTemporaryFile(suffix=".txt") as file:
        file.write(data)
        file.flush()
        done = subprocess.run([KOPPEL, "match", *options, file.name], capture_output=True, timeout=120)
    return done.returncode, done.stdout.decode().splitlines(), done.stderr.decode()


def proves(edges, lines):
    """Whether the printed pairs and prices prove each other optimal, by the conditions of linear programming."""
    pairs, price, total = set(), {}, None
    for line in lines:
        field = line.split()
        if field[0] == "total":
            total = int(field[1])
        elif field[0] == "price":
            price[field[1], field[2]] = int(field[3])
        else:
            pairs.add((field[0], field[1]))
    worth = sum(edges[pair] for pair in pairs)
    asked = sum(price.values())
    fits = all(w <= price["left", l] + price["right", r] for (l, r), w in edges.items())
    alone = len({l for l, _ in pairs}) == len(pairs) == len({r for _, r in pairs})
    return alone and fits and worth == total == asked and min(price.values()) >= 0


class MatchTest(unittest.TestCase):
    def test_a_file_from_windows_without_a_last_newline(self):
        self.assertEqual(match(b"# people\r\na x 5\r\n\r\nb x 4\r\nb y 3"), (0, ["a x 5", "b y 3", "total 8"], ""))

    def test_zero_negative_equal_and_lonely(self):
        data = b"a x 0\nb x -7\nc y 2\nc z 2\ncapacity left alone 1\ncapacity right busy 0\nd busy 9\n"
        status, lines, _ = match(data)
        self.assertEqual(status, 0)
        self.assertIn(lines[0], ("c y 2", "c z 2"))
        self.assertEqual(lines[1:], ["total 2"])

    def test_each_fault_is_told_with_its_line(self):
        for text, line, words in (("a x nan", 1, "whole number"), ("a x 1\nb x inf", 2, "whole number"),
                                  ("a x 0x10", 1, "whole number"), ("a x 1e3", 1, "whole number"),
                                  ("a x 1125899906842625", 1, "2^50"), ("\na x", 2, "LEFT RIGHT WEIGHT"),
                                  ("a x 1\n#\na x 1", 3, "earlier line"), ("capacity left a -1", 1, "0 to 1000000")):
            with self.subTest(text=text):
                status, lines, errors = match(text.encode())
                self.assertEqual((status, lines), (1, []))
                self.assertRegex(errors, rf":{line}: .*" + words.replace("^", r"\^"))

    def test_a_sum_beyond_64_bits_is_exact(self):
        data = "".join(f"l{i} r{i} {2 ** 50}\n" for i in range(9000))
        status, lines, _ = match(data.encode())
        self.assertEqual((status, lines[-1]), (0, f"total {9000 * 2 ** 50}"))

    def test_a_large_file_is_solved_and_proven_by_its_prices(self):
        chance = random.Random(7)
        edges = {(f"l{l}", f"r{r}"): chance.randrange(1, 1000)
                 for l in range(20000) for r in chance.sample(range(20000), 8)}
        data = "".join(f"{l} {r} {w}\n" for (l, r), w in edges.items())
        status, lines, _ = match(data.encode(), "--prices")
        self.assertEqual(status, 0)
        self.assertTrue(proves(edges, lines))

    def test_wrong_usage_and_a_missing_file(self):
        self.assertEqual(subprocess.run([KOPPEL, "match"], capture_output=True).returncode, 2)
        gone = subprocess.run([KOPPEL, "match", "/nowhere.txt"], capture_output=True)
        self.assertEqual(gone.returncode, 1)
        self.assertIn(b"/nowhere.txt", gone.stderr)


if __name__ == "__main__":
    unittest.main()

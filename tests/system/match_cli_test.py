"""koppel match, as people run it: what it takes, what it refuses and where, and a large file to its end."""
import os
import pathlib
import pty
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


def best_total(edges, room):
    """The largest total by trying every choice of edges that keeps within everyone's room."""
    if not edges:
        return 0
    (left, right, weight), rest = edges[0], edges[1:]
    best = best_total(rest, room)
    if weight > 0 and room["left", left] > 0 and room["right", right] > 0:
        fewer = {**room, ("left", left): room["left", left] - 1, ("right", right): room["right", right] - 1}
        best = max(best, weight + best_total(rest, fewer))
    return best


class MatchTest(unittest.TestCase):
    def test_a_file_from_windows_without_a_last_newline(self):
        self.assertEqual(match(b"# people\r\na x 5\r\n\r\nb x 4\r\nb y 3"), (0, ["a x 5", "b y 3", "total 8"], ""))

    def test_zero_negative_equal_and_lonely(self):
        data = b"a x 0\nb x -7\nc y 2\nc z 2\ncapacity left alone 1\ncapacity right busy 0\nd busy 9\n"
        status, lines, _ = match(data)
        self.assertEqual(status, 0)
        self.assertIn(lines[0], ("c y 2", "c z 2"))
        self.assertEqual(lines[1:], ["total 2"])

    def test_random_files_with_capacities_equal_every_choice_tried(self):
        chance = random.Random(11)
        for case in range(40):
            edges = [(f"l{l}", f"r{r}", chance.randrange(-3, 9)) for l in range(3) for r in range(4)
                     if chance.random() < 0.8]
            names = [("left", f"l{l}") for l in range(3)] + [("right", f"r{r}") for r in range(4)]
            room = {name: chance.randrange(4) for name in names}
            lines = [f"{l} {r} {w}" for l, r, w in edges]
            lines += [f"capacity {side} {name} {n}" for (side, name), n in room.items()]
            chance.shuffle(lines)
            with self.subTest(case=case):
                status, out, _ = match("\n".join(lines).encode())
                chosen = [tuple(line.split()) for line in out[:-1]]
                self.assertEqual((status, out[-1]), (0, f"total {best_total(edges, room)}"))
                self.assertEqual(sum(int(w) for _, _, w in chosen), int(out[-1].split()[1]))
                self.assertLessEqual({(l, r, int(w)) for l, r, w in chosen}, set(edges))
                for (side, name), n in room.items():
                    self.assertLessEqual([c[side == "right"] for c in chosen].count(name), n)

    def test_each_fault_is_told_with_its_line(self):
        for text, line, words in (("a x nan", 1, "whole number"), ("a x 1\nb x inf", 2, "whole number"),
                                  ("a x 0x10", 1, "whole number"), ("a x 1e3", 1, "whole number"),
                                  ("a x 9007199254740993", 1, "2^53"), ("\na x", 2, "LEFT RIGHT WEIGHT"),
                                  ("a x 1\n#\na x 1", 3, "earlier line"), ("capacity left a -1", 1, "0 to 1000000")):
            with self.subTest(text=text):
                status, lines, errors = match(text.encode())
                self.assertEqual((status, lines), (1, []))
                self.assertRegex(errors, rf":{line}: .*" + words.replace("^", r"\^"))

    def test_a_line_without_end_and_noise_are_refused_where_they_stand(self):
        status, lines, errors = match(b"a x 1\n" + b"x" * 10_000_000 + b"\nb y 1\n")
        self.assertEqual((status, lines), (1, []))
        self.assertRegex(errors, r":2: the line is longer than 4095 bytes\n.* has 1 fault; mend it and try again\n$")
        status, lines, errors = match(random.Random(5).randbytes(1_000_000))
        self.assertEqual((status, lines), (1, []))
        self.assertIn("zero byte", errors)

    def test_two_volunteers_whom_everyone_could_meet(self):
        chance = random.Random(3)
        edges = [f"l{l} r{r} {chance.randrange(1, 1000)}\n" for l in range(50_000) for r in range(2)]
        chance.shuffle(edges)
        best = {}
        for left, _, weight in map(str.split, edges):
            best[left] = max(best.get(left, 0), int(weight))
        data = "capacity right r0 50000\ncapacity right r1 50000\n" + "".join(edges)
        self.assertEqual(match(data.encode())[1][-1], f"total {sum(best.values())}")

    def test_a_sum_beyond_64_bits_is_exact(self):
        data = "".join(f"l{i} r{i} {2 ** 53}\n" for i in range(9000))
        status, lines, _ = match(data.encode())
        self.assertEqual((status, lines[-1]), (0, f"total {9000 * 2 ** 53}"))

    def test_a_large_file_is_solved_and_proven_by_its_prices(self):
        chance = random.Random(7)
        edges = {(f"l{l}", f"r{r}"): chance.randrange(1, 1000)
                 for l in range(20000) for r in chance.sample(range(20000), 8)}
        data = "".join(f"{l} {r} {w}\n" for (l, r), w in edges.items())
        status, lines, _ = match(data.encode(), "--prices")
        self.assertEqual(status, 0)
        self.assertTrue(proves(edges, lines))

    def test_a_long_solve_shows_a_bar_on_a_terminal_alone_and_a_short_one_none(self):
        chance = random.Random(11)
        long = "".join(f"l{l} r{r} {chance.randrange(1, 10 ** 6)}\n"
                       for l in range(30000) for r in chance.sample(range(30000), 10)).encode()
        lines = {}
        for name, data in (("long", long), ("short", b"a x 5\n")):
            terminal, end = pty.openpty()
            done = subprocess.run([KOPPEL, "match", "-"], input=data, stdout=subprocess.PIPE, stderr=end, timeout=120)
            os.close(end)
            lines[name] = done.stdout
            told = b""
            try:
                while piece := os.read(terminal, 4096):
                    told += piece
            except OSError:  # what Linux says at the end of a terminal
                os.close(terminal)
            self.assertEqual(done.returncode, 0)
            if name == "long":
                self.assertRegex(told.decode(), r"^\r\[#*\.*\] \d+ of 120000 steps")
                self.assertRegex(told.decode(), r"\r\[#+\] 120000 of 120000 steps *\r\n$")
            else:
                self.assertEqual(told, b"")
        self.assertEqual(lines["short"], b"a x 5\ntotal 5\n")
        self.assertNotIn(b"steps", lines["long"])
        self.assertEqual(match(long)[2], "")

    def test_a_pipe_is_read_and_a_full_disk_is_told(self):
        piped = subprocess.run([KOPPEL, "match", "-"], input=b"a x 5\n", capture_output=True)
        self.assertEqual((piped.returncode, piped.stdout), (0, b"a x 5\ntotal 5\n"))
        with open("/dev/full", "w") as full:
            done = subprocess.run([KOPPEL, "match", "-"], input=b"a x 5\n", stdout=full, stderr=subprocess.PIPE)
        self.assertEqual(done.returncode, 1)
        self.assertIn(b"could not be written", done.stderr)

    def test_an_empty_file_is_an_empty_matching(self):
        self.assertEqual(match(b""), (0, ["total 0"], ""))

    def test_wrong_usage_and_a_missing_file(self):
        self.assertEqual(subprocess.run([KOPPEL, "match"], capture_output=True).returncode, 2)
        gone = subprocess.run([KOPPEL, "match", "/nowhere.txt"], capture_output=True)
        self.assertEqual(gone.returncode, 1)
        self.assertIn(b"/nowhere.txt", gone.stderr)


if __name__ == "__main__":
    unittest.main()

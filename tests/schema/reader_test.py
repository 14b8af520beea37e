"""The JSON reader: values as json reads them, and the line of each."""
import json
import unittest

import support  # noqa: F401  (puts the compiler on the path)
from reader import Broken, read


class Reading(unittest.TestCase):
    def test_values_are_what_json_reads(self):
        for text in ('{"a": [1, -2.5, 1e3, true, false, null], "b": {}, "c": "\\u00e9\\n\\"x\\"", "d": []}',
                     ' "é" ', "[]", "{}", "-0", '{"": {"x": [[]]}}'):
            with self.subTest(text):
                self.assertEqual(read(text).plain(), json.loads(text))

    def test_lines(self):
        node = read('{\n "a": 1,\n "b":\n  [true,\n   "x"]\n}')
        self.assertEqual(node.line, 1)
        self.assertEqual(node.get("a").line, 2)
        self.assertEqual((node.get("b").key_line, node.get("b").line), (3, 4))
        self.assertEqual([each.line for each in node.get("b").value], [4, 5])
        self.assertIsNone(node.get("c"))
        self.assertIsNone(read("[]").get("a"))

    def test_broken_texts_name_the_line(self):
        for text, line, words in (
                ('{\n"a": 1\n"b": 2}', 3, "expected ','"),
                ('{\n"a": 1,\n}', 3, "a text in double quotes"),
                ('{"a": 1,\n "a": 2}', 2, '"a" stands here twice'),
                ('[1,\n\n oops]', 3, "a value is expected"),
                ('{"a":\n "no end}', 2, "a text in double quotes"),
                ('"\\q"', 1, "an escape"),
                ('[1\n', 2, "ends before"),
                ("1\n2", 2, "something follows"),
                ("[01]", 1, "expected"),
                ("", 1, "a value is expected")):
            with self.subTest(text):
                with self.assertRaises(Broken) as caught:
                    read(text)
                self.assertEqual(caught.exception.line, line)
                self.assertIn(words, caught.exception.text)


if __name__ == "__main__":
    unittest.main()

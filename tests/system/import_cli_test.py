#!/usr/bin/python3
"""koppel import: a CSV file as people have it, told line by line; all of them or nobody."""
import pathlib
import re
import subprocess
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from built import BUILD, ROOT  # noqa: E402
from cli_scene import Scene  # noqa: E402

GOOD = "\ufeffvoornaam;naam;postcode;voorkeurtaal;e-mail\r\nFatma;Yıldız;1730;tr;fatma@example.org\r\nJan;Peeters;1731;nl;\r\n"


class Import(Scene):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.stack.client.command("registry", "koppel.registry.form-partnership.v1", {
            "partnership": "asse", "name": "Asse", "since": "2012-01-01", "lead_nis": "23002",
            "municipalities": [{"nis": "23002"}]})

    def run_import(self, content, *more):
        path = self.stack.folder / "people.csv"
        path.write_bytes(content)
        return self.koppel("import", path, "--partnership", "asse", *more)

    def people(self):
        return int(self.stack.psql("SELECT count(*) FROM registry.person"))

    def test_a_good_file_is_tried_taken_and_then_known(self):
        before = self.people()
        tried = self.run_import(GOOD.encode(), "--dry-run")
        self.assertEqual((tried.returncode, tried.stdout, self.people()),
                         (0, "2 lijnen zijn goed; nog niemand is ingelezen\n", before), tried.stderr)
        taken = self.run_import(GOOD.encode())
        self.assertEqual((taken.returncode, taken.stdout, self.people()), (0, "2 mensen zijn ingeschreven\n", before + 2))
        self.assertRegex(self.run_import(GOOD.encode(), "--dry-run").stdout, r"(?m)^lijn 2 is misschien [0-9a-f-]{36}, al bekend: zelfde e-mail, naam$")

    def test_a_bad_file_is_told_by_line_and_changes_nothing(self):
        before = self.people()
        bad = self.run_import(GOOD.replace("1731;nl", "1731;").replace("fatma@", "fatma").encode())
        self.assertEqual((bad.returncode, bad.stdout, self.people()), (1, "", before))
        self.assertRegex(bad.stderr, r"(?m)^\S+people\.csv, lijn 2, e-mail: is geen e-mailadres")
        self.assertRegex(bad.stderr, r"(?m)^\S+people\.csv, lijn 3, voorkeurtaal: geef één taal")
        self.assertIn("niemand is ingelezen: 2 fouten op 2 lijnen", bad.stderr)
        english = self.run_import(b"postcode,preferred_language\n173,\n2200,nl\n")
        self.assertRegex(english.stderr, r"(?m)^\S+people\.csv, line 2, postcode: give a postcode of 4 digits$")
        self.assertIn("nobody is imported: 2 faults on 1 line;", english.stderr)
        for content, words in ((GOOD.encode("utf-16"), "is UTF-16"), (b"PK\x03\x04", "is a spreadsheet"), (b"a,b\n\x81\n", "is not UTF-8"),
                               (b"a,b\n\0\n", "is no text"), (b"a" * 60001, "split it"), (b"", "is empty"),
                               (b"\xe9" * 40000, "split it")):
            refused = self.run_import(content)
            self.assertEqual((refused.returncode, refused.stdout), (1, ""), words)
            self.assertIn(words, refused.stderr)
        self.assertEqual(self.people(), before)

    def test_the_template_holds_no_fault_but_a_postcode_that_does_not_exist(self):
        template = subprocess.run([BUILD / "bin/koppel", "import", "--template"], capture_output=True, check=True).stdout
        refused = self.run_import(template)
        told = refused.stderr.splitlines()
        self.assertEqual((refused.returncode, refused.stdout, len(told)), (1, "", 2), refused.stderr)
        self.assertRegex(told[0], r"people\.csv, lijn 2, postcode: is van het voorbeeld in de sjabloon: haal deze regel weg$")
        taken = self.run_import(template.replace(b";1234;", b";1730;").replace(b"\r\n", b"\n").replace(b"\xef\xbb\xbf", b""))
        self.assertEqual((taken.returncode, taken.stdout), (0, "1 persoon is ingeschreven\n"), taken.stderr)
        self.assertEqual(self.stack.psql("SELECT array_to_string(interests || languages || availability, ' ') FROM registry.person "
                                         "JOIN registry.person_private USING (person_id) WHERE first_name = 'Voorbeeld'"),
                         "cooking walking ti ar mon-morning sat-afternoon")

    def test_a_list_without_names_of_columns_is_answered_in_its_language(self):
        for content, words in (("Jan;Peeters;1730;nl\n", "geen enkele kolom is bekend"), ("Ada,Aziz,1730,Arabisch\n", "geen enkele kolom"),
                               ("Ada,Lovelace,1730,en\n", "none of the columns is known")):
            self.assertIn(words, self.run_import(content.encode()).stderr)

    def test_only_bad_lines_are_counted_as_such(self):
        bad = self.run_import(GOOD.replace("1731;nl", "1731;").encode())
        self.assertIn("niemand is ingelezen: 1 fout op 1 lijn;", bad.stderr)

    def test_who_lives_elsewhere_is_remarked_and_taken(self):
        before = self.people()
        taken = self.run_import("voornaam;naam;postcode;voorkeurtaal\nIna;Elders;2200;nl\nJef;Hier;1730;nl\n".encode())
        self.assertEqual((taken.returncode, self.people()), (0, before + 2), taken.stderr)
        self.assertEqual(taken.stdout, "lijn 2: de postcode ligt in Herentals, buiten dit samenwerkingsverband: kijk na of dat klopt\n"
                                       "2 mensen zijn ingeschreven\n")

    def test_windows_1252_is_read_and_said(self):
        taken = self.run_import("voornaam;naam;postcode;voorkeurtaal\nZoë;Çelik – ’t Kint;1730;Oekraïens\n".encode("cp1252"))
        self.assertEqual((taken.returncode, taken.stdout), (0, "1 persoon is ingeschreven\n"), taken.stderr)
        self.assertRegex(taken.stderr, r"^\S+people\.csv is gelezen als Windows-1252: [^\n]+\n$")
        self.assertEqual(self.stack.psql("SELECT last_name, preferred_language FROM registry.person_private "
                                         "JOIN registry.person USING (person_id) WHERE first_name = 'Zoë'"), "Çelik – ’t Kint|uk")

    def test_the_interests_of_the_board_are_the_words_of_a_list(self):
        texts = (ROOT / "services/gateway/board/texts_profile.nl.js").read_text()
        words = re.findall(r'"interest\.([a-z-]+)": "([^"]+)"', texts)
        self.assertGreater(len(words), 10)
        for i in range(0, len(words), 12):
            taken = self.run_import(f'postcode;voorkeurtaal;voornaam;interesses\n1730;nl;Bord{i};"{", ".join(w for _, w in words[i:i + 12])}"\n'.encode())
            self.assertEqual(taken.returncode, 0, taken.stderr)
            self.assertEqual(self.stack.psql("SELECT array_to_string(interests, ' ') FROM registry.person JOIN registry.person_private "
                                             f"USING (person_id) WHERE first_name = 'Bord{i}'"), " ".join(w for w, _ in words[i:i + 12]))


if __name__ == "__main__":
    unittest.main()

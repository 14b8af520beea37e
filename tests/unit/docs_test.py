"""The runbook is whole: an entry for every coded error, a word on every metric, and no document names one that is gone."""
import pathlib
import re
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
METRIC = r"\b(?:libbus|koppel)_[a-z]+(?:_[a-z]+)*\b"
RUNBOOK = (ROOT / "docs/runbook.md").read_text()


def sources(*folders):
    return [path.read_text() for folder in folders for path in (ROOT / folder).rglob("*.[ch]")]


def literals(text):
    """The texts of its string literals: what stands in a comment is raised by nobody."""
    tokens = re.finditer(r'/\*.*?\*/|//[^\n]*|\'(?:\\.|[^\'\\])+\'|"((?:\\.|[^"\\])*)"', text, re.S)
    return [token[1] for token in tokens if token[1] is not None]


def metrics_of(texts):
    """Those that are written as a metric is: in a text, with a type line or a table row that makes one, or with labels."""
    pattern = rf'"(?:# TYPE )?({METRIC})(?:"|[ {{])'
    return {name for text in texts for name in re.findall(pattern, text)} - {"koppel_admin"}


class Runbook(unittest.TestCase):
    def test_codes_and_entries_are_the_same(self):
        codes = {code for text in sources("libbus", "services", "cli") for literal in literals(text)
                 for code in re.findall(r"\bBUS-[A-Z]+(?:-[A-Z]+)*\b", literal)}
        entries = set(re.findall(r"^## (BUS-\S+)", RUNBOOK, re.M))
        self.assertGreater(len(codes), 5)
        self.assertEqual(codes, entries)

    def test_every_metric_is_told(self):
        told = set(re.findall(METRIC, RUNBOOK[RUNBOOK.index("\n## Metrics"):]))
        metrics = metrics_of(sources("libbus", "services"))
        self.assertGreater(len(metrics), 20)
        self.assertEqual(metrics, told)

    def test_every_alarm_leads_somewhere(self):
        rows = re.findall(rf"^\| `({METRIC})` \| (.+) \| (.+) \|$", RUNBOOK, re.M)
        self.assertGreater(len(rows), 5)
        entries = set(re.findall(r"^## (.+)$", RUNBOOK, re.M))
        for metric, when, where in rows:
            for code in re.findall(r"BUS-[A-Z-]+[A-Z]|Dead letters", where):
                self.assertIn(code, entries, metric)

    def test_documents_name_metrics_that_exist(self):
        metrics = metrics_of(sources("libbus", "services"))
        documents = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "deploy").glob("*.md"),
                     *ROOT.glob("services/*/README.md")]
        for path in documents:
            named = set(re.findall(rf"`({METRIC})[`{{]", path.read_text()))
            self.assertEqual(named - metrics, set(), path)


class Protocol(unittest.TestCase):
    """Its tables have a row for each verb, refusal and operation of the sources, and no other."""
    GUIDE = (ROOT / "docs/protocol.md").read_text()
    REQUESTS = (ROOT / "libbus/app/requests.c").read_text()

    def rows(self, head):
        table = re.search(rf"^\| {head} \|.*\n\|[-|]+\n((?:\|.*\n)+)", self.GUIDE, re.M)[1]
        return [[cell.strip(" `") for cell in re.split(r"(?<!\\)\|", row)[1:-1]] for row in table.splitlines()]

    def test_verbs(self):
        rooms = {"ROOM_ANYONE": "anyone", "ROOM_PEERS": "peers", "ROOM_OPERATORS": "operators"}
        table = re.search(r"verbs\[\] = \{\n(.*?)\n\};", self.REQUESTS, re.S)[1]
        verbs = re.findall(r'\{"([A-Z]+)", (\w+), (?:NULL|"(\w+)"), \w+\}', table)
        self.assertEqual(len(verbs), table.count("{"))
        self.assertEqual({tuple(row[:3]) for row in self.rows("verb")}, {(verb, rooms[room], grant) for verb, room, grant in verbs})

    def test_refusals(self):
        texts = "".join(path.read_text() for path in (ROOT / "libbus/app").glob("*.c"))
        codes = set(re.findall(r'\b(?:read_job_refuse\(job|reply_error\(loop, request->route|refuse\(loop, request), "([A-Z]+)"', texts))
        self.assertGreater(len(codes), 4)
        self.assertEqual({row[0] for row in self.rows("code")}, codes)

    def test_operations(self):
        table = re.search(r"ops\[\] = \{\n(.*?)\n\};", (ROOT / "libbus/app/admin.c").read_text(), re.S)[1]
        self.assertEqual({row[0] for row in self.rows("op")}, set(re.findall(r'\{"([a-z-]+)", ', table)))


class Library(unittest.TestCase):
    """What libbus/README.md tells of limits and names is what the sources have."""
    GUIDE = (ROOT / "libbus/README.md").read_text()

    def test_limits(self):
        made = dict(re.findall(r"^#define (\w+) +([^/\n]*[^/\s])", "".join(sources("libbus")), re.M)) | {"BUS_DAY_US": "1"}

        def value(text):
            while names := re.findall(r"[A-Z]\w+", text):
                text = re.sub(rf"\b{names[0]}\b", f"({made[names[0]]})", text)
            return eval(text, {"__builtins__": {}})  # noqa: S307  (numbers of our own headers)

        rows = re.findall(r"^\| [^|]+ \| ([\d,]+) \| `(\w+)` \|$", self.GUIDE, re.M)
        self.assertGreater(len(rows), 12)
        for told, name in rows:
            self.assertEqual(int(told.replace(",", "")), value(name), name)

    def test_names_that_are_taken(self):
        texts = "".join(path.read_text() for path in sorted((ROOT / "libbus/store/migrations").glob("*.sql")))
        made = set(re.findall(r"^CREATE (?:TABLE|VIEW) (\w+)", texts, re.M)) - {"clock"}  # dropped since
        told = self.GUIDE[self.GUIDE.index("the library's tables beside its own"):].split("These names")[0]
        self.assertEqual(set(re.findall(r"`(\w+)`", told)), made)


class Keys(unittest.TestCase):
    def test_the_key_of_each_service_reads_what_it_follows(self):
        granted = dict(re.findall(r'\{"(\w+)", "([^"]+)"\}', (ROOT / "cli/stack/credentials.c").read_text()))
        for main in ROOT.glob("services/*/main.c"):
            name, follows = main.parent.name, re.search(r"follows\[\] = \{([^}]*)\}", main.read_text())
            if name != "gateway":  # it reads each stream that a token may
                self.assertEqual(re.findall(r"reads=(\S+)", granted[name]), re.findall(r'"(\w+)"', follows[1]), name)


class Services(unittest.TestCase):
    def test_every_list_of_the_services_is_whole_and_in_the_recipe(self):
        services = {main.parent.name for main in ROOT.glob("services/*/main.c")}
        guide = (ROOT / "CONTRIBUTING.md").read_text()
        recipe = guide[guide.index("\n## Add a service"):guide.index("\n## Test")]
        listed = {path: {name for name in services if re.search(rf"\b{name}\b", path.read_text())}
                  for folder in ("cli", "deploy", "services/gateway", ".") for path in (ROOT / folder).glob("**/*" if folder != "." else "*.yml")
                  if path.is_file() and path.suffix not in (".md", ".js", ".png")}
        lists = {path: names for path, names in listed.items() if len(names) > len(services) - 2}
        self.assertGreater(len(lists), 5)
        for path, names in lists.items():
            self.assertEqual(names, services, path)
            name = str(path.relative_to(ROOT))
            self.assertTrue(f"`{name}`" in recipe, f"CONTRIBUTING.md, Add a service: name {name}")


class Interests(unittest.TestCase):
    def test_those_that_are_known_have_one_list_and_words_for_people(self):
        def words(file, form):
            return set(re.findall(form, (ROOT / file).read_text(), re.M))
        known = (ROOT / "libfacts/interests.c").read_text()
        known = set(re.findall(r'"([a-z-]+)"', known[known.index("interests[] = {"):known.index("};")]))
        self.assertGreater(len(known), 20)
        lists = (ROOT / "services/registry/import_words.c").read_text()
        lists = lists[lists.index(" interests[] = {"):]
        self.assertEqual(set(re.findall(r'\{"[a-z]+", "([a-z-]+)"\}', lists[:lists.index("};")])), known)
        self.assertEqual(words("services/gateway/board/texts_profile.nl.js", r'"interest\.([a-z-]+)"'), known)


class Paths(unittest.TestCase):
    def test_every_question_has_its_path_in_the_guide(self):
        routes = (ROOT / "services/gateway/routes.c").read_text()
        guide = (ROOT / "docs/integrators.md").read_text()
        section = guide[guide.index("\n## Commands and questions"):guide.index("\n## Sending again")]
        paths = set(re.findall(r'QUERY\w*\("(/v1/[^"]+)"|"GET",\s*\.path = "(/v1/[^"]+)"', routes))
        paths = {one or other for one, other in paths} - {"/v1/events"}
        self.assertGreater(len(paths), 20)
        self.assertEqual(set(re.findall(r"`(/v1/[^`]+)`", section)) - {"/v1/"}, paths)


class Settings(unittest.TestCase):
    def test_the_table_tells_every_setting_as_it_is(self):
        services = (ROOT / "cli/stack/services.c").read_text()
        own = set(re.findall(r'set\(stack, &?to, "(\w+?)(?:_FILE)?"', services))
        here = set(re.findall(r'keep_here\(stack, to, "(\w+)"', services))
        containers = dict(re.findall(r"^ +(\w+): \$\{(\w+):-", (ROOT / "docker-compose.yml").read_text(), re.M))
        expected = set()
        for path in (ROOT / "libbus/app/config.c", *ROOT.glob("services/*/main.c")):
            reader = "every service" if path.name == "config.c" else path.parent.name
            for table in re.findall(r"struct bus_setting \w+\[\] = \{(.*?)\n *\};", path.read_text(), re.S):
                rows = re.findall(r'\{"(\w+)",\s*(?:"[^"]*"\s*)+,\s*(?:(NULL)|"([^"]*)")\}', table)
                self.assertEqual(len(rows), table.count('{"'), path)
                expected |= {(name, reader, "needed" if needed else f"`{default}`" if default else "none",
                              "sets it" if name in own else "or `DIR/mail`" if name in here else "", f"`{containers[name]}`" if name in containers else "")
                             for name, needed, default in rows}
        self.assertGreater(len(expected), 20)
        guide = (ROOT / "docs/settings.md").read_text()
        told = re.findall(r"^\| `(\w+)` \| ([^|]+) \| [^|]+ \| ([^|]+) \|([^|]*)\|([^|]*)\|$", guide, re.M)
        self.assertEqual({tuple(cell.strip() for cell in row) for row in told}, expected)


if __name__ == "__main__":
    unittest.main()

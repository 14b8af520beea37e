"""Figures in a page for people: what stands between the two marks is replaced, the words around it stay."""


def put(path, text, part="figures"):
    """`part`: where a page has figures of several commands, those of this one."""
    begin, end = f"<!-- {part} -->", f"<!-- end of {part} -->"
    page = path.read_text() if path.exists() else ""
    before, rest = (page if begin in page else f"{page}{begin}\n{end}\n").split(begin)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"{before}{begin}\n{text.strip()}\n{end}{rest.split(end)[1]}")


def put_and_tell(path, text, part="figures"):
    put(path, text, part)
    print(f"\n{text.strip()}\n\n{path}")

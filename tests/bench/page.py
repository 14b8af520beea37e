"""Figures in a page for people: what stands between the two marks is replaced, the words around it stay."""
BEGIN, END = "<!-- figures -->", "<!-- end of figures -->"


def put(path, text):
    page = path.read_text() if path.exists() else f"{BEGIN}\n{END}\n"
    before, rest = page.split(BEGIN)
    path.write_text(f"{before}{BEGIN}\n{text.strip()}\n{END}{rest.split(END)[1]}")

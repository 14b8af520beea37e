"""Charts as SVG, by hand: a few groups of rows, readable on a light and a dark page."""
import math
from xml.sax.saxutils import escape

ROW, GAP, LEFT, WIDTH, TOP = 22, 14, 190, 760, 34
RIGHT = WIDTH - 150  # behind it the text of a row
COLOURS = ("#2f6f9f", "#c8553d", "#588157", "#8d6a9f", "#7a7a7a", "#b08900", "#3d8f8f")
STYLE = ("text{font:13px system-ui,sans-serif;fill:#1f2933}.h{font-weight:600}.n{fill:#52606d}.t{font-size:11px;fill:#52606d}"
         ".g{stroke:#9aa5b1;stroke-opacity:.4}"
         "@media(prefers-color-scheme:dark){text{fill:#e4e7eb}.n,.t{fill:#9aa5b1}}")


class Sheet:
    """Fills from the top. Labels that are equal up to a comma have the same colour."""

    def __init__(self, title):
        self.title, self.parts, self.y, self.kinds = title, [], TOP, []

    def add(self, part):
        self.parts.append(part)

    def heading(self, text):
        self.add(f'<text class="h" x="10" y="{self.y + 14}">{escape(text)}</text>')
        self.y += ROW

    def label(self, text):
        """Returns its colour."""
        kind = text.split(",")[0]
        if kind not in self.kinds:
            self.kinds.append(kind)
        self.add(f'<text x="{LEFT - 10}" y="{self.y + 14}" text-anchor="end">{escape(text)}</text>')
        return COLOURS[self.kinds.index(kind) % len(COLOURS)]

    def note(self, x, text):
        self.add(f'<text class="n" x="{x:.1f}" y="{self.y + 14}">{escape(text)}</text>')

    def bars(self, heading, rows):
        """rows: [(label, value, text)], from nought."""
        self.heading(heading)
        most = max((value for _, value, _ in rows), default=0) or 1
        for label, value, text in rows:
            colour, width = self.label(label), max(1, (RIGHT - LEFT) * value / most)
            self.add(f'<rect x="{LEFT}" y="{self.y + 3}" width="{width:.1f}" height="{ROW - 7}" rx="2" fill="{colour}"/>')
            self.note(LEFT + width + 8, text)
            self.y += ROW
        self.y += GAP

    def spans(self, heading, rows, ends):
        """rows: [(label, {"10": …, "50": …, "90": …, "99": …})]: a dot at the median, a band from 10 to 90, a line to
        99; on a logarithmic scale between `ends`."""
        low, high = (math.log(end) for end in ends)

        def place(value):
            return LEFT + (RIGHT - LEFT) * (math.log(value) - low) / (high - low)
        self.heading(heading)
        for tick in (digit * 10.0 ** power for power in range(-2, 4) for digit in (1, 2, 5)):
            if ends[0] <= tick <= ends[1]:
                x, foot = place(tick), self.y + ROW * len(rows)
                self.add(f'<path class="g" d="M{x:.1f} {self.y}V{foot}"/>'
                         f'<text class="t" x="{x:.1f}" y="{foot + 12}" text-anchor="middle">{tick:g}</text>')
        for label, at in rows:
            colour, middle = self.label(label), self.y + ROW / 2 - 1
            x = {part: place(value) for part, value in at.items()}
            self.add(f'<path d="M{x["50"]:.1f} {middle}H{x["99"]:.1f}m0 -4v8" stroke="{colour}" stroke-width="2"/>'
                     f'<rect x="{x["10"]:.1f}" y="{middle - 4}" width="{max(1, x["90"] - x["10"]):.1f}" height="8" rx="4" '
                     f'fill="{colour}" fill-opacity=".5"/><circle cx="{x["50"]:.1f}" cy="{middle}" r="5" fill="{colour}"/>')
            self.note(RIGHT + 8, f"{at['50']:.2f}, p99 {at['99']:.2f}")
            self.y += ROW
        self.y += GAP + 12

    def save(self, path):
        head = (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {self.y}" role="img">'
                f'<title>{escape(self.title)}</title><style>{STYLE}</style>'
                f'<text class="h" x="10" y="18">{escape(self.title)}</text>')
        path.write_text("\n".join([head, *self.parts, "</svg>"]) + "\n")


def bars(title, groups, path):
    """groups: [(heading, [(label, value, text)])]; each group has a scale of its own."""
    sheet = Sheet(title)
    for heading, rows in groups:
        sheet.bars(heading, rows)
    sheet.save(path)

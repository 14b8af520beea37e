"""Bars as SVG, by hand: a few groups of horizontal bars, readable on a light and a dark page."""
from xml.sax.saxutils import escape

ROW, GAP, LEFT, WIDTH, TOP = 22, 26, 190, 760, 34
COLOURS = ("#2f6f9f", "#c8553d", "#588157", "#8d6a9f", "#7a7a7a", "#b08900", "#3d8f8f")
STYLE = ("text{font:13px system-ui,sans-serif;fill:#1f2933}.h{font-weight:600}.n{fill:#52606d}"
         "@media(prefers-color-scheme:dark){text{fill:#e4e7eb}.n{fill:#9aa5b1}}")


def bars(title, groups, path):
    """groups: [(heading, [(label, value, text)])]; each group has a scale of its own. Labels that are equal
    up to a comma have the same colour."""
    kinds = list(dict.fromkeys(label.split(",")[0] for _, rows in groups for label, _, _ in rows))
    out, y = [], TOP
    for heading, rows in groups:
        out.append(f'<text class="h" x="10" y="{y + 14}">{escape(heading)}</text>')
        y += ROW
        most = max((value for _, value, _ in rows), default=0) or 1
        for label, value, text in rows:
            width = max(1, (WIDTH - LEFT - 150) * value / most)
            colour = COLOURS[kinds.index(label.split(",")[0]) % len(COLOURS)]
            out.append(f'<text x="{LEFT - 10}" y="{y + 14}" text-anchor="end">{escape(label)}</text>'
                       f'<rect x="{LEFT}" y="{y + 3}" width="{width:.1f}" height="{ROW - 7}" rx="2" fill="{colour}"/>'
                       f'<text class="n" x="{LEFT + width + 8:.1f}" y="{y + 14}">{escape(text)}</text>')
            y += ROW
        y += GAP - 12
    head = (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {y}" role="img">'
            f'<title>{escape(title)}</title><style>{STYLE}</style><text class="h" x="10" y="18">{escape(title)}</text>')
    path.write_text("\n".join([head, *out, "</svg>"]) + "\n")

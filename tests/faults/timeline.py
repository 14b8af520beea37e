"""Rows of columns over one time, with moments marked below them, as SVG."""
import pathlib
import sys
from xml.sax.saxutils import escape

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "bench"))
from chart import COLOURS, STYLE  # noqa: E402

LEFT, WIDTH, HEIGHT, MARKS, TOP = 130, 760, 90, 20, 34


def columns(y, label, values, colour, step):
    most = max(values) or 1
    yield f'<text x="{LEFT - 10}" y="{y + HEIGHT - 4}" text-anchor="end">{escape(label)}</text>'
    yield f'<text class="n" x="{LEFT - 10}" y="{y + 10}" text-anchor="end">{most:,}</text>'
    for i, value in enumerate(values):
        height = (HEIGHT - 2) * value / most
        yield (f'<rect x="{LEFT + i * step:.1f}" y="{y + HEIGHT - height:.1f}" width="{max(step - 0.6, 0.6):.1f}" '
               f'height="{height:.1f}" fill="{colour}"/>')


def draw(path, title, seconds_each, rows, marks):
    """rows: [(label, a value for each slice)]; marks: [(label, [seconds])]."""
    slices = max(len(values) for _, values in rows)
    step, y, out = (WIDTH - LEFT - 10) / slices, TOP, []
    for i, (label, values) in enumerate(rows):
        out += columns(y, label, values, COLOURS[i], step)
        y += HEIGHT + 12
    for i, (label, moments) in enumerate(marks):
        out.append(f'<text x="{LEFT - 10}" y="{y + 12}" text-anchor="end">{escape(label)}</text>')
        out += [f'<circle cx="{LEFT + at / seconds_each * step:.1f}" cy="{y + 8}" r="3.5" fill="{COLOURS[len(rows) + i]}"/>'
                for at in moments if 0 <= at <= slices * seconds_each]
        y += MARKS
    minutes = int(slices * seconds_each / 60)
    for minute in range(0, minutes + 1, minutes // 10 or 1):
        out.append(f'<text class="n" x="{LEFT + minute * 60 / seconds_each * step:.1f}" y="{y + 14}" '
                   f'text-anchor="middle">{minute} min</text>')
    head = (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="-8 0 {WIDTH + 24} {y + 24}" role="img">'
            f'<title>{escape(title)}</title><style>{STYLE}</style><text class="h" x="10" y="18">{escape(title)}: '
            f'every {seconds_each} seconds</text>')
    path.write_text("\n".join([head, *out, "</svg>"]) + "\n")

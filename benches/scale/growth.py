"""Curves of cost over size."""
import math


def steps(least, most):
    """1, 3, 10, 30 and so on."""
    return [n for power in range(12) for n in (10 ** power, 3 * 10 ** power) if least <= n <= most]


def curves(curves, what):
    """Curves on logarithmic axes, as SVG; each a label, a color, and pairs of size and CPU seconds."""
    width, height, left, top = 640, 360, 60, 20
    points = [point for _, _, rows in curves for point in rows]
    (low_x, high_x), (low_y, high_y) = (
        (math.floor(min(values)), math.ceil(max(values)))
        for values in ([math.log10(point[axis]) for point in points] for axis in (0, 1)))

    def place(size, seconds):
        x = left + (math.log10(size) - low_x) / (high_x - low_x) * (width - left - 40)
        y = top + (high_y - math.log10(seconds)) / (high_y - low_y) * (height - top - 50)
        return round(x, 1), round(y, 1)

    out = [f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}" '
           f'font-family="sans-serif" font-size="12" role="img" aria-label="CPU seconds by {what}">',
           f'<rect width="{width}" height="{height}" fill="white"/>']
    for power in range(low_x, high_x + 1):
        x, _ = place(10 ** power, 10 ** low_y)
        out += [f'<line x1="{x}" y1="{top}" x2="{x}" y2="{height - 50}" stroke="#ddd"/>',
                f'<text x="{x}" y="{height - 34}" text-anchor="middle">{10 ** power:,}</text>']
    for power in range(low_y, high_y + 1):
        _, y = place(10 ** low_x, 10 ** power)
        out += [f'<line x1="{left}" y1="{y}" x2="{width - 40}" y2="{y}" stroke="#ddd"/>',
                f'<text x="{left - 6}" y="{y + 4}" text-anchor="end">{10 ** power:g}</text>']
    out += [f'<text x="{width / 2}" y="{height - 12}" text-anchor="middle">{what}</text>',
            f'<text x="14" y="{height / 2}" text-anchor="middle" transform="rotate(-90 14 {height / 2})">CPU seconds'
            "</text>"]
    for number, (label, color, rows) in enumerate(curves):
        places = [place(*row) for row in rows]
        out.append(f'<polyline fill="none" stroke="{color}" stroke-width="2" points="'
                   + " ".join(f"{x},{y}" for x, y in places) + '"/>')
        out += [f'<circle cx="{x}" cy="{y}" r="3" fill="{color}"/>' for x, y in places]
        y = top + 18 + 18 * number
        out += [f'<line x1="{left + 12}" y1="{y - 4}" x2="{left + 36}" y2="{y - 4}" stroke="{color}" stroke-width="2"/>',
                f'<text x="{left + 42}" y="{y}">{label}</text>']
    return "\n".join([*out, "</svg>"]) + "\n"

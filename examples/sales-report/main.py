"""Film sales report: cleans movies.csv, adds it up, and writes report.html, chart.svg and summary.json."""

import csv
import html
import json
import statistics
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

SOURCE = Path("movies.csv")
LAST_YEAR = 2010  # the data was collected in 2010: a later year is a century off
TOP = 8


@dataclass(frozen=True)
class Film:
    title: str
    released: date
    studio: str
    genre: str
    us: int
    abroad: int
    dvd: int | None
    budget: int | None

    @property
    def total(self) -> int:
        return self.us + self.abroad + (self.dvd or 0)


def money(text: str) -> int | None:
    """A whole number of dollars; empty means unknown."""
    text = text.strip().replace(",", "").replace("$", "")
    return int(float(text)) if text else None


def repair(title: str) -> str:
    """Some titles are Latin-1 that was once read as Mac Roman: "LÈon" should be "Léon"."""
    if title.isascii():
        return title
    try:
        fixed = title.encode("mac_roman").decode("latin-1")
    except UnicodeError:
        return title
    return fixed if fixed.isprintable() else title


def released_on(text: str) -> date:
    """Parses "Jun 12 1998" and takes a century off a date in the future."""
    day = datetime.strptime(text.strip(), "%b %d %Y").date()
    return day if day.year <= LAST_YEAR else day.replace(year=day.year - 100)


STUDIO_GROUPS = {
    "20th Century Fox": ("20th Century Fox", "Fox Searchlight"),
    "Sony Pictures": ("Sony Pictures", "Sony/", "Sony Pictures Classics"),
    "Miramax": ("Miramax",),
    "Weinstein Co.": ("Weinstein",),
    "Focus Features": ("Focus",),
    "Paramount Pictures": ("Paramount",),
    "Warner Bros.": ("Warner",),
}


def studio_group(name: str) -> str:
    """Puts labels under their studio: "Sony/Screen Gems" counts as Sony Pictures."""
    name = name.strip()
    for group, prefixes in STUDIO_GROUPS.items():
        if name.startswith(prefixes):
            return group
    return name or "Unknown"


def load(path: Path) -> tuple[list[Film], dict[str, int], dict[str, str]]:
    """Reads the file; returns clean films, how many rows were changed or dropped, and the repaired titles."""
    notes: dict[str, int] = defaultdict(int)
    repaired: dict[str, str] = {}
    films: dict[tuple[str, date], Film] = {}
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            notes["rows read"] += 1
            title = repair(row["Title"].strip())
            us, world = money(row["US Gross"]), money(row["Worldwide Gross"])
            if not title:
                notes["dropped: no title"] += 1
                continue
            if us is None or world is None or world <= 0:
                notes["dropped: no sales figure"] += 1
                continue
            if title != row["Title"].strip():
                notes["repaired: broken accents"] += 1
                repaired[row["Title"].strip()] = title
            released = released_on(row["Release Date"])
            if not row["Release Date"].strip().endswith(str(released.year)):
                notes["repaired: wrong century"] += 1
            if (title, released) in films:
                notes["dropped: duplicate"] += 1
                continue
            films[title, released] = Film(
                title=title,
                released=released,
                studio=studio_group(row["Distributor"]),
                genre=row["Major Genre"].strip() or "Unknown",
                us=us,
                abroad=max(world - us, 0),
                dvd=money(row["US DVD Sales"]),
                budget=money(row["Production Budget"]) or None,
            )
    best_first = sorted(films.values(), key=lambda film: (-film.total, film.title, film.released))
    return best_first, dict(notes), dict(sorted(repaired.items()))


def group_by(films: list[Film], key: Callable[[Film], str]) -> list[dict]:
    """Sales per group, largest first."""
    groups: dict[str, list[Film]] = defaultdict(list)
    for film in films:
        groups[key(film)].append(film)
    rows = []
    for name, members in groups.items():
        returns = [film.total / film.budget for film in members if film.budget]
        rows.append(
            {
                "name": name,
                "films": len(members),
                "us": sum(film.us for film in members),
                "abroad": sum(film.abroad for film in members),
                "dvd": sum(film.dvd or 0 for film in members),
                "total": sum(film.total for film in members),
                "medianReturn": round(statistics.median(returns), 2) if returns else None,
            }
        )
    return sorted(rows, key=lambda row: (-row["total"], row["name"]))


def millions(value: float) -> str:
    return f"{value / 1e6:,.1f}"


COLOURS = {"us": "#3b6ea8", "abroad": "#d08c3f", "dvd": "#6a9f58"}
LABELS = {"us": "US cinemas", "abroad": "Cinemas abroad", "dvd": "US DVDs"}


def chart(years: list[dict]) -> str:
    """Sales per year as stacked bars, in SVG."""
    width, height, left, top, bottom = 860, 420, 70, 54, 40
    peak = max(row["total"] for row in years)
    step = 2e9 if peak <= 12e9 else 5e9
    ceiling = (int(peak / step) + 1) * step
    plot_height = height - top - bottom
    slot = (width - left - 20) / len(years)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
        ' font-family="system-ui, sans-serif" font-size="12" role="img" aria-labelledby="t">',
        '<title id="t">Film sales per year of release</title>',
        f'<rect width="{width}" height="{height}" fill="#ffffff"/>',
        f'<text x="{left}" y="22" font-size="16" font-weight="600" fill="#222222">Film sales per year of release</text>',
    ]
    for position, (part, label) in enumerate(LABELS.items()):
        x = left + position * 150
        parts.append(f'<rect x="{x}" y="32" width="11" height="11" fill="{COLOURS[part]}"/>')
        parts.append(f'<text x="{x + 16}" y="42" fill="#444444">{label}</text>')
    for tick in range(int(ceiling / step) + 1):
        y = top + plot_height * (1 - tick * step / ceiling)
        parts.append(f'<path d="M{left} {y:.2f}H{width - 20}" stroke="#dddddd"/>')
        parts.append(
            f'<text x="{left - 8}" y="{y + 4:.2f}" text-anchor="end" fill="#666666">${tick * step / 1e9:g} bn</text>'
        )
    for index, row in enumerate(years):
        x = left + index * slot
        y = top + plot_height
        parts.append(f"<g><title>{row['name']}: ${millions(row['total'])} m, {row['films']} films</title>")
        for part in LABELS:
            bar = plot_height * row[part] / ceiling
            y -= bar
            parts.append(
                f'<rect x="{x + slot * 0.12:.2f}" y="{y:.2f}" width="{slot * 0.76:.2f}" height="{bar:.2f}" fill="{COLOURS[part]}"/>'
            )
        parts.append("</g>")
        if int(row["name"]) % 5 == 0:
            parts.append(
                f'<text x="{x + slot / 2:.2f}" y="{height - bottom + 18}" text-anchor="middle" fill="#666666">{row["name"]}</text>'
            )
    parts.append("</svg>")
    return "\n".join(parts) + "\n"


def table(headings: list[str], rows: list[list[str]]) -> str:
    head = "".join(f"<th>{html.escape(heading)}</th>" for heading in headings)
    body = "\n".join(
        "<tr>" + "".join(f"<td>{html.escape(value)}</td>" for value in row) + "</tr>" for row in rows
    )
    return f"<table>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{body}\n</tbody>\n</table>"


def report(
    films: list[Film],
    notes: dict[str, int],
    repaired: dict[str, str],
    studios: list[dict],
    genres: list[dict],
    svg: str,
) -> str:
    group_headings = ["", "Films", "US, $m", "Abroad, $m", "DVD, $m", "Total, $m", "Median return"]

    def group_rows(groups: list[dict]) -> list[list[str]]:
        return [
            [row["name"], str(row["films"]), *(millions(row[key]) for key in ("us", "abroad", "dvd", "total")),
             "–" if row["medianReturn"] is None else f"{row['medianReturn']:.2f}×"]
            for row in groups[:TOP]
        ]

    best = [
        [film.title, film.released.isoformat(), film.studio, millions(film.total)] for film in films[:10]
    ]
    return f"""<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Film sales report</title>
<style>
body {{ font: 15px/1.5 system-ui, sans-serif; max-width: 56rem; margin: 2rem auto; padding: 0 1rem; color: #222; }}
table {{ border-collapse: collapse; width: 100%; }}
th, td {{ padding: .3rem .6rem; border-bottom: 1px solid #ddd; text-align: right; }}
th:first-child, td:first-child {{ text-align: left; }}
svg {{ max-width: 100%; height: auto; }}
</style>
<h1>Film sales report</h1>
<p>{len(films):,} films, {min(film.released.year for film in films)}–{max(film.released.year for film in films)},
${sum(film.total for film in films) / 1e9:,.2f} bn in all.</p>
{svg}
<h2>Studios</h2>
{table(["Studio", *group_headings[1:]], group_rows(studios))}
<h2>Genres</h2>
{table(["Genre", *group_headings[1:]], group_rows(genres))}
<h2>Best sellers</h2>
{table(["Title", "Released", "Studio", "Total, $m"], best)}
<h2>What was cleaned</h2>
{table(["What", "Rows"], [[name, f"{count:,}"] for name, count in sorted(notes.items())])}
{table(["Title as found", "Title as repaired"], [list(pair) for pair in repaired.items()])}
</html>
"""


def main() -> None:
    films, notes, repaired = load(SOURCE)
    studios = group_by(films, lambda film: film.studio)
    genres = group_by(films, lambda film: film.genre)
    recent = [film for film in films if film.released.year >= 1980]
    years = sorted(group_by(recent, lambda film: str(film.released.year)), key=lambda row: row["name"])

    svg = chart(years)
    Path("chart.svg").write_text(svg, encoding="utf-8")
    Path("report.html").write_text(report(films, notes, repaired, studios, genres, svg), encoding="utf-8")
    summary = {
        "films": len(films),
        "total": sum(film.total for film in films),
        "meanTotal": round(statistics.fmean(film.total for film in films), 2),
        "cleaning": dict(sorted(notes.items())),
        "repairedTitles": repaired,
        "studios": studios[:TOP],
        "genres": genres,
        "years": years,
        "bestSellers": [
            {"title": film.title, "released": film.released.isoformat(), "total": film.total} for film in films[:10]
        ],
    }
    Path("summary.json").write_text(json.dumps(summary, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")

    print(f"{len(films):,} films after cleaning {notes['rows read']:,} rows")
    print(f"{'Studio':<22}{'Films':>6}{'Total, $m':>14}{'Return':>9}")
    for row in studios[:TOP]:
        print(f"{row['name']:<22}{row['films']:>6}{millions(row['total']):>14}{row['medianReturn']:>8.2f}×")
    print("Wrote report.html, chart.svg and summary.json")
    show(svg)


def show(svg: str) -> None:
    """Shows the chart where the notebook-style display() exists; plain Python has none."""

    class Chart:
        def _repr_svg_(self) -> str:
            return svg

        def __repr__(self) -> str:
            return "<chart: film sales per year of release>"

    try:
        display(Chart())
    except NameError:
        pass


main()

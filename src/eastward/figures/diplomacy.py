"""Figures of the chapters on the first trip and on BRICS, the calendar and a saying."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.text import Annotation

from eastward import data
from eastward.figures import COLOURS, GRID, INK, Figure, canvas, sources_behind, sources_of, theme
from eastward.figures.marks import Tips, later, public, scatter, segments, stack
from eastward.indicators.diplomacy import primary
from eastward.prose import holds
from eastward.quantities import diplomacy
from eastward.quantities.trade import china_turnover

MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


def _names() -> dict[str, str]:
    countries = data.load("countries")
    return dict(zip(countries["code"], countries["name"], strict=True))


def _day_of_2024(day: pd.Timestamp) -> int:
    return int((day - pd.Timestamp(2024, 1, 1)).days)


@theme()
def first_trips() -> Figure:
    """Days from each inauguration to the first trip abroad and to the first trip to China."""
    table = diplomacy.trips_after_inaugurations()
    names = _names()
    last = table.loc[2024]
    order = list(table.index)
    drawing, axes = canvas(3.6)
    y = {term: i for i, term in enumerate(reversed(order))}
    for term, row in table.iterrows():
        axes.hlines(y[term], 0, row["china_days"], color=GRID, linewidth=1.6, zorder=1)
        same = row["first"] == "CHN"
        if not same:
            axes.plot(row["first_days"], y[term], "o", color=COLOURS["OTHER"], markersize=8, zorder=3)
            axes.annotate(
                names[row["first"]], (row["first_days"], y[term]), xytext=(0, 8), textcoords="offset points",
                ha="center", fontsize=9.5,
            )  # fmt: skip
        axes.plot(row["china_days"], y[term], "D", color=COLOURS["CHN"], markersize=8, zorder=4)
        label = "China first" if same else "China"
        axes.annotate(
            label, (row["china_days"], y[term]), xytext=(8, 0), textcoords="offset points", va="center",
            color=COLOURS["CHN"], fontweight="bold", fontsize=9.5,
        )  # fmt: skip
    ticks = [f"{term} {table.loc[term, 'name'].title()}" for term in order]
    axes.set_yticks([y[t] for t in order], ticks)
    axes.set(xlabel="days after the oath on 7 May", xlim=(0, 178), ylim=(-0.6, len(order) - 0.3), ylabel="")
    axes.grid(axis="x")
    axes.grid(axis="y", visible=False)
    later = [int(d) for d in table.loc[order[:-1], "china_days"]]
    drawn = table.reset_index()[["term", "name", "first", "first_days", "china_days"]]
    listed = ", ".join(f"{names[r['first']]} in {t} after {r['first_days']} days" for t, r in table.iterrows())
    holds(
        {
            "China came first only in 2024": list(table.index[table["first"] == "CHN"]) == [2024],
            "each inauguration year since 2000 brought a trip to China": (
                table["china_day"].dt.year == table.index
            ).all(),
            "For 2004 the first trip is the earliest that could be located": list(
                table.index[table["basis"] == "located"]
            )
            == [2004],
        }
    )
    return Figure(
        "fig-first-trips",
        "China came first only in 2024, but each inauguration year since 2000 brought a trip to China.",
        "Days from the inauguration to the president's first trip abroad (grey dot, with the country) "
        "and to his first "
        "trip to China (red diamond). For 2004 the first trip is the earliest that could be located.",
        f"Dots by inauguration. First trips: {listed}. The first trip to China came after "
        f"{last['china_days']} days in "
        f"2024 and after {min(later)} to {max(later)} days in the earlier inauguration years.",
        sources_behind(table["rows"]),
        drawn,
        drawing,
        (
            Tips(axes, "first_days", lambda row: y[row["term"]], "{term}, first trip: {first:name}, day {first_days}"),
            Tips(axes, "china_days", lambda row: y[row["term"]], "{term}, first trip to China: day {china_days}"),
        ),
    )


def _name(axes: Axes, text: str, x: float, y: float, colour: str) -> Annotation:
    return axes.annotate(
        text,
        (x, y),
        xytext=(0, 5),
        textcoords="offset points",
        ha="center",
        color=colour,
        fontweight="bold",
        fontsize=9.5,
    )


@theme()
def visit_rhythm() -> Figure:
    """Years with a bilateral visit of one president to the other country, 2000 to 2025."""
    turns, turns_then = diplomacy.rhythm(), diplomacy.rhythm(data.PUBLICATION)
    oaths = sorted(set(diplomacy.inaugurations()["year"]))
    drawing, axes = canvas(2.5)
    colours = {"RUS": COLOURS["RUS"], "CHN": COLOURS["CHN"]}
    words = {"RUS": "Russian president\nto China", "CHN": "Chinese president\nto Russia"}
    drawn, gaps = [], []
    for height, (entity, row) in zip((1, 0), turns.iterrows(), strict=True):
        for year in sorted({y for y in row["years"] if y <= 2025}):
            drawn.append({"entity": entity, "year": year, "known": year in turns_then.at[entity, "years"]})
        years = [d["year"] for d in drawn if d["entity"] == entity]
        known = [d["known"] for d in drawn if d["entity"] == entity]
        scatter(axes, years, [height] * len(years), known, s=85, color=colours[str(entity)], zorder=3)
        missed = [y for y in range(2000 if entity == "RUS" else 2001, 2026, 2) if y not in years]
        gaps += missed
        axes.scatter(missed, [height] * len(missed), s=85, facecolors="none", edgecolors=INK, linewidths=1, zorder=3)
    for year in oaths:
        axes.axvline(year, color=GRID, linewidth=9, zorder=0)
    axes.set_yticks([1, 0], [words["RUS"], words["CHN"]])
    axes.set(xlim=(1999.2, 2025.8), ylim=(-0.5, 1.5), xlabel="", ylabel="")
    axes.set_xticks(range(2000, 2026, 2))
    axes.grid(visible=False)
    kept = turns["kept"]
    due = turns["due"]
    even = sum(y % 2 == 0 for y in oaths)
    holds(
        {
            "inauguration years are even": even == len(oaths),
            "in even years the Russian president goes to China anyway": kept["RUS"] > 0.9 * due["RUS"],
        }
    )
    return Figure(
        "fig-visit-rhythm",
        f"All {even} inauguration years are even, and in even years the Russian president goes to China anyway.",
        "Years with a visit that was no summit, by direction; hollow: a year in the rhythm without one. "
        "Grey bands: inaugurations in Russia.",
        f"Two rows of dots by year. The Russian president visited China in {kept['RUS']} of {due['RUS']} "
        "even years from 2000 "
        f"to 2024, the Chinese president Russia in {kept['CHN']} of {due['CHN']} odd years from 2001 to "
        "2023; the gaps are "
        f"{' and '.join(str(y) for y in gaps)}. All {even} inaugurations fell in even years.",
        sources_behind(turns["rows"]),
        pd.DataFrame(drawn),
        drawing,
    )


@theme()
def shares_after_first_trips() -> Figure:
    """Change of trade shares around inaugurations: the country visited first, and China."""
    changes = diplomacy.share_changes()
    names = _names()
    changes["label"] = [
        f"{names[p]}, first trip of {t}" if r == "first trip" else f"China, {t}"
        for p, t, r in zip(changes["partner"], changes["term"], changes["role"], strict=True)
    ]
    ordered = changes.sort_values(["role", "term"], ascending=[True, False]).reset_index(drop=True)
    palette = [COLOURS["CHN"] if r == "China" else COLOURS["OTHER"] for r in ordered["role"]]
    drawing, axes = canvas(3.2)
    axes.barh(ordered["label"], ordered["change"], color=palette, height=0.62)
    axes.axvline(0, color=INK, linewidth=0.8)
    for i, value in enumerate(ordered["change"]):
        axes.annotate(
            f"{value:+.1f}".replace("-", "\N{MINUS SIGN}"), (value, i), xytext=(5 if value > 0 else -5, 0), textcoords="offset points",
            va="center", ha="left" if value > 0 else "right", fontsize=9.5,
        )  # fmt: skip
    axes.set(xlabel="percentage points of Russia's goods trade", ylabel="", xlim=(-1.6, 4.4))
    axes.grid(axis="y", visible=False)
    axes.grid(axis="x")
    first = ordered[ordered["role"] == "first trip"]
    china = ordered[ordered["role"] == "China"]
    holds(
        {
            "the country visited first lost weight in trade": (first["change"] < 0).all(),
            "China gained without having been first": (china["change"] > 0).all(),
            "it was the first destination in none of them": not (
                changes.loc[changes["role"] == "first trip", "partner"] == "CHN"
            ).any(),
        }
    )
    return Figure(
        "fig-first-trip-shares",
        "Where figures exist, the country visited first lost weight in trade; China gained without having been first.",
        "Change of the share in Russia's goods trade: mean of the three years after the inauguration "
        "year less mean of the "
        "three years before it (after 2018: two years).",
        f"Bars: {'; '.join(f'{r.label} {r.change:+.1f} percentage points' for r in first.itertuples())}. "
        "China gained "
        f"{china['change'].min():.1f} to {china['change'].max():.1f} points around each of {len(china)} "
        "inaugurations from 2000 "
        "to 2018, though it was the first destination in none of them.",
        sources_behind(changes["rows"]),
        ordered[["term", "partner", "role", "before", "after", "change"]],
        drawing,
    )


@theme()
def trips_to_china_and_europe() -> Figure:
    """Putin's trips to China and to EU states by year."""
    trips = diplomacy.trips_by_year()
    shown = trips.loc[2012:]
    drawing, axes = canvas(3.6)
    width = 0.4
    shown = shown.assign(known=shown.index.isin(diplomacy.trips_by_year(data.PUBLICATION).index))
    later(axes.bar(shown.index - width / 2, shown["eu"], width, color=COLOURS["EU27"]), shown["known"])
    later(axes.bar(shown.index + width / 2, shown["china"], width, color=COLOURS["CHN"]), shown["known"])
    axes.set(xlabel="", ylabel="trips", xlim=(2011.4, 2025.6), ylim=(0, shown["eu"].max() + 0.9))
    axes.set_xticks(range(2012, 2026, 2))
    _name(axes, "EU states (at least)", 2013.3, 4, COLOURS["EU27"])
    _name(axes, "China", 2024.2, 1, COLOURS["CHN"])
    before, after = shown.loc[2012:2019], shown.loc[2021:2025]
    rows = diplomacy.visits()
    rows = rows[
        rows["partner"].isin(["CHN", *diplomacy.EU_STATES]) & (rows["traveller"] == "putin") & (rows["year"] >= 2012)
    ]
    holds(
        {
            "Trips to EU states ended in 2020": shown.loc[2020, "eu"] > 0 and after["eu"].sum() == 0,
            "trips to China did not become more frequent": after["china"].mean() <= before["china"].mean(),
        }
    )
    return Figure(
        "fig-trips-china-europe",
        "Trips to EU states ended in 2020; trips to China did not become more frequent.",
        "Trips of Putin as president to EU states (members at the time, the United Kingdom among them; "
        "found in headlines, so "
        "a lower bound) and to China (complete), by year.",
        f"Bars by year, 2012 to 2025. From 2012 to 2019 at least {before['eu'].sum()} trips to EU states and "
        f"{before['china'].sum()} to China; from 2021 to 2025 {after['eu'].sum()} to EU states and "
        f"{after['china'].sum()} to China.",
        sources_of(rows),
        shown[["china", "eu", "known"]].reset_index(),
        drawing,
        (
            Tips(
                axes, lambda row: row["year"] - width / 2, "eu", "{year}: at least {eu} to EU states{known:later}", y0=0
            ),
            Tips(axes, lambda row: row["year"] + width / 2, "china", "{year}: {china} to China{known:later}", y0=0),
        ),
    )


def _talks(axes: Axes, first: int) -> pd.DataFrame:
    """Stack the talks of each year; see :func:`eastward.figures.marks.stack`."""
    now, then = (
        diplomacy.meetings_by_year(day)
        .loc[first:2025]
        .rename(columns={"in_person": "face to face", "video": "by video"})
        for day in (data.HINDSIGHT, data.PUBLICATION)
    )
    return stack(axes, now, then, {"face to face": COLOURS["CHN"], "by video": COLOURS["OTHER"]}, 0.66)


@theme()
def meetings_by_year() -> Figure:
    """Talks of Putin and Xi by year, face to face and by video."""
    talks = diplomacy.meetings_by_year()
    drawing, axes = canvas(3.6)
    drawn = _talks(axes, 2013)
    axes.set(xlabel="", ylabel="talks", ylim=(0, 5.9), xlim=(2012.4, 2025.6))
    axes.set_xticks(range(2013, 2026, 2))
    _name(axes, "face to face", 2014, 5, COLOURS["CHN"])
    _name(axes, "by video", 2021, 2, COLOURS["OTHER"])
    early, late = talks.loc[2013:2019, "in_person"], talks.loc[2022:2025, "in_person"]
    late_then = diplomacy.meetings_by_year(data.PUBLICATION).loc[2022:2023, "in_person"]
    both = pd.concat([diplomacy.meetings(), diplomacy.meetings(kind="video")])
    holds(
        {
            "not at all ": talks.loc[2020:2021, "in_person"].sum() == 0,
            "video talks in 2019, 2021, 2022 and 2025": list(talks.index[talks["video"] > 0])
            == [2019, 2021, 2022, 2025],
        }
    )
    return Figure(
        "fig-putin-xi-talks",
        f"Putin and Xi met face to face {early.mean():.1f} times a year before the pandemic and {late.mean():.1f} times since 2022.",
        "Dated bilateral talks of Putin and Xi since March 2013, by year; presence at one summit without "
        "talks is not counted.",
        f"Stacked bars by year, 2013 to 2025. Face to face {early.min()} to {early.max()} times a year "
        "from 2013 to 2019, not at all "
        f"in 2020 and 2021, {late.min()} to {late.max()} times a year from 2022 to 2025; video talks in "
        "2019, 2021, 2022 and 2025.",
        sources_of(both[both["year"] <= 2025]),
        drawn,
        drawing,
        (segments(axes),),
        f"Putin and Xi met face to face {early.mean():.1f} times a year before the pandemic and {late_then.mean():.1f} times in 2022 and 2023.",
    )


@theme()
def kazan_calendar() -> Figure:
    """Draw what the BRICS calendar of 2024 had in June, and when the summit was."""
    events = primary(data.load("diplomacy_brics", kind=["june-2024", "summit", "other-kazan"]))
    events = events[events["date"].str.startswith("2024") & (events["city"].notna())].copy()
    events["end"] = pd.to_datetime(events["date_end"].fillna(events["date"]).map(data.period_end))
    events = events[~events["event"].str.contains("opening")].sort_values("day").reset_index(drop=True)
    events["known"] = public(events)
    words = {
        "other-kazan": "Kazan: forum Russia – Islamic World",
        "june-2024-2024-06-10-kazan": "Kazan: education ministers",
        "june-2024-2024-06-10-nizhny-novgorod": "Nizhny Novgorod: foreign ministers",
        "june-2024-2024-06-12-kazan-games": "Kazan: BRICS Games",
        "june-2024-2024-06-18-st-petersburg": "St Petersburg: prosecutors",
        "june-2024-2024-06-21-kazan": "Kazan: forum of cities",
        "june-2024-2024-06-21-moscow": "Moscow: tourism forum",
        "summit": "Kazan: the summit",
    }
    events["label"] = [words.get(e, words.get(k, e)) for e, k in zip(events["event"], events["kind"], strict=True)]
    drawing, axes = canvas(3.7)
    starts = [_day_of_2024(pd.Timestamp(2024, m, 1)) for m in range(4, 12)]
    june = starts[2], starts[3]
    published = _day_of_2024(pd.Timestamp(data.PUBLICATION))
    axes.axvspan(*june, color=GRID, alpha=0.6, zorder=0)
    axes.axvline(published, color=INK, linewidth=0.9, linestyle=(0, (4, 3)))
    top = len(events) - 1
    for i, row in events.iterrows():
        y = top - int(str(i))
        start, days = _day_of_2024(row["day"]), max((row["end"] - row["day"]).days + 1, 2)
        colour = COLOURS["RUS" if row["city"] == "Kazan" else "OTHER"]
        if row["kind"] == "summit":
            colour = COLOURS["CHN"]
        bar = axes.barh(y, days, left=start, height=0.62, color=colour, zorder=3)
        right = row["kind"] == "summit"
        label = axes.annotate(
            row["label"],
            (start if right else start + days, y),
            xytext=(-5 if right else 5, 0),
            textcoords="offset points",
            va="center",
            ha="right" if right else "left",
            color=colour,
            fontsize=9.5,
            fontweight="bold" if right else "normal",
        )
        later([*bar, label], [row["known"]] * 2)
    axes.annotate("the op-ed,\n17 May", (published, 0), xytext=(-6, 0),
                  textcoords="offset points", ha="right", va="center", fontsize=9.5)  # fmt: skip
    axes.annotate("June, 'next month'", (sum(june) / 2, top + 0.75), ha="center", va="center", fontsize=9.5)
    axes.set_xticks(starts, MONTHS[3:11])
    axes.set(xlim=(starts[0] + 9, starts[-1] + 4), ylim=(-0.7, top + 1.2), yticks=[], ylabel="")
    axes.grid(axis="y", visible=False)
    axes.grid(axis="x")
    summit = events[events["kind"] == "summit"].iloc[0]
    late = (summit["day"] - pd.Timestamp(2024, 6, 30)).days
    kazan = events[(events["kind"] == "june-2024") & (events["city"] == "Kazan")]
    holds(
        {
            "In June: the foreign ministers in Nizhny Novgorod": set(words)
            >= set(events.loc[events["kind"] == "june-2024", "event"]),
            "the summit came": late > 0,
        }
    )
    return Figure(
        "fig-kazan-calendar",
        f"June 2024 brought {len(kazan)} BRICS events to Kazan; the summit came {late} days after June had ended.",
        "BRICS events of June 2024 in the sources consulted, with days, and the summit; red: the summit, "
        "blue: other events in "
        "Kazan, grey: elsewhere.",
        "Bars on a calendar of 2024. In June: the foreign ministers in Nizhny Novgorod on 10 and 11 "
        "June, in Kazan an education "
        "ministers' meeting, the BRICS Games and a forum of cities, other meetings in St Petersburg and "
        "Moscow. The summit in "
        f"Kazan began on {summit['day'].day} {summit['day']:%B}, {late} days after the end of June.",
        sources_of(events),
        events[["event", "city", "date", "date_end", "kind", "title", "known"]],
        drawing,
        (
            Tips(
                axes,
                lambda row: _day_of_2024(pd.Timestamp(row["date"])),
                lambda row: top - row.name,
                "{date:when}: {title}{known:later}",
            ),
        ),
        f"The sources of the day of the op-ed name {int(events['known'].sum())} of these {len(events)} events.",
    )


@theme()
def summit_months() -> Figure:
    """Month and day of each BRICS summit, those in Russia marked."""
    summits = primary(data.load("diplomacy_brics", kind="summit"))
    # Where only the month is known, its middle stands for the day.
    into = ((summits["day"].dt.day - 1) / 31).where(summits["date"].str.len() > len("2015-07"), 0.5)
    summits["month"] = summits["day"].dt.month + into
    summits["known"] = public(summits)
    russian = summits["entity"] == "RUS"
    drawing, axes = canvas(3.6)
    axes.axhspan(6, 7, color=GRID, alpha=0.6, zorder=0)
    for part, key, size in ((summits[~russian], "OTHER", 55), (summits[russian], "RUS", 85)):
        scatter(axes, part["year"], part["month"], part["known"], s=size, color=COLOURS[key], zorder=3)
    for row in summits[russian].itertuples():
        text = row.city if isinstance(row.city, str) else "by video"
        edge = row.year == summits["year"].min()
        name = axes.annotate(text, (row.year, row.month), xytext=(-5 if edge else 0, 9), textcoords="offset points",
                      ha="left" if edge else "center",
                      color=COLOURS["RUS"], fontweight="bold", fontsize=9.5)  # fmt: skip
        later([name], [row.known])
    axes.annotate("June", (2025.9, 6.5), ha="right", va="center", fontsize=9.5)
    axes.set_yticks([m + 0.5 for m in range(3, 13)], MONTHS[2:])
    axes.tick_params(axis="y", length=0)
    axes.set(xlabel="", ylabel="", ylim=(3, 13), xlim=(2008.2, 2026))
    axes.set_xticks(range(2009, 2026, 2))
    months = summits["day"].dt.month
    before = months[summits["known"]]
    june = int((months == 6).sum())
    own = summits[russian]
    named = ", ".join(f"{row.day:%B %Y}" for row in own.itertuples())
    holds({"no rule pointed to June 2024": june < len(summits) / 2})
    return Figure(
        "fig-summit-months",
        f"Summits have fallen in {months.nunique()} different months, {june} of {len(summits)} in June: "
        "no rule pointed to June 2024.",
        "First day of each BRICS summit, 2009 to 2025; blue: hosted by Russia. Of Ufa 2015 only the "
        "month is known here; the dot is at its middle.",
        f"Dots by year and month. {june} of {len(summits)} summits began in June. Those hosted by Russia "
        f"began in {named}.",
        sources_of(summits),
        summits[["year", "date", "entity", "city", "format", "known"]],
        drawing,
        (
            Tips(
                axes,
                "year",
                lambda row: summits["month"].iloc[row.name],
                "{date:when}, host: {entity:name} ({format}){known:later}",
            ),
        ),
        f"Summits had fallen in {before.nunique()} different months, {int((before == 6).sum())} of {len(before)} in June: "
        "no rule pointed to June 2024.",
    )


@theme()
def traces_of_a_saying() -> Figure:
    """Time line of the traces of the saying ascribed to Roosevelt."""
    kinds = ["quotation-trace", "quotation-attribution", "death", "quotation-verdict"]
    traces = primary(data.load("diplomacy_records", kind=kinds))
    died = int(traces.loc[traces["kind"] == "death", "year"].iloc[0])
    first = int(traces.loc[traces["kind"] == "quotation-attribution", "year"].min())
    colour = {"quotation-trace": COLOURS["OTHER"], "death": INK, "quotation-attribution": COLOURS["CHN"],
              "quotation-verdict": COLOURS["RUS"]}  # fmt: skip
    words = {
        "quotation-trace-1848-parker": "1848: Theodore Parker,\n'no accidents in politics'",
        "quotation-trace-1935-10-23-citadel": "1935: Roosevelt\nsays the recovery\nwas planned",
        "quotation-trace-1961-01-08-kennedy": "1961: Joseph P. Kennedy,\n'no accidents in politics'",
        "death-1945-death": f"{died}: Roosevelt dies",
    }
    drawing, axes = canvas(3.1)
    axes.axhline(0, color=INK, linewidth=1)
    heights = {"quotation-trace-1961-01-08-kennedy": 2.1, "quotation-attribution": -1.9, "death": -1.0}
    sides = {"parker": ("left", 0), "citadel": ("right", 3)}
    books = f"{first}: two books of Gary Allen\nput the saying in Roosevelt's mouth"
    shown = traces[traces["kind"] != "quotation-verdict"]
    shown = shown[(shown["kind"] != "quotation-attribution") | ~shown["kind"].duplicated()]
    for event, kind, year in zip(shown["event"], shown["kind"], shown["year"].map(int), strict=True):
        y = heights.get(event, heights.get(kind, 1.0))
        side, nudge = sides.get(event.rpartition("-")[2], ("center", 0))
        axes.plot(year, 0, "o", color=colour[kind], markersize=9, zorder=3)
        axes.vlines(year, 0, y * 0.9, color=colour[kind], linewidth=1)
        axes.annotate(
            words.get(event, books),
            (year + nudge, y),
            ha=side,
            va="bottom" if y > 0 else "top",
            color=colour[kind],
            fontsize=9.5,
            fontweight="bold" if kind == "quotation-attribution" else "normal",
        )
    checks = traces[traces["kind"] == "quotation-verdict"]
    axes.plot(checks["year"], [0] * len(checks), "s", color=COLOURS["RUS"], markersize=8, zorder=3)
    axes.vlines(checks["year"].mean(), 0, 0.9, color=COLOURS["RUS"], linewidth=1)
    axes.annotate(
        f"since {checks['year'].min()}: {len(checks)} checks\nfind no record",
        (checks["year"].mean(), 1),
        ha="center",
        va="bottom",
        color=COLOURS["RUS"],
        fontsize=9.5,
    )
    axes.set(xlim=(1844, 2034), ylim=(-3.3, 3.7), yticks=[], xlabel="", ylabel="")
    axes.grid(visible=False)
    axes.spines["bottom"].set_visible(False)
    holds(
        {
            "two books of Gary Allen": (traces["kind"] == "quotation-attribution").sum() == 2,
            "years after his death": first > died,
        }
    )
    return Figure(
        "fig-roosevelt-saying",
        f"The saying is first found in Roosevelt's name in {first}, {first - died} years after his death.",
        "Located traces of the saying and of its neighbours. Not to find an earlier trace is no proof "
        "that there is none.",
        "Time line. 1848: Theodore Parker says that there are no accidents in politics. 1935: Roosevelt "
        "says of the recovery that "
        f"it was planned. {died}: Roosevelt dies. 1961: Joseph P. Kennedy uses Parker's words. {first}: "
        "two books of Gary Allen "
        f"give the saying to Roosevelt without a source. Later checks, {len(checks)} of them, find no "
        "record.",
        sources_of(traces),
        traces[["date", "kind", "name", "title"]],
        drawing,
    )


@theme()
def exchanges_after_may_2024() -> Figure:
    """Talks and trade before and after May 2024, by year."""
    talks = diplomacy.meetings_by_year().loc[2019:2025]
    trade = china_turnover().set_index("year").loc[2019:2025]
    drawing, (left, right) = canvas(3.2, columns=2)
    for axes in (left, right):
        axes.axvspan(2023.5, 2025.5, color=GRID, alpha=0.6, zorder=0)
        axes.set_xticks(range(2019, 2026, 2))
    met_drawn = _talks(left, 2019)
    left.set(ylabel="", xlabel="", ylim=(0, 5), xlim=(2018.4, 2025.6))
    left.set_title("Talks of Putin and Xi (grey: by video)")
    trade["known"] = public(trade)
    later(right.bar(trade.index, trade["value"], 0.66, color=COLOURS["CHN"]), trade["known"])
    right.set(ylabel="", xlabel="", ylim=(0, 285), xlim=(2018.4, 2025.6))
    right.set_title("Trade, bn USD")
    usd, met = trade["value"].to_dict(), talks["in_person"].to_dict()
    for year in (2023, 2024, 2025):
        later([_name(right, f"{usd[year]:.0f}", year, usd[year], INK)], [trade.loc[year, "known"]])
    change = 100 * (usd[2025] / usd[2023] - 1)
    traded = trade[["value", "known"]].reset_index().assign(series="trade, bn USD")
    drawn = pd.concat([met_drawn, traded])[["series", "year", "value", "bottom", "known"]]
    both = pd.concat([diplomacy.meetings(), diplomacy.meetings(kind="video")])
    rows = data.rows([i for ids in trade["rows"] for i in ids])
    return Figure(
        "fig-after-may-2024",
        f"Putin and Xi met {met[2024] + met[2025]} times in 2024 and 2025, after {met[2022] + met[2023]} times in the two years "
        "before; trade of 2025 was "
        f"{abs(change):.0f} per cent {'below' if change < 0 else 'above'} that of 2023.",
        "Left: bilateral talks by year. Right: China–Russia goods trade by Chinese customs, bn current "
        "USD. Shaded: 2024 and 2025.",
        f"Two bar charts, 2019 to 2025. Talks face to face: {met[2022]} in 2022, {met[2023]} in 2023, "
        f"{met[2024]} in 2024, {met[2025]} in 2025. Trade: {usd[2023]:.0f} bn USD in 2023, "
        f"{usd[2024]:.0f} in 2024, {usd[2025]:.0f} in 2025.",
        sources_of(both[both["year"].between(2019, 2025)], rows),
        drawn,
        drawing,
        (
            segments(left),
            Tips(right, "year", "value", "{year}: {value:.1f} bn USD{known:later}", {"series": "trade, bn USD"}, y0=0),
        ),
        f"Talks of 2024 up to the op-ed: {met_drawn.query('known and year == 2024')['value'].sum():.0f}, after {met[2023]} in 2023; "
        f"trade of the last full year stood at {usd[2023]:.0f} bn USD.",
    )

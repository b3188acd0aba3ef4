"""Writes docs/benchmarks.md and its picture from results.json: `python bench/report.py`."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import peers
from worlds import TRIALS

HERE = Path(__file__).resolve().parent
DOCS = HERE.parent / "docs"

WORLDS = {
    "rare": "a trial, rare yes or no, harm for 30 %",
    "smooth": "confounded, smooth effect (Nie & Wager 2021, A)",
    "steps": "a trial, two sharp steps (Wager & Athey 2018, eq. 28)",
    "five arms": "a trial of five arms, yes or no",
    "baseline": "a trial, hard baseline (Nie & Wager 2021, B)",
    "constant": "strongly confounded, the same effect for everyone (Nie & Wager 2021, C)",
    "hillstrom": "the Hillstrom trial, visit",
    "social": "the social pressure trial, voted, households whole",
    "starbucks": "a promotion by lot, bought",
    "penn": "the Pennsylvania reemployment bonus, fewer weeks without work",
    "actg175": "a trial of four therapies of HIV, CD4 cells after twenty weeks (Hammer et al. 1996)",
}


def number(value, digits=3):
    return "" if value is None else f"{value:.{digits}f}".replace("0.", ".", 1) if abs(value) < 1 else f"{value:.2f}"


def best_of(runs, key, highest=False):
    known = [run[key] for run in runs if run.get(key) is not None]
    return (max if highest else min)(known) if known else None


def bold(run, runs, key, text, highest=False):
    return f"**{text}**" if text and run.get(key) == best_of(runs, key, highest) else text


MEASURES = ("pehe", "constant_pehe", "autoc_share", "coverage", "width", "cpu", "wall", "memory_mb")


def mean_of(values):
    return sum(values) / len(values)


def mean_qini(run):
    """Returns the mean of a trial's Qini over its arms."""
    return mean_of([one["estimate"] for one in run["qini"]])


def over_draws(runs):
    """Returns one run a peer: means over the data sets of a world, or the halves of a trial, and how far apart they were."""
    found = []
    ours = {run["draw"]: run for run in runs if run["peer"] == "yorisoi"}
    for peer in dict.fromkeys(run["peer"] for run in runs):
        own = [run for run in runs if run["peer"] == peer]
        if failed := [run for run in own if "failed" in run]:
            found.append(failed[0])
            continue
        mean = {name: mean_of([run[name] for run in own]) for name in MEASURES if own[0].get(name) is not None}
        if "qini" in own[0]:
            arms = zip(*(run["qini"] for run in own))
            mean["qini"] = [{end: mean_of([one[end] for one in arm]) for end in ("estimate", "low", "high")} for arm in arms]
            mean["ahead"] = sum(mean_qini(run) > mean_qini(ours[run["draw"]]) for run in own)
        else:
            mean["pehe_range"] = (min(run["pehe"] for run in own), max(run["pehe"] for run in own))
        found.append({**own[0], **mean, "draws": len(own)})
    return found


def worlds_of(runs):
    """Returns the runs of each data set by its name and rows, one a peer; the halves of a trial differ in rows by a few."""
    first_rows = {run["world"]: run["rows"] for run in reversed(runs)}

    def key_of(run):
        return run["world"], first_rows[run["world"]] if run["world"] in TRIALS else run["rows"]

    keys = dict.fromkeys(key_of(run) for run in runs)
    return {key: over_draws([run for run in runs if key_of(run) == key]) for key in keys}


def truth_table(runs):
    lines = [
        "| | PEHE | from, to | AUTOC | coverage | width | CPU s | wall s | memory MB | data sets |",
        "|---|---|---|---|---|---|---|---|---|---|",
    ]
    for run in sorted(runs, key=lambda run: run.get("pehe", 9e9)):
        if "failed" in run:
            lines.append(f"| {run['peer']} | failed: {run['failed']} | | | | | | | | |")
            continue
        lines.append(
            f"| {run['peer']} | {bold(run, runs, 'pehe', number(run['pehe'], 4))}"
            f" | {', '.join(number(end, 4) for end in run['pehe_range'])}"
            f" | {bold(run, runs, 'autoc_share', number(run.get('autoc_share'), 2), True)}"
            f" | {number(run.get('coverage'), 3)} | {number(run.get('width'), 3)}"
            f" | {bold(run, runs, 'cpu', format(run['cpu'], '.1f'))} | {bold(run, runs, 'wall', format(run['wall'], '.1f'))}"
            f" | {run['memory_mb']:.0f} | {run['draws']} |"
        )
    constant = next((run["constant_pehe"] for run in runs if "constant_pehe" in run), None)
    return "\n".join(lines), constant


def trial_table(runs):
    lines = [
        "| | Qini | ahead of Yorisoi in | one an arm (95 % interval) | CPU s | wall s | memory MB |",
        "|---|---|---|---|---|---|---|",
    ]
    for run in sorted(runs, key=lambda run: -mean_qini(run) if "qini" in run else 9e9):
        if "failed" in run:
            lines.append(f"| {run['peer']} | failed: {run['failed']} | | | | | |")
            continue
        best = max(mean_qini(other) for other in runs if "qini" in other)
        mean = f"{mean_qini(run):+.5f}"
        found = "; ".join(f"{q['estimate']:+.5f} ({q['low']:+.5f} to {q['high']:+.5f})" for q in run["qini"])
        lines.append(
            f"| {run['peer']} | {f'**{mean}**' if mean_qini(run) == best else mean}"
            f" | {'' if run['peer'] == 'yorisoi' else '{ahead} of {draws}'.format(**run)}"
            f" | {found} | {run['cpu']:.1f} | {run['wall']:.1f} | {run['memory_mb']:.0f} |"
        )
    return "\n".join(lines)


def not_asked(results, runs, rows):
    """Returns a line with the peers that cannot be asked this or are too slow for it, of those measured anywhere."""
    measured = {run["peer"] for run in results["runs"]}
    here = {run["peer"] for run in runs}
    absent = {name: peer for name, peer in peers.PEERS.items() if name in measured - here}
    left_out = [
        f"{name} ({f'too slow above {limit:,} rows' if rows > limit else ', '.join(only)})"
        for name, (_, _, only, limit) in absent.items()
    ]
    return [f"Not asked: {', '.join(left_out)}.", ""] if left_out else []


def merit(run):
    """Returns how good a run is, more being better: PEHE, or the mean of a trial's Qini over its arms."""
    return mean_qini(run) if "qini" in run else -run["pehe"]


def told(run):
    return f"{merit(run):+.5f}" if "qini" in run else number(run["pehe"], 4)


def overview(by_world):
    """Returns Yorisoi beside the best of the others, a line a data set: what loses stands here as plainly as what wins."""
    lines = [
        "| data | rows | Yorisoi | the best peer | | PEHE, ours to theirs | CPU s, ours and theirs |",
        "|---|---|---|---|---|---|---|",
    ]
    for (world, rows), runs in by_world.items():
        done = [run for run in runs if "failed" not in run]
        ours = next(run for run in done if run["peer"] == "yorisoi")
        others = [run for run in done if run is not ours]
        if not others:
            continue
        best = max(others, key=merit)
        texts = [told(run) for run in (ours, best)]
        first = 0 if merit(ours) >= merit(best) else 1
        texts[first] = f"**{texts[first]}**"
        ratio = "Qini" if "qini" in ours else f"{ours['pehe'] / best['pehe']:.2f}"
        lines.append(
            f"| {world} | {rows:,} | {texts[0]} | {texts[1]} | {best['peer']} | {ratio} | {ours['cpu']:.1f}, {best['cpu']:.1f} |"
        )
    return "\n".join(lines)


COLUMNS = 4
MARKERS = "osD^v<>PXdph"
OURS, PEERS = "#c0563b", ("#1f5a7a", "#7a9e3f", "#8a5aa3", "#b8860b", "#4c9a8a", "#6b6b6b")


def picture(results, path):
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt
    from matplotlib.ticker import LogLocator, NullFormatter

    by_world = worlds_of([run for run in results["runs"] if "pehe" in run])
    worlds = list(by_world)
    runs = [run for of in by_world.values() for run in of]
    names = sorted({run["peer"] for run in runs}, key=lambda name: (name != "yorisoi", name))
    lines = -(-len(worlds) // COLUMNS)
    fig, axes = plt.subplots(lines, COLUMNS, figsize=(12, 2.9 * lines), layout="constrained", squeeze=False)
    for ax in axes.flat[len(worlds) :]:
        ax.remove()
    for at, (ax, (world, rows)) in enumerate(zip(axes.flat, worlds)):
        for run in (run for run in runs if (run["world"], run["rows"]) == (world, rows)):
            place = names.index(run["peer"])
            is_ours = run["peer"] == "yorisoi"
            style = {"color": OURS if is_ours else PEERS[place % len(PEERS)], "markersize": 9 if is_ours else 6}
            ax.plot(run["cpu"], run["pehe"], MARKERS[place], zorder=3 if is_ours else 2, label=run["peer"], **style)
        ax.set(xscale="log", yscale="log", xlim=(0.15, 250), xticks=(1, 10, 100), xticklabels=("1", "10", "100"))
        ax.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
        ax.yaxis.set_major_formatter("{x:g}")
        for axis in (ax.xaxis, ax.yaxis):
            axis.set_minor_formatter(NullFormatter())
        ax.set_title(f"{world}, {rows:,} rows", fontsize=10)
        ax.set_xlabel("CPU seconds" if at >= len(worlds) - COLUMNS else "")
        ax.set_ylabel("PEHE" if at % COLUMNS == 0 else "")
        ax.grid(visible=True, which="major", linewidth=0.4)
    shown = {label: mark for ax in axes.flat[: len(worlds)] for mark, label in zip(*ax.get_legend_handles_labels())}
    fig.legend([shown[name] for name in names], names, loc="outside lower center", ncols=4, frameon=False)
    path.parent.mkdir(exist_ok=True)
    fig.savefig(path, metadata={"Date": None})


def main() -> None:
    source = Path(sys.argv[1]) if len(sys.argv) > 1 else HERE / "results.json"
    results = json.loads(source.read_text())
    names = ", ".join(f"{name} {version}" for name, version in results["versions"].items())
    dates = sorted({run.get("date", results["date"]) for run in results["runs"]})
    days = dates[:1] if len(dates) == 1 else [dates[0], dates[-1]]
    by_world = worlds_of(results["runs"])
    text = [
        "# Beside its peers",
        "",
        f"Measured on {' to '.join(days)} ({results['machine']}; {results['threads']} threads; {names}) by",
        "[`bench/bench.py`](../bench/README.md), and written here by `bench/report.py`, not by hand. Every peer at its defaults,",
        "each in a process of its own: gaps are between settings as they come, not between what libraries can be tuned to. What",
        "must be chosen is LightGBM as it comes, for every model of a meta-learner and for `CausalForestDML`'s nuisances; that has",
        "500 trees, as Yorisoi, and `dml-rs` its own random forests.",
        "Simulated worlds are drawn several times for all but the slowest, and each line is the mean over its data sets, with the",
        "smallest and the largest PEHE beside it. IHDP and ACIC are one data set each, so that their last digit is luck. Of a",
        "trial one half is learned from and the other judges, which says little once: each line is the mean over several such",
        "draws of halves. Its interval is the mean of theirs; that of the mean is narrower, by how much cannot be said,",
        "because the halves share people. In how many of them a peer was ahead of Yorisoi stands beside.",
        "",
        "PEHE is the root mean square error of the effect on 50,000 new people (all people, for IHDP and ACIC), AUTOC the",
        "share of what a ranking by the true effect would gain, coverage that of 95 % intervals (empty: the peer has none) and",
        "width their mean. Seconds, of all cores together (CPU) and by the clock (wall), are those of learning and answering,",
        "a peer's own imports among them: each is imported when it is called. Memory is the peak of the process. Best in bold;",
        "under a table stands who was not asked, because it cannot do this or would have taken too long.",
        "",
        "## At a glance",
        "",
        "PEHE, or for real trials the held-out Qini, the mean over arms; the best peer is the best afterwards, another one each time.",
        "",
        overview(by_world),
        "",
        "![Lower left is better: PEHE against CPU seconds, one mark a peer](images/benchmarks.svg)",
        "",
    ]
    for (world, rows), runs in by_world.items():
        title = WORLDS.get(world, world)
        text += [f"## {world}, {rows:,} rows: {title}", ""]
        left_out = not_asked(results, runs, rows)
        if any("qini" in run for run in runs):
            text += [trial_table(runs), "", *left_out]
            continue
        table, constant = truth_table(runs)
        guess = [] if constant is None else [f"Guessing the mean effect for everyone has a PEHE of {constant:.4f}.", ""]
        text += [table, "", *left_out, *guess]
    notes = HERE / "notes.md"
    if notes.exists():
        text += [notes.read_text().rstrip(), ""]
    (DOCS / "benchmarks.md").write_text("\n".join(text))
    picture(results, DOCS / "images" / "benchmarks.svg")


if __name__ == "__main__":
    main()

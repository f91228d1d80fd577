"""Cordel against Typst and Pandoc: the same words, whole processes, medians and peak memory."""

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import time
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
WORK = ROOT / "target" / "bench"


def install():
    python = WORK / "venv" / "bin" / "python"
    if not python.exists():
        venv.create(WORK / "venv", with_pip=True)
        subprocess.run([python, "-m", "pip", "install", "-q", "--disable-pip-version-check", "typst", "pypandoc_binary"], check=True)
    found = subprocess.run([python, "-c", "import pypandoc; print(pypandoc.get_pandoc_path())"], check=True, capture_output=True, text=True)
    return python, found.stdout.strip()


def measure(command, runs, cwd):
    """The median wall time in seconds and the peak memory in MB of a command."""
    times, memory = [], 0
    for _ in range(runs):
        start = time.perf_counter()
        child = subprocess.Popen(command, cwd=cwd, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        _, status, usage = os.wait4(child.pid, 0)
        times.append(time.perf_counter() - start)
        memory = max(memory, usage.ru_maxrss / 1024)
        if status != 0:
            sys.exit(f"failed: {' '.join(map(str, command))}")
    return statistics.median(times), memory


def rival_inputs(listing, times):
    """The sources' words as Typst markup and as Markdown."""
    paragraphs = [line.strip() for line in listing.splitlines() if line.strip()]
    typst = ['#set page(paper: "a5")', '#set text(lang: "en", size: 10pt)', "#set par(justify: true)"]
    markdown = []
    for _ in range(times):
        for line in paragraphs:
            if line.startswith("# "):
                typst.append(f"\n= {line[2:]}\n")
                markdown.append(f"\n{line}\n")
            else:
                typst.append("#par[" + "".join("\\" + c if c in "\\#$*_`<>@[]=~/" else c for c in line) + "]")
                markdown.append("".join("\\" + c if c in "\\`*_[]<>#" else c for c in line) + "\n")
    (WORK / "rival.typ").write_text("\n".join(typst))
    (WORK / "rival.md").write_text("---\ntitle: Rival\nlang: en\n---\n" + "\n".join(markdown))


def many_times_over(pack, times):
    """A pack whose sources' chapters are repeated."""
    copy = WORK / "pack"
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(ROOT / "book", copy)
    manifest = (copy / "book.toml").read_text()
    chapters = manifest.split("[[chapter]]")
    sources = [chapter for chapter in chapters if 'kind = "source"' in chapter]
    rest = []
    for again in range(1, times):
        for chapter in sources:
            rest.append(chapter.split("[[edition]]")[0].replace('id = "', f'id = "again-{again}-', 1))
    place = max(at for at, chapter in enumerate(chapters) if 'kind = "source"' in chapter) + 1
    (copy / "book.toml").write_text("[[chapter]]".join(chapters[:place] + rest + chapters[place:]))
    return copy


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--sources", default=str(ROOT.parent / "shared" / "sources"))
    parser.add_argument("--runs", type=int, default=15)
    parser.add_argument("--times", type=int, default=1)
    options = parser.parse_args()
    WORK.mkdir(parents=True, exist_ok=True)
    subprocess.run(["cargo", "build", "--release", "--quiet"], cwd=ROOT, check=True)
    cordel = ROOT / "target" / "release" / "cordel"
    python, pandoc = install()
    listing = subprocess.run([cordel, "build", "--sources", options.sources, "--dump", "sources"], cwd=ROOT, check=True, capture_output=True, text=True).stdout
    rival_inputs(listing, options.times)
    pack = ROOT / "book" if options.times == 1 else many_times_over(ROOT / "book", options.times)
    typst = "import typst; typst.compile('rival.typ', output='rival.pdf')"
    rows = [
        ("Cordel, EPUB and PDF", [cordel, "build", "-q", "--sources", options.sources, "--out", WORK / "out", pack]),
        ("Typst, PDF", [python, "-c", typst]),
        ("Pandoc, EPUB", [pandoc, "rival.md", "-o", "rival.epub"]),
    ]
    print(f"{len(listing.split()) * options.times} words of the sources, {options.runs} runs each")
    results = []
    for name, command in rows:
        seconds, megabytes = measure([str(part) for part in command], options.runs, WORK)
        results.append(seconds)
        print(f"{name:24} {seconds * 1000:8.1f} ms {megabytes:8.1f} MB")
    print(f"Typst and Pandoc together take {(results[1] + results[2]) / results[0]:.1f} times as long")


main()

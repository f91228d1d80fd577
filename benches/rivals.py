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

from rivalbook import Markdown, PlainMarkdown, PlainTypst, Typst, tell

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
    pack = ROOT / "book" if options.times == 1 else many_times_over(ROOT / "book", options.times)
    build = [cordel, "build", "-q", "--sources", options.sources, "--out", WORK / "out", pack]
    subprocess.run(build, check=True)
    [book] = (WORK / "out").glob("*.epub")
    names = ["plain.typ", "plain.md", "rival.typ", "rival.md"]
    for name, text in zip(names, tell(book, PlainTypst, PlainMarkdown, Typst, Markdown)):
        (WORK / name).write_text(text)
    words = len((WORK / "plain.md").read_text().split())
    print(f"a book of {words} words, {options.runs} runs each")
    typst = "import typst; typst.compile('{}.typ', output='{}.pdf')"
    ours = row("Cordel, EPUB and PDF", build, options.runs)
    for name, what in [("plain", "words alone"), ("rival", "words, notes and links")]:
        print(what)
        pdf = row("  Typst, PDF", [python, "-c", typst.format(name, name)], options.runs)
        epub = row("  Pandoc, EPUB", [pandoc, f"{name}.md", "-o", f"{name}.epub"], options.runs)
        print(f"  together they take {(pdf + epub) / ours:.1f} times as long as Cordel")


def row(name, command, runs):
    """Measures a command, prints its line and gives its seconds."""
    seconds, megabytes = measure([str(part) for part in command], runs, WORK)
    print(f"{name:24} {seconds * 1000:8.1f} ms {megabytes:8.1f} MB")
    return seconds


main()

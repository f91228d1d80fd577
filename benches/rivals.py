"""Cordel against Typst, Pandoc and Crowbook: the same words, whole processes, medians and peak memory; on
the full pack and on it several times over, the words of each copy varied."""

import argparse
import os
import re
import statistics
import subprocess
import sys
import time
import venv
from pathlib import Path

import variedpack
from rivalbook import Markdown, PlainMarkdown, PlainTypst, Typst, tell

ROOT = Path(__file__).resolve().parent.parent
WORK = ROOT / "target" / "bench"
TYPST = "import typst; typst.compile('{0}.typ', output='{0}.pdf')"


def install(tools):
    python = tools / "bin" / "python"
    if not python.exists():
        venv.create(tools, with_pip=True)
        subprocess.run([python, "-m", "pip", "install", "-q", "--disable-pip-version-check", "typst", "pypandoc_binary"], check=True)
    found = subprocess.run([python, "-c", "import pypandoc; print(pypandoc.get_pandoc_path())"], check=True, capture_output=True, text=True)
    return python, found.stdout.strip()


def crowbook(path, tools):
    """Crowbook, from crates.io unless it is there already; it is built, which takes minutes."""
    if path is None:
        path = tools / "crowbook" / "bin" / "crowbook"
        if not path.exists():
            subprocess.run(["cargo", "install", "--quiet", "crowbook", "--version", "0.17.1", "--root", tools / "crowbook"], check=True)
    return path


def chapters_for_crowbook(name):
    """Crowbook takes a file a chapter and a list of them; splits what Pandoc is given."""
    parts = re.split(r"(?m)^(?=# )", (WORK / f"{name}.md").read_text())
    parts = [part for part in parts[1:] if part.strip()]
    listed = [f"author: Rival\ntitle: Rival\nlang: en\noutput.epub: {name}-crowbook.epub\n"]
    for at, part in enumerate(parts):
        (WORK / f"{name}-{at:04}.md").write_text(part)
        listed.append(f"+ {name}-{at:04}.md")
    (WORK / f"{name}.book").write_text("\n".join(listed) + "\n")


def measure(command, runs):
    """The median wall time in seconds and the peak memory in MB of a command."""
    times, memory = [], 0
    for _ in range(runs):
        start = time.perf_counter()
        child = subprocess.Popen(list(map(str, command)), cwd=WORK, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        _, status, usage = os.wait4(child.pid, 0)
        times.append(time.perf_counter() - start)
        memory = max(memory, usage.ru_maxrss / 1024)
        if status != 0:
            sys.exit(f"failed: {' '.join(map(str, command))}")
    return statistics.median(times), memory


class Bench:
    """Everything measured of one book."""

    def __init__(self, options, pack, sources):
        self.options, self.pack, self.sources = options, pack, sources
        self.cordel = options.cordel or ROOT / "target" / "release" / "cordel"
        self.build = [self.cordel, "build", "--sources", sources, "--out", WORK / "out"]
        first = subprocess.run([*self.build, pack], check=True, capture_output=True, text=True).stdout
        self.pages = int(first.split(" pages")[0].split()[-1])
        [self.book] = (WORK / "out").glob("*.epub")
        names = ["plain.typ", "plain.md", "rival.typ", "rival.md"]
        for name, text in zip(names, tell(self.book, PlainTypst, PlainMarkdown, Typst, Markdown)):
            (WORK / name).write_text(text)
        self.words = len((WORK / "plain.md").read_text().split())

    def row(self, name, command, runs=None):
        """Measures a command, prints its line and gives its seconds."""
        seconds, megabytes = measure(command, runs or self.options.runs)
        each = f"{seconds * 1000 / self.pages:6.2f} ms {megabytes * 1024 / self.pages:6.0f} kB a page"
        print(f"  {name:26} {seconds * 1000:8.0f} ms {megabytes:7.0f} MB {each}", flush=True)
        return seconds

    def ours(self):
        """Cordel's files, each alone and both, and what it takes to prove them."""
        pdf = self.row("Cordel, PDF", [*self.build, "-q", "--pdf", self.pack])
        epub = self.row("Cordel, EPUB", [*self.build, "-q", "--epub", self.pack])
        both = self.row("Cordel, EPUB and PDF", [*self.build, "-q", self.pack])
        if self.options.verify:
            self.row("Cordel, verify", [self.cordel, "verify", "-q", "--sources", self.sources, "--out", WORK / "out", self.pack])
        return pdf, epub, both

    def compare(self, python, pandoc, crow):
        """Ours beside the rivals'."""
        print(f"{self.pages} pages, {self.words} words, {self.options.runs} runs each")
        pdf, epub, both = self.ours()
        for name, what in [("rival", "words, notes, links"), ("plain", "words alone")]:
            if name == "plain" and not self.options.plain:
                continue
            typst = self.row(f"Typst, {what}", [python, "-c", TYPST.format(name)], self.options.rival_runs)
            print(f"    {typst / pdf:.1f} times as long as Cordel's PDF, {typst / both:.1f} times as both forms")
            theirs = self.row(f"Pandoc, {what}", [pandoc, f"{name}.md", "-o", f"{name}.epub"], self.options.rival_runs)
            print(f"    {theirs / epub:.1f} times as long as Cordel's EPUB")
            if crow:
                chapters_for_crowbook(name)
                theirs = self.row(f"Crowbook, {what}", [crow, "-n", "-q", f"{name}.book"])
                print(f"    {theirs / epub:.1f} times as long as Cordel's EPUB")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--sources", type=Path, default=ROOT.parent / "shared" / "sources")
    parser.add_argument("--copies", type=int, nargs="+", default=[1], help="the pack so many times over: 1 3 7 14")
    parser.add_argument("--chapters", type=int, nargs="+", default=[], help="a book of so many chapters")
    parser.add_argument("--runs", type=int, default=11)
    parser.add_argument("--rival-runs", type=int, default=3)
    parser.add_argument("--plain", action="store_true", help="the rivals also on the words alone")
    parser.add_argument("--crowbook", type=Path, nargs="?", const="install", help="also Crowbook: the program, or none to build it first")
    parser.add_argument("--verify", action="store_true", help="also how long `cordel verify` takes")
    parser.add_argument("--cordel", type=Path, help="a program that is built already")
    parser.add_argument("--tools", type=Path, default=WORK / "venv", help="where the rivals are")
    options = parser.parse_args()
    # The commands run in a folder of their own.
    for name in ("sources", "crowbook", "cordel", "tools"):
        given = getattr(options, name)
        if isinstance(given, Path) and given != Path("install"):
            setattr(options, name, given.resolve())
    WORK.mkdir(parents=True, exist_ok=True)
    if not options.cordel:
        subprocess.run(["cargo", "build", "--release", "--quiet"], cwd=ROOT, check=True)
    crow = options.crowbook and crowbook(None if options.crowbook == Path("install") else options.crowbook, WORK)
    tools = (*install(options.tools), crow)
    for copies in options.copies:
        pack = ROOT / "book"
        if copies > 1:
            pack = WORK / "pack"
            variedpack.write(ROOT / "book", options.sources, pack, copies)
        Bench(options, pack, options.sources if copies == 1 else pack / "sources").compare(*tools)
    for chapters in options.chapters:
        variedpack.write_chapters(ROOT / "book", WORK / "pack", chapters)
        Bench(options, WORK / "pack", WORK / "pack").compare(*tools)


main()

"""Every page number in index, glossary and chronology names a page on which the passage stands.

usage: locators.py FILE.pdf FILE.epub PACK

The numbers are read out of the EPUB; the pages out of the PDF with pdftotext, by the labels that
it gives itself. On a page that is named there must stand, word for word: of a heading one of its
forms in the pack's index.toml, or one of its passages' `near` words; of a term one of its forms;
of an event the words that the chronology cites, or those that lead to it. What was marked by hand
without words, and so cannot be looked up, is counted.
"""

import re
import subprocess
import sys
import tomllib
import unicodedata
import zipfile
from pathlib import Path
from xml.etree import ElementTree

import pikepdf

# So many words overleaf can be those with which a passage goes on.
HEAD = 30
XHTML = "{http://www.w3.org/1999/xhtml}"
OPS = "{http://www.idpf.org/2007/ops}"


def folded(text):
    """A text as words in lower case without accents, ligatures and signs, a space between."""
    text = re.sub("\u00ad\\s*", "", unicodedata.normalize("NFKC", text))
    text = unicodedata.normalize("NFD", text.lower())
    text = "".join(c for c in text if not unicodedata.combining(c))
    return " " + " ".join(re.findall(r"[^\W_]+", text)) + " "


def printed(path):
    """The labels of the pages in their order, and the text of each by its label."""
    with pikepdf.open(path) as pdf:
        labels = [page.label for page in pdf.pages]
    pages = subprocess.run(["pdftotext", path, "-"], check=True, capture_output=True)
    pages = [folded(page) for page in pages.stdout.decode().split("\f")]
    return labels, dict(zip(labels, pages))


class Book:
    """An EPUB's sections by what they are, and the words that lead to each place."""

    def __init__(self, path):
        book = zipfile.ZipFile(path)
        self.sections, self.leading = {}, {}
        for name in sorted(name for name in book.namelist() if name.endswith(".xhtml")):
            root = ElementTree.fromstring(book.read(name))
            file = name.rpartition("/")[2]
            for kind in ("index", "glossary", "chronology"):
                if re.fullmatch(rf"\d+-{kind}\.xhtml", file):
                    self.sections[kind] = (file, root)
            for link in root.iter(f"{XHTML}a"):
                href = link.get("href", "")
                if "#" in href and file not in (f for f, _ in self.sections.values()):
                    self.leading.setdefault(href, set()).add("".join(link.itertext()))


def numbers(link):
    """The first page of a locator: 23 of 23–25 and of 23n4."""
    return re.match(r"\d+|[ivxlc]+", "".join(link.itertext())).group()


def definitions(root):
    """The entries of a list of definitions: the term's element and what is said of it."""
    terms = []
    for element in root.iter():
        if element.tag == f"{XHTML}dt":
            terms.append((element, []))
        elif element.tag == f"{XHTML}dd" and terms:
            terms[-1][1].append(element)
    return terms


class Judge:
    def __init__(self, pdf):
        self.labels, self.pages = printed(pdf)
        self.checked, self.wrong, self.unknown = 0, [], 0

    def look_up(self, what, page, probes):
        probes = {folded(probe) for probe in probes} - {"  ", " "}
        if not probes:
            self.unknown += 1
            return
        self.checked += 1
        if page not in self.pages:
            self.wrong.append(f"{what}: there is no page {page}")
            return
        at = self.labels.index(page)
        text = self.pages[page]
        after = self.pages.get(self.labels[at + 1], "") if at + 1 < len(self.labels) else ""
        after = " ".join(after.split()[:HEAD])
        if not any(stands(probe.split(), text, after) for probe in probes):
            self.wrong.append(f"{what}: page {page}")


def stands(words, text, after):
    """Whether words stand on a page, or begin on it and go on overleaf, below a running head."""
    if pattern(words).search(text):
        return True
    cuts = range(1, len(words))
    return any(pattern(words[:cut]).search(text) and pattern(words[cut:]).search(after) for cut in cuts)


def pattern(words):
    """Words in a row; the call of a note may stand at one, and a hyphen between two be lost."""
    return re.compile(r"\b" + "[a-z]{0,2} ?".join(map(re.escape, words)) + r"[a-z]{0,2}\b")


def anchors(entry):
    found = [source.get("anchor", "") for source in entry.get("sources", [])]
    return found + [reading["source"].get("anchor", "") for reading in entry.get("reading", [])]


def chronology(judge, book, pack):
    file, root = book.sections["chronology"]
    events = tomllib.loads((pack / "chronology.toml").read_text())["event"]
    by_text = {folded(re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", event["text"])): event for event in events}
    for term, bodies in definitions(root):
        said = folded("".join("".join(body.itertext()) for body in bodies))
        event = next((event for text, event in by_text.items() if said.startswith(text.replace("  ", " "))), None)
        if event is None:
            judge.wrong.append(f"no event of the pack is told by {said[:60]}")
            continue
        # Words lead to the date; the account is the next passage.
        first = int(bodies[0].find(f"{XHTML}p").get("id")[1:])
        leading = book.leading.get(f"{file}#p{first - 1}", set())
        probes = set(anchors(event)) | leading
        for link in (link for body in bodies for link in body.iter(f"{XHTML}a")):
            if link.get("class") == "page":
                judge.look_up(event["id"], numbers(link), probes)


def glossary(judge, book, pack):
    _, root = book.sections["glossary"]
    terms = tomllib.loads((pack / "glossary.toml").read_text())["term"]
    by_name = {folded(term["term"]): term for term in terms}
    for dt, bodies in definitions(root):
        term = by_name[folded("".join(dt.itertext()))]
        probes = {term["term"], term.get("plural", ""), *term.get("forms", []), *anchors(term)}
        for link in (link for body in bodies for link in body.iter(f"{XHTML}a")):
            if link.get("class") == "page":
                judge.look_up(term["id"], numbers(link), probes)


def headings(entries, above=(), path=""):
    """Every heading: the printed words of it and of those above, and what to look for."""
    for entry in entries:
        name = f"{path}{entry['id']}"
        plain = re.sub(r"[*_]|\[([^\]]*)\]\([^)]*\)", r"\1", entry["heading"])
        words = (*above, folded(plain))
        yield words, name, entry
        yield from headings(entry.get("sub", []), words, f"{name}/")


def index(judge, book, pack):
    _, root = book.sections["index"]
    listed = tomllib.loads((pack / "index.toml").read_text())["heading"]
    marked = {}
    for chapter in sorted((pack / "chapters").glob("*.md")):
        for words, name in re.findall(r"\[([^\]]*)\]\(index:([^)]*)\)", chapter.read_text()):
            marked.setdefault(name, set()).add(words)
    forms = {}
    for words, name, entry in headings(listed):
        above = forms.get(words[:-1], set())
        own = set(entry.get("forms", [])) | set(entry.get("near", [])) | marked.get(name, set())
        kept = {" ".join(one.partition("#")[2].split("-")[:1]) for one in entry.get("keep", [])}
        forms[words] = above | own | kept

    def read(element, above):
        for item in element.findall(f"{XHTML}li"):
            term = next(e for e in item.iter(f"{XHTML}span") if e.get(f"{OPS}type") == "index-term")
            words = (*above, folded("".join(term.itertext())))
            for link in item.findall(f"{XHTML}a"):
                if link.get(f"{OPS}type") == "index-locator":
                    judge.look_up("/".join(w.strip() for w in words), numbers(link), forms.get(words, set()))
            for inner in item.findall(f"{XHTML}ul"):
                read(inner, words)

    for group in root.iter(f"{XHTML}ul"):
        if group.get(f"{OPS}type") == "index-entry-list":
            if not any(group in list(item) for item in root.iter(f"{XHTML}li")):
                read(group, ())


def main():
    pdf, epub, pack = sys.argv[1:]
    judge, book, pack = Judge(pdf), Book(epub), Path(pack)
    for kind in (index, glossary, chronology):
        before = judge.checked
        if kind.__name__ in book.sections:
            kind(judge, book, pack)
            print(f"  {kind.__name__}: {judge.checked - before} page numbers looked up")
    print(f"  {judge.unknown} have no words to be looked up")
    for wrong in judge.wrong:
        print(f"  not there: {wrong}")
    sys.exit(bool(judge.wrong) or judge.checked == 0)


if __name__ == "__main__":
    main()

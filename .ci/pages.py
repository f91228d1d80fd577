"""Every page of the e-book's page list begins with the words with which that page of the PDF begins.

usage: pages.py FILE.pdf FILE.epub

The PDF is read with pdftotext, page by page, by the page labels that it gives itself; the EPUB
through its own page list. On a printed page a running head and the page's number may stand
above the text, and the rest of a word that was broken over the page's end; a note's call may
stand at a word. The number of a list's item may stand there too, and where dates stand beside
events pdftotext gives the head after the date; that is allowed on few pages. A blank page is
marked where the text goes on, and pages that begin with a picture or a table are left out.
"""

import re
import subprocess
import sys
import unicodedata
import zipfile
from xml.etree import ElementTree

import pikepdf

XHTML = "{http://www.w3.org/1999/xhtml}"
OPS = "{http://www.idpf.org/2007/ops}"
# So many words are compared, and so many may stand in a running head.
COMPARED, HEAD = 6, 14


def words(text):
    """The words of a text, compared without ligatures, soft hyphens and case."""
    text = re.sub("\u00ad\\s*", "", unicodedata.normalize("NFKC", text))
    return re.findall(r"[^\W\d_]+|\d+", text.lower())


def labels(path):
    """The label of each page of a PDF."""
    with pikepdf.open(path) as pdf:
        return [page.label for page in pdf.pages]


def printed(path):
    """The words of each labelled page, and whether its first word may be the rest of one."""
    pages = subprocess.run(["pdftotext", path, "-"], check=True, capture_output=True)
    pages = pages.stdout.decode().split("\f")
    return {label: words(page) for label, page in zip(labels(path), pages)}


def marked(path):
    """The words that follow each page break of an EPUB, by its label; and what may be a running head."""
    book = zipfile.ZipFile(path)
    root = ElementTree.fromstring(book.read("META-INF/container.xml"))
    package = root.find(".//{*}rootfile").get("full-path")
    folder = package.rpartition("/")[0]
    root = ElementTree.fromstring(book.read(package))
    items = {item.get("id"): item for item in root.iterfind(".//{*}item")}
    nav = next(item for item in items.values() if "nav" in (item.get("properties") or "").split())
    navigation = ElementTree.fromstring(book.read(f"{folder}/{nav.get('href')}"))
    lists = navigation.iter(f"{XHTML}nav")
    listed = next(nav for nav in lists if nav.get(f"{OPS}type") == "page-list")
    targets = {a.get("href"): "".join(a.itertext()) for a in listed.iter(f"{XHTML}a")}

    found, open_breaks = {}, []

    def is_apart(element, name):
        """Notes stand elsewhere in print; lists of links have other lines there, or none. What
        hides from the eye is not printed."""
        if element.get("hidden"):
            return True
        is_list = name == nav.get("href") and element.tag == f"{XHTML}ol"
        is_note = element.get(f"{OPS}type") in ("footnote", "noteref")
        return is_note or is_list or element.get("class") == "letters"

    def read(name, element):
        if element.get(f"{OPS}type") == "pagebreak":
            label = targets.pop(f"{name}#{element.get('id')}", None)
            if label is None:
                raise SystemExit(f"{path}: a page break in {name} is not in the page list")
            open_breaks.append(label)
            found[label] = []
        elif is_apart(element, name):
            pass
        elif element.tag in (f"{XHTML}figure", f"{XHTML}tr"):
            # The words of a drawing are a picture here; those of a row are read by column there.
            open_breaks.clear()
            known = set(found)
            for child in element:
                read(name, child)
            found.update({label: [] for label in found.keys() - known})
            open_breaks.clear()
        elif element.tag != f"{XHTML}head":
            take(element.text)
            for child in element:
                read(name, child)
                take(child.tail)

    def take(text):
        for word in words(text or ""):
            for label in open_breaks:
                found[label].append(word)
            open_breaks[:] = [label for label in open_breaks if len(found[label]) < COMPARED]

    for item in root.iterfind(".//{*}itemref"):
        name = items[item.get("idref")].get("href")
        read(name, ElementTree.fromstring(book.read(f"{folder}/{name}")))
        open_breaks.clear()
    if targets:
        raise SystemExit(f"{path}: the page list leads to no page break: {sorted(targets)}")
    heads = [words("".join(a.itertext())) for a in navigation.iter(f"{XHTML}a")]
    heads.append(words(root.find(".//{*}title").text))
    return found, [[], *heads]


def pattern(start):
    """The words in a row, each perhaps with a note's call."""
    return " ".join(re.escape(word) + r"(?: ?\w{1,2}(?= |$))?" for word in start) + "(?: |$)"


def begins(page, start, label, heads):
    """Whether the words of a page begin so; `None` when part of a word, or of the head, is before or among them."""
    if page == start[: len(page)]:
        return True
    rest = [word for word in page[: HEAD + 2 * COMPARED] if word != label]
    for head in heads:
        if rest[: len(head)] == head and matches(rest[len(head) :], start):
            return True
    for head in heads:
        at = next((at for at in range(COMPARED) if head and rest[at : at + len(head)] == head), None)
        if matches(rest[len(head) + 1 :], start) or at and matches(rest[:at] + rest[at + len(head) :], start):
            return None
    return False


def matches(page, start):
    return re.match(pattern(start), " ".join(page)) or "".join(page).startswith("".join(start))


def shortened(pages, titles):
    """What stands before a page's number: a running head where it begins a title, or stands on other pages too."""
    found = [page[: page.index(label)] for label, page in pages.items() if label in page[1:HEAD]]
    return [head for head in found if found.count(head) > 1 or any(title[: len(head)] == head for title in titles)]


def main(pdf, epub):
    pages, (breaks, heads) = printed(pdf), marked(epub)
    heads += shortened(pages, heads)
    wrong, compared, mixed = [], 0, []
    for label, start in breaks.items():
        if label not in pages:
            wrong.append(f"page {label} is not in {pdf}")
        elif pages[label] and start:
            compared += 1
            same = begins(pages[label], start, label, heads)
            if same is None:
                mixed.append(label)
            elif not same:
                wrong.append(f"page {label}: {' '.join(start)!r}, printed {' '.join(pages[label][:HEAD])!r}")
    print(f"{epub}: {compared} of {len(breaks)} pages begin as in {pdf}, {len(mixed)} of them nearly")
    # A blank page has no words; of the others nine in ten begin neither in a drawing nor in a row.
    not_blank = sum(1 for label in breaks if pages.get(label))
    if wrong or len(mixed) * 7 > compared or compared * 10 < not_blank * 9:
        raise SystemExit("\n".join(wrong + mixed))


main(*sys.argv[1:])

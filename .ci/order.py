"""A screen reader hears the book in the order of its manuscript.

usage: order.py BOOK.pdf BOOK.epub

The structure tree of the PDF is read by Poppler (`pdfinfo -struct-text`), the e-book through its
spine. Without notes and drawings, which each form places in its own way, both must give the same
words in the same order, from the first page of the body to the end.
"""

import re
import subprocess
import sys
import unicodedata
import zipfile
from xml.etree import ElementTree

XHTML = "{http://www.w3.org/1999/xhtml}"
EPUB_TYPE = "{http://www.idpf.org/2007/ops}type"
OPF = "{http://www.idpf.org/2007/opf}"
INLINE = {"a", "abbr", "b", "cite", "em", "i", "small", "span", "strong", "sub", "sup"}
# What a list is counted with: in the e-book, the reading system's own.
COUNTED = re.compile(r"\W*|\d+\.|[a-z]\)")


def words(text):
    text = unicodedata.normalize("NFKC", text).replace("\u00ad", "")
    return re.findall(r"\w+", text.lower())


def pdf_words(path):
    """The words of the structure tree: an element is a line with its type, set in further than
    its parent; a piece of text stands between quotation marks below it."""
    tree = subprocess.run(["pdfinfo", "-struct-text", path], check=True, capture_output=True)
    text, parents = [], []
    for line in tree.stdout.decode().splitlines():
        depth = len(line) - len(line.lstrip())
        while parents and parents[-1][0] >= depth:
            parents.pop()
        kinds = [kind for _, kind in parents]
        piece = re.fullmatch(r' *"(.*)"', line)
        kind = re.match(r" *(\w+)", line)
        if piece and heard(kinds, piece[1]):
            text.append(piece[1])
        elif kind and kind[1] != "Object":
            parents.append((depth, kind[1]))
            text.append("" if "(inline)" in line else " ")
    return words("".join(text))


def heard(kinds, piece):
    drawn = "Figure" in kinds and "Caption" not in kinds
    counted = "Lbl" in kinds and COUNTED.fullmatch(piece)
    return not (drawn or counted or {"Note", "Reference", "TOC"} & set(kinds))


def epub_words(path):
    """The words of the body and of what follows it."""
    book = zipfile.ZipFile(path)
    package = ElementTree.fromstring(book.read("OEBPS/content.opf"))
    files = {item.get("id"): item for item in package.iter(f"{OPF}item")}
    text = []
    for reference in package.iter(f"{OPF}itemref"):
        item = files[reference.get("idref")]
        page = ElementTree.fromstring(book.read("OEBPS/" + item.get("href"))).find(f"{XHTML}body")
        if page.get(EPUB_TYPE) in ("bodymatter", "backmatter"):
            spoken(page, text)
    return words("".join(text))


def spoken(element, text):
    """Adds what is read aloud of an element and of what stands in it."""
    name = element.tag.rpartition("}")[2]
    kinds = (element.get(EPUB_TYPE) or "").split()
    letters = element.get("class") == "letters"  # The index's, to go to each at once.
    if letters or name in ("svg", "img") or {"noteref", "footnote"} & set(kinds):
        return
    between = "" if name in INLINE else " "
    text.append(between + (element.text or ""))
    for child in element:
        spoken(child, text)
        text.append(child.tail or "")
    text.append(between)


def main():
    pdf, epub = sys.argv[1:]
    printed, screen = pdf_words(pdf), epub_words(epub)
    # The front matter of the printed book has pages of its own.
    printed = printed[-len(screen):]
    at = next((at for at, (a, b) in enumerate(zip(printed, screen)) if a != b), None)
    if len(printed) != len(screen) or not screen or at is not None:
        at = at or 0
        print(f"{pdf}: read aloud, word {at}: {' '.join(printed[at - 5:at + 15])}")
        print(f"{epub}: {' '.join(screen[at - 5:at + 15])}")
        sys.exit(1)
    print(f"{pdf}: {len(screen)} words of body and end matter are read aloud in the e-book's order")


main()

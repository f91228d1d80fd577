"""Every word of the cleaned sources stands in the finished files, in order.

usage: words.py SOURCES.txt EMENDATIONS.toml FILE...

SOURCES.txt is what `cordel build --dump sources` prints: a line `# id` before each source, `# id note 1` before
each of its notes, and a line for each paragraph. The emendations are applied to it here, apart from the
program. A PDF is read with pdftotext, an EPUB through its spine; both hold more than the
sources (notes, running heads, the editors' words), so each source must be a subsequence of
the words of the file: found in order, none missing.
"""

import re
import subprocess
import sys
import tomllib
import unicodedata
import zipfile
from html import unescape
from xml.etree import ElementTree


def words(text):
    """The words of a text, compared without ligatures, soft hyphens and case."""
    text = re.sub("\u00ad\\s*", "", unicodedata.normalize("NFKC", text))
    return re.findall(r"\w+", text.lower())


def sources(path, emendations):
    texts, name = {}, None
    for line in open(path, encoding="utf-8"):
        if line.startswith("# "):
            name = line[2:].strip()
            texts[name] = ""
        elif name:
            texts[name] += line
    for change in tomllib.load(open(emendations, "rb")).get("emendation", []):
        find = re.escape(change["find"]).replace(r"\ ", r"\s+")
        if change.get("every"):
            find = rf"(?<!\w){find}(?!\w)"
        total = 0
        for name in texts:
            if name.split(" note ")[0] == change["source"]:
                texts[name], count = re.subn(find, lambda _: change["replace"], texts[name])
                total += count
        if total == 0:
            raise SystemExit(f"emendation not found in {change['source']}: {change['find']}")
    return {name: words(text) for name, text in texts.items()}


def pdf_words(path, *options):
    text = subprocess.run(["pdftotext", *options, path, "-"], check=True, capture_output=True)
    return words(text.stdout.decode())


def readings(path):
    """What a file gives back: a PDF read column by column, and line by line across columns,
    as a list with dates beside its events wants it."""
    if path.endswith(".pdf"):
        return [pdf_words(path), pdf_words(path, "-layout")]
    return [epub_words(path)]


def epub_words(path):
    book = zipfile.ZipFile(path)
    package = ElementTree.fromstring(book.read("OEBPS/content.opf"))
    opf = "{http://www.idpf.org/2007/opf}"
    files = {item.get("id"): item.get("href") for item in package.iter(f"{opf}item")}
    found = []
    for item in package.iter(f"{opf}itemref"):
        page = book.read("OEBPS/" + files[item.get("idref")]).decode()
        body = page[page.index("<body"):]
        body = re.sub(r'<a [^>]*epub:type="noteref"[^>]*>[^<]*</a>', "", body)
        # Inline tags stand inside words; block tags end them.
        body = re.sub(r"</?(span|a|em|strong|i|b|small|abbr|sup|cite)\b[^>]*>", "", body)
        found += words(unescape(re.sub(r"<[^>]+>", " ", body)))
    return found


def missing(wanted, found):
    """The first word of `wanted` that is not found in order, or None.

    A word may be divided by a page: its two parts are looked for near each other. Between
    two words of a source there are at most the notes and heads of a page.
    """
    at, joined = 0, False
    for index, word in enumerate(wanted):
        if joined:
            joined = False
            continue
        near = range(at, min(at + PAGE, len(found)))
        place = next((i for i in near if is_word(found[i], word)), None)
        # A compound that ends a line at its hyphen is given as one word.
        compound = word + wanted[index + 1] if index + 1 < len(wanted) else word
        first = next((i for i in near if is_word(found[i], compound)), None)
        if first is not None and (place is None or first < place):
            place, joined = first, True
        if place is None:
            place = divided(word, found, at)
        if place is None:
            return index
        at = place + 1
    return None


PAGE = 500
# pdftotext gives a note's raised mark as part of the word before it.
MARK = re.compile(r"[a-z]{1,2}|[0-9]{1,3}")


def is_word(found, word):
    return found == word or (found.startswith(word) and MARK.fullmatch(found[len(word):]) is not None)


def divided(word, found, at):
    for first in range(at, min(at + 400, len(found))):
        if len(found[first]) < len(word) and word.startswith(found[first]) and len(found[first]) > 1:
            rest = word[len(found[first]):]
            for second in range(first + 1, min(first + 400, len(found))):
                if is_word(found[second], rest):
                    return second
    return None


def main():
    listing, emendations, *files = sys.argv[1:]
    texts = sources(listing, emendations)
    failed = not texts
    for path in files:
        found = readings(path)
        for name, wanted in texts.items():
            lost = max((lost_in(reading, wanted) for reading in found), key=lambda at: (at is None, at))
            if lost is None:
                print(f"{path}: {name}: {len(wanted)} words, all there in order")
            else:
                failed = True
                print(f"{path}: {name}: lost at word {lost} of {len(wanted)}: {' '.join(wanted[lost:lost + 12])}")
    sys.exit(failed)


def lost_in(found, wanted):
    start = begin(wanted, found)
    return 0 if start is None else missing(wanted, found[start:])


def begin(wanted, found):
    """Where the source begins in the file: the first place with its first eight words
    close together."""
    for at in (i for i, word in enumerate(found) if word == wanted[0]):
        place = at
        for word in wanted[1:8]:
            near = next((i for i in range(place + 1, min(place + 6, len(found))) if is_word(found[i], word)), None)
            if near is None:
                break
            place = near
        else:
            return at
    return None


main()

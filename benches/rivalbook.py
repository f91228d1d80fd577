"""A book's own e-book told again as Typst markup and as Pandoc's Markdown, so that a rival sets
what Cordel set: the same words, headings, lists, tables, notes, emphasis and links; or, plainer,
the same words and headings alone."""

import posixpath
import zipfile
from xml.etree import ElementTree

XHTML = "{http://www.w3.org/1999/xhtml}"
TYPE = "{http://www.idpf.org/2007/ops}type"
OPF = "{http://www.idpf.org/2007/opf}"
BACK = "doc-backlink"
NOTES = ("footnote", "endnote")


class Typst:
    """What marks up a book for Typst."""

    head = '#set page(paper: "a5")\n#set text(lang: "en", size: 10pt)\n#set par(justify: true)\n#set heading(numbering: none)\n'

    def text(self, text):
        return "".join("\\" + c if c in "\\#$*_`<>@[]=~/-+" else c for c in text)

    def emphasis(self, inner):
        return f"#emph[{inner}]"

    def strong(self, inner):
        return f"#strong[{inner}]"

    def link(self, target, inner):
        return f"#link(<{target}>)[{inner}]"

    def address(self, address, inner):
        return f'#link("{address}")[{inner}]'

    def note(self, label, inner):
        return f"#footnote[{inner}]"

    def anchor(self, label):
        return f" <{label}>"

    def place(self, label):
        return f"#metadata(none) <{label}>"

    def heading(self, level, inner, label):
        return f"{'=' * level} {inner}{label}\n\n"

    def paragraph(self, inner, label):
        return f"#[#par[{inner}]]{label}\n\n"

    def item(self, inner, label):
        return self.paragraph(inner, label)

    def table(self, rows):
        cells = ", ".join(f"[{cell}]" for row in rows for cell in row)
        return f"#table(columns: {max(map(len, rows))}, {cells})\n\n"


class Markdown:
    """What marks up a book for Pandoc."""

    head = "---\ntitle: Rival\nlang: en\n---\n\n"

    def __init__(self):
        self.notes = []

    def text(self, text):
        return "".join("\\" + c if c in "\\`*_[]<>#-+.~^$|@" else c for c in text)

    def emphasis(self, inner):
        return f"*{inner}*" if inner.strip() else inner

    def strong(self, inner):
        return f"**{inner}**" if inner.strip() else inner

    def link(self, target, inner):
        return f"[{inner}](#{target})"

    def address(self, address, inner):
        return f"[{inner}]({address})"

    def note(self, label, inner):
        self.notes.append(f"[^{label}]: {inner}\n\n")
        return f"[^{label}]"

    def anchor(self, label):
        return f"[]{{#{label}}}"

    def place(self, label):
        return self.anchor(label)

    def heading(self, level, inner, label):
        return f"{'#' * level} {label}{inner}\n\n"

    def paragraph(self, inner, label):
        return f"{label}{inner}\n\n"

    def item(self, inner, label):
        return f"- {label}{inner}\n\n"

    def table(self, rows):
        width = max(map(len, rows))
        lines = ["| " + " | ".join(row + [""] * (width - len(row))) + " |" for row in rows]
        return "\n".join([lines[0], "|" + "---|" * width, *lines[1:]]) + "\n\n"


class Plain:
    """What leaves a markup's words and headings and takes the rest away; a note is words in its
    paragraph."""

    def emphasis(self, inner):
        return inner

    strong = emphasis

    def link(self, target, inner):
        return inner

    address = link

    def note(self, label, inner):
        return f" {inner}"

    def anchor(self, label):
        return ""

    place = anchor

    def item(self, inner, label):
        return self.paragraph(inner, label)

    def table(self, rows):
        return "".join(self.paragraph(cell, "") for row in rows for cell in row if cell)


class PlainTypst(Plain, Typst):
    """Words and headings for Typst."""


class PlainMarkdown(Plain, Markdown):
    """Words and headings for Pandoc."""


class Told:
    """One telling of a book in one markup."""

    def __init__(self, files, markup):
        self.markup, self.out = markup, [markup.head]
        self.notes, self.targets = {}, set()
        for name, root in files:
            for element in root.iter():
                if element.get(TYPE) in NOTES:
                    self.notes[(name, element.get("id"))] = element
                if element.tag == XHTML + "a" and element.get(TYPE) != "noteref":
                    self.targets.add(self.place(name, element.get("href", "")))
        self.anchored = set()
        for name, root in files:
            self.name = name
            self.block(root.find(XHTML + "body"))
        self.out += getattr(markup, "notes", [])

    def place(self, name, address):
        path, _, fragment = address.partition("#")
        return (posixpath.normpath(posixpath.join(posixpath.dirname(name), path)) if path else name, fragment)

    def label(self, element, anchor=None):
        """The anchor of an element that some link names."""
        place = (self.name, element.get("id"))
        if place not in self.targets or place in self.anchored:
            return ""
        self.anchored.add(place)
        return (anchor or self.markup.anchor)(self.written(place))

    def written(self, place):
        return f"{place[0].split('/')[-1].split('.')[0]}-{place[1]}"

    def block(self, element):
        tag, kind = element.tag.removeprefix(XHTML), element.get(TYPE, "")
        if kind in NOTES:
            return
        if kind == "pagebreak":
            self.out.append(self.label(element, self.markup.place))
            return
        if tag in ("h1", "h2", "h3", "h4", "h5", "h6"):
            self.out.append(self.markup.heading(int(tag[1]), self.inline(element), self.label(element)))
        elif tag == "table":
            rows = [[self.label(cell, self.markup.place) + self.inline(cell) for cell in row] for row in element.iter(XHTML + "tr")]
            self.out += [self.label(element, self.markup.place), "\n\n", self.markup.table(rows)]
        elif tag in ("p", "dt", "li", "dd") and not any(self.is_block(child) for child in element):
            inner = self.inline(element)
            if inner.strip():
                telling = self.markup.item if tag == "li" else self.markup.paragraph
                self.out.append(telling(inner, self.label(element)))
        else:
            self.mixed(element)

    def mixed(self, element):
        """An element that holds blocks, and perhaps words before them."""
        label, words = self.label(element), [element.text or ""]
        loose = [self.markup.text(words[0])] if words[0].strip() else []
        for child in element:
            if self.is_block(child):
                label = self.loose(loose, label)
                self.block(child)
            else:
                loose.append(self.run(child))
            if (child.tail or "").strip():
                loose.append(self.markup.text(child.tail))
        self.loose(loose, label)

    def loose(self, words, label):
        inner = "".join(words)
        words.clear()
        if inner.strip() or label:
            self.out.append(self.markup.paragraph(inner, label))
        return ""

    def is_block(self, element):
        tag = element.tag.removeprefix(XHTML)
        return tag in ("p", "div", "ul", "ol", "li", "dl", "dt", "dd", "table", "section", "aside", "blockquote", "figure", "header", "hr") or tag[0] == "h" and tag[1:].isdigit()

    def inline(self, element):
        return self.markup.text(" ".join((element.text or "").split("\n"))) + "".join(
            self.run(child) + self.markup.text((child.tail or "").replace("\n", " ")) for child in element
        )

    def run(self, element):
        tag, kind = element.tag.removeprefix(XHTML), element.get(TYPE, "")
        if kind == "pagebreak":
            return self.label(element, self.markup.place)
        if kind in NOTES or element.get("role") == BACK:
            return ""
        if kind == "noteref":
            place = self.place(self.name, element.get("href"))
            note = self.notes[place]
            inner = " ".join(self.inline(part) for part in note.iter(XHTML + "p"))
            return self.label(element, self.markup.place) + self.markup.note(self.written(place), inner)
        inner = self.label(element, self.markup.place) + self.inline(element)
        if tag == "a":
            return self.linked(element.get("href", ""), inner)
        if tag in ("em", "i"):
            return self.markup.emphasis(inner)
        if tag in ("strong", "b", "dfn"):
            return self.markup.strong(inner)
        return inner

    def linked(self, address, inner):
        if "://" in address:
            return self.markup.address(address, inner)
        return self.markup.link(self.written(self.place(self.name, address)), inner)


def read(book):
    """An e-book's sections in reading order: name and tree."""
    with zipfile.ZipFile(book) as archive:
        package = next(name for name in archive.namelist() if name.endswith(".opf"))
        root = ElementTree.fromstring(archive.read(package))
        names = {item.get("id"): item.get("href") for item in root.iter(OPF + "item")}
        folder = posixpath.dirname(package)
        spine = [posixpath.join(folder, names[item.get("idref")]) for item in root.iter(OPF + "itemref")]
        return [(name, ElementTree.fromstring(archive.read(name))) for name in spine]


def tell(book, *markups):
    """The book in each markup."""
    files = [(name, root) for name, root in read(book) if not name.endswith(("nav.xhtml", "cover.xhtml"))]
    return ["".join(Told(files, markup()).out) for markup in markups]

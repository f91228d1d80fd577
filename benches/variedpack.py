"""The full pack several times over, the words of every copy varied, so that a large book is as
new to whoever sets it as its length says.

In each copy but the first a letter is exchanged for one like it in every word of four letters
or more and in every acronym, so that words can still be divided. No varied word is another word
of the book. Texts, recipes, vocabularies and anchors are
varied alike: each copy has its own sources, terms, events, headings and emendations."""

import hashlib
import json
import re
import shutil
import tomllib
import unicodedata

# Letters that may stand for each other; those of the last row where nothing nearer is left.
KIN = ("aeiou", "bcdgkpt", "fsvz", "lmnr", "bcdfghjklmnpqrstvwxyz")
WORD = re.compile(r"[^\W\d_]+")
# A mark's or a link's address, with the place in the source that a citation names.
ADDRESS = re.compile(r"\]\((term|event|index|cite):([^)#\s]+)(#[^)\s]*)?\)|\]\(#([^)\s]+)\)|\]\([^)\s]+")
# What is not words.
KEYWORDS = {"about", "class", "container", "date", "file", "hyphens", "recipe", "sha256", "kind", "lang", "language", "note-terms", "part", "part-of-speech", "posting"}
# What names things, and what kind of things; none where it is the file's own.
IDS = {"id": None, "see": None, "see-also": None, "source": "cite", "work": "cite"}
TABLES = {"accepted": "pass-over", "chronology": "event", "emendations": "emendation", "glossary": "term", "index": "heading", "sources": "source"}
# The scheme of a mark that names a row of a file.
SCHEMES = {"chronology": "event", "glossary": "term", "index": "index", "sources": "cite"}


def fold(word):
    """A word as an index looks for it: without accents and capitals."""
    plain = unicodedata.normalize("NFD", word)
    return "".join(letter for letter in plain if not unicodedata.combining(letter)).lower()


class Words:
    """The words of the whole book, so that no two copies share a varied one."""

    def __init__(self, texts):
        self.known = {fold(word) for text in texts for word in WORD.findall(text)}
        self.varied = {}

    def vary(self, copy, word):
        if len(word) < 4 and not (word.isupper() and len(word) > 1):
            return word
        place, letter = self.exchange(copy, fold(word))
        if place >= len(word):
            return word
        capital = word[place].isupper()
        return word[:place] + (letter.upper() if capital else letter) + word[place + 1 :]

    def exchange(self, copy, word):
        """Which letter of a word becomes which in a copy."""
        if (copy, word) not in self.varied:
            self.varied[copy, word] = self.choose(copy, word)
        return self.varied[copy, word]

    def choose(self, copy, word):
        digest = hashlib.sha256(f"{copy} {word}".encode()).digest()
        first = int.from_bytes(digest[:4], "big")
        for kins in (KIN[:-1], KIN[-1:]):
            turns = [(place, letter) for place, old in enumerate(word) for kin in kins if old in kin for letter in kin]
            for turn in range(len(turns)):
                place, letter = turns[(first + turn) % len(turns)]
                made = word[:place] + letter + word[place + 1 :]
                if made not in self.known:
                    self.known.add(made)
                    return place, letter
        return len(word), ""


class Copy:
    """One copy of the pack's texts and data."""

    def __init__(self, number, words, own):
        self.number, self.words, self.own = number, words, own

    def id(self, scheme, name):
        head, _, rest = name.partition("/")
        return f"{head}-{self.number}{'/' + rest if rest else ''}" if head in self.own.get(scheme, ()) else name

    def text(self, text):
        return WORD.sub(lambda found: self.words.vary(self.number, found[0]), text)

    def markdown(self, text):
        """Running text, whose addresses are kept and lead to the copy's own things."""
        told, end = [], 0
        for found in ADDRESS.finditer(text):
            told += [self.text(text[end : found.start()]), self.address(found)]
            end = found.end()
        return "".join(told) + self.text(text[end:])

    def address(self, found):
        scheme, name, place, chapter = found.groups()
        if chapter:
            return f"](#{self.id('chapter', chapter)})"
        return f"]({scheme}:{self.id(scheme, name)}{self.text(place or '')})" if scheme else found[0]

    def data(self, value, scheme, key=""):
        """A value of a data file, whose rows a scheme names."""
        if isinstance(value, dict):
            return {name: self.data(inner, scheme, name) for name, inner in value.items()}
        if isinstance(value, list):
            return [self.data(inner, scheme, key) for inner in value]
        if not isinstance(value, str) or key in KEYWORDS:
            return value
        return self.id(IDS[key] or scheme, value) if key in IDS else self.markdown(value)


def toml(value):
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{key} = {toml(inner)}" for key, inner in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(map(toml, value)) + "]"
    return json.dumps(value, ensure_ascii=False)


def tables(name, rows):
    return "".join(f"[[{name}]]\n" + "".join(f"{key} = {toml(value)}\n" for key, value in row.items()) + "\n" for row in rows)


def load(path):
    return tomllib.loads(path.read_text())


class Pack:
    """A pack to be written several times over into one."""

    def __init__(self, pack, sources, into):
        self.pack, self.sources, self.into = pack, sources, into
        self.manifest = load(pack / "book.toml")
        self.files = {name: load(pack / f"{name}.toml")[table] for name, table in TABLES.items()}
        self.chapters = [chapter for chapter in self.manifest["chapter"] if chapter["kind"] in ("text", "source")]
        self.own = {scheme: {row["id"] for row in self.files[name]} for name, scheme in SCHEMES.items()}
        self.own["chapter"] = {chapter["id"] for chapter in self.chapters}

    def write(self, copies):
        shutil.rmtree(self.into, ignore_errors=True)
        shutil.copytree(self.pack, self.into)
        (self.into / "sources").mkdir(exist_ok=True)
        words = Words(path.read_text() for folder in (self.pack, self.sources) for path in sorted(folder.rglob("*")) if path.is_file())
        chapters, files = list(self.chapters), {name: list(rows) for name, rows in self.files.items()}
        for source in self.files["sources"]:
            shutil.copy(self.sources / source["file"], self.into / "sources")
        for number in range(2, copies + 1):
            copy = Copy(number, words, self.own)
            chapters += [self.chapter(copy, chapter) for chapter in self.chapters]
            for name, rows in self.files.items():
                files[name] += [copy.data(row, SCHEMES.get(name)) for row in rows]
            for source in files["sources"][-len(self.files["sources"]) :]:
                self.source(copy, source)
        self.manifest["chapter"] = self.order(chapters)
        for name, rows in files.items():
            (self.into / f"{name}.toml").write_text(tables(TABLES[name], rows))
        self.save_manifest()

    def order(self, chapters):
        """The running order: each part's repeated chapters where its first one stood."""
        order = []
        for chapter in self.manifest["chapter"]:
            if chapter not in self.chapters:
                order.append(chapter)
            elif all(chapter["part"] != other["part"] for other in order if other in self.chapters):
                order += [other for other in chapters if other["part"] == chapter["part"]]
        return order

    def save_manifest(self):
        told = []
        for name, value in self.manifest.items():
            whole = isinstance(value, list)
            told.append(tables(name, value) if whole else f"[{name}]\n" + "".join(f"{key} = {toml(inner)}\n" for key, inner in value.items()) + "\n")
        (self.into / "book.toml").write_text("".join(told))

    def chapter(self, copy, chapter):
        """A chapter's copy, its files written."""
        told = {}
        for key, value in chapter.items():
            if key in ("file", "precis", "questions"):
                told[key] = f"chapters/{copy.number}-{value.removeprefix('chapters/')}"
                (self.into / told[key]).write_text(copy.markdown((self.pack / value).read_text()))
            else:
                told[key] = copy.data(value, "chapter", key)
        return told

    def source(self, copy, source):
        """A source's copy, its text and its recipe."""
        text = copy.text((self.sources / source["file"]).read_text()).encode()
        recipe = load(self.pack / source["recipe"])["rule"]
        source["file"] = f"{copy.number}-{source['file']}"
        source["recipe"] = f"recipes/{copy.number}-{source['recipe'].removeprefix('recipes/')}"
        source["sha256"] = hashlib.sha256(text).hexdigest()
        (self.into / "sources" / source["file"]).write_bytes(text)
        (self.into / source["recipe"]).write_text(tables("rule", copy.data(recipe, None)))


def write(pack, sources, into, copies):
    """Writes a pack's copies as one pack into a folder, which it replaces."""
    Pack(pack, sources, into).write(copies)


def write_chapters(pack, into, count):
    """Writes the pack with so many short chapters more, its headnotes varied."""
    whole = Pack(pack, pack, into)
    notes = sorted((pack / "chapters").glob("*-headnote.md"))
    words = Words(note.read_text() for note in notes)
    shutil.rmtree(into, ignore_errors=True)
    shutil.copytree(pack, into)
    short = []
    for number in range(count):
        told = Copy(number // len(notes) % 14 + 1, words, {}).markdown(notes[number % len(notes)].read_text())
        file = f"chapters/short-{number}.md"
        (into / file).write_text(re.sub(r"\]\([^)]*\)", "](#introduction)", told))
        short.append({"id": f"short-{number}", "part": "body", "kind": "text", "title": told.split(".")[0], "file": file})
    chapters = whole.manifest["chapter"]
    end = max(at for at, chapter in enumerate(chapters) if chapter["part"] == "body") + 1
    whole.manifest["chapter"] = chapters[:end] + short + chapters[end:]
    whole.save_manifest()

"""What the source points at must be there: pages, their sections, switches by number, functions, files.

A reference is "docs/qtest-api.md 3.2 to 3.5, 4.4", with or without "docs/", "section" and a comma. A "section 4.6" by
itself is of the one numbered page that the file names, else of docs/qtest-api.md. "Switch 8" is a row of that page's
section 10. Sections of RFCs are somebody else's.
"""
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
API = "qtest-api.md"
# Named in comments, and not ours: functions of libraries that nothing here calls, their headers, files in examples.
ELSEWHERE = {"cmocka.h"}
FOLDERS = ("src", "include", "tests", "jenkins", "samples", ".ci")
SUFFIXES = (".c", ".h", ".py", ".sh", ".mk", ".js", ".txt", ".yml", "")
# Inputs and outputs, not text about the source; and what holds the references that must not be there.
NOT_TEXT = ("tests/fuzz/corpus/", "tests/style/references.py", "node_modules/", "__pycache__/")

NUMBER = r"\d+(?:\.\d+)*(?!\w|\.\d)"
NUMBERS = rf"{NUMBER}(?:(?: to |, and |, | and | or ){NUMBER})*"
PAGE = r"(?<![\w./-])((?:[\w.-]+/)*[\w-]+\.md)\b"
WITH_SECTIONS = re.compile(rf"{PAGE}(?:,? \(?sections?|,)? ({NUMBERS})|[Ss]ections? ({NUMBERS}) of {PAGE}")
BARE_SECTIONS = re.compile(rf"(RFC \d+,? )?\b[Ss]ections? ({NUMBERS})(?! of [\w/-]+\.md)")
SWITCHES = re.compile(rf"\b[Ss]witch(?:es)? ({NUMBERS})")
CALLED = re.compile(r"\b([a-z_]\w*)\(\)")
NAMED_FILE = re.compile(r"(?<![\w./-])((?:[\w-]+/)*[a-z][\w-]*\.[ch])\b(?!\w)")
LINK = re.compile(r"\]\(([^)#:\s]+)(?:#[^)]*)?\)")
QUOTED_PATH = re.compile(r"`((?:src|include|tests|docs|samples|jenkins)/[\w./-]*)`")
C_COMMENT = re.compile(r'"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'|(/\*.*?\*/|//[^\n]*)', re.S)


def flat(text):
    """Lines joined, without what marks the next one as part of a comment."""
    return re.sub(r"[ \t]*\n[ \t]*(?:\*(?!/)|#|//)?[ \t]*", " ", text)


def comments(text):
    """Of C. The rest is code, with strings and comments taken out."""
    return "\n".join(match.group(1) for match in C_COMMENT.finditer(text) if match.group(1))


def code(text):
    return C_COMMENT.sub(" ", text)


def numbers(text, known):
    """Those of "3.2 to 3.5, 4.4" that are not in known; both ends of a range have to be."""
    return [number for number in re.findall(NUMBER, text) if number not in known]


class Repository:
    """What can be pointed at."""

    def __init__(self, root=ROOT):
        self.root = root
        self.pages = {str(path.relative_to(root)): path.read_text() for path in
                      [*sorted(root.glob("*.md")), *sorted(root.glob("docs/*.md"))]}
        self.sections = {name: set(re.findall(rf"^#+ ({NUMBER})\.? ", text, re.M)) for name, text in self.pages.items()}
        table = re.search(r"^## 10\..*?(?=^## |\Z)", self.pages[f"docs/{API}"], re.M | re.S)
        self.switch_rows = dict(re.findall(r"^\| (\d+) \| ([^|]*)", table.group(), re.M))
        self.texts = {str(path.relative_to(root)): path.read_text(errors="replace") for folder in FOLDERS
                      for path in sorted((root / folder).rglob("*")) if path.is_file() and path.suffix in SUFFIXES}
        self.texts = {name: text for name, text in self.texts.items() if not any(part in name for part in NOT_TEXT)}
        self.sources = {name: text for name, text in self.texts.items() if name.endswith((".c", ".h"))}
        self.functions = {name for text in self.sources.values() for name in re.findall(r"\b(\w+) ?\(", code(text))}

    def page(self, name, beside):
        """Its name in pages, or None."""
        for candidate in (name, f"docs/{name}", str(Path(beside).parent / name)):
            if candidate in self.pages:
                return candidate
        return None

    def has_file(self, name):
        return any(f"/{there}".endswith(f"/{name}") for there in self.sources)


def references(there, name, text):
    """What one file points at in vain."""
    text = flat(text)
    named = {there.page(page, name) for page in re.findall(PAGE, text)}
    for page in sorted(set(re.findall(PAGE, text))):
        if not there.page(page, name):
            yield f"there is no page {page}"
    for page, after, before, of_page in WITH_SECTIONS.findall(text):
        found = there.page(page or of_page, name)
        for number in numbers(after or before, there.sections[found]) if found else ():
            yield f"{found} has no section {number}"
    numbered = [page for page in named if page and there.sections[page]]
    default = numbered[0] if len(numbered) == 1 else f"docs/{API}"
    for rfc, listed in BARE_SECTIONS.findall(WITH_SECTIONS.sub(" ", text)):
        for number in () if rfc else numbers(listed, there.sections.get(default, ())):
            yield f"{default} has no section {number}"
    for listed in SWITCHES.findall(text):
        for number in numbers(listed, there.switch_rows):
            yield f"docs/{API} has no switch {number}"


def names_in_comments(there, text):
    """Functions and files that comments of C name and that are not there."""
    text = comments(text)
    for function in sorted(set(CALLED.findall(text)) - there.functions - ELSEWHERE):
        yield f"there is no function {function}()"
    for file in sorted(set(NAMED_FILE.findall(flat(text))) - ELSEWHERE):
        if not there.has_file(file):
            yield f"there is no file {file}"


def links(there, name, text):
    """Of a page: what it links to, and the paths that it quotes."""
    for target in LINK.findall(text):
        if not (there.root / Path(name).parent / target).exists():
            yield f"links to {target}, which is not there"
    for path in QUOTED_PATH.findall(text):
        if not (there.root / path).exists():
            yield f"names {path}, which is not there"


def switches(there):
    """The page's table against that of the sandbox."""
    table = re.findall(r'\[SWITCH_\w+\] = \{"([\w-]+)", (\d+),', there.texts["src/sandbox/switches.c"])
    for switch, number in table:
        where = there.switch_rows.get(number, "") if number != "0" else there.pages[f"docs/{API}"]
        if f"`{switch}`" not in where:
            yield f"docs/{API}: the sandbox's switch {switch} is not in row {number} of section 10"


def check(there):
    for name, text in there.texts.items():
        for finding in references(there, name, text):
            yield f"{name}: {finding}"
    for name, text in there.sources.items():
        for finding in names_in_comments(there, text):
            yield f"{name}: {finding}"
    for name, text in there.pages.items():
        for finding in [*references(there, name, text), *links(there, name, text)]:
            yield f"{name}: {finding}"
    yield from switches(there)


# Each a comment as somebody may write it, and what is to be said of it; "": it is right.
PLANTED = (
    ("see docs/qtest-api.md 4.4", ""),
    ("(qtest-api.md, sections 3.2 to 3.5)", ""),
    ("(qtest-api.md\n * 4.1, 4.2, section 10 switches 16 and 17)", ""),
    ("RFC 4648, section 99; section 3.7, switch 5", ""),
    ("report_read() does it, in report/reader.h", ""),
    ("see docs/no-such-page.md", "there is no page docs/no-such-page.md"),
    ("(no-such-page.md, section 3)", "there is no page no-such-page.md"),
    ("(qtest-api.md 4.4, 4.44)", "docs/qtest-api.md has no section 4.44"),
    ("(qtest-api.md,\n * sections 3.2 to 3.55)", "docs/qtest-api.md has no section 3.55"),
    ("sections 3.2 and 77 of docs/formats.md", "docs/formats.md has no section 77"),
    ("(section 12.3)", "docs/qtest-api.md has no section 12.3"),
    ("docs/formats.md says so (section 10)", "docs/formats.md has no section 10"),
    ("switches 20 and 335", "docs/qtest-api.md has no switch 335"),
    ("no_such_function() does it", "there is no function no_such_function()"),
    ("in report/no_such_file.h", "there is no file report/no_such_file.h"),
)


def check_itself(there):
    """The check finds what is wrong, and nothing else."""
    for text, expected in PLANTED:
        text = f"/* {text} */"
        said = [*references(there, "src/planted.c", text), *names_in_comments(there, text)]
        if said != [expected] * bool(expected):
            yield f"of '{text}' is said {said}, not '{expected}'"
    planted = "[a](no-such-file.md) and `tests/no_such_folder/`, but [b](README.md) and `tests/run.sh`"
    if len(list(links(there, "README.md", planted))) != 2:
        yield f"of '{planted}' is said {list(links(there, 'README.md', planted))}"

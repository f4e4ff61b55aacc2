#!/usr/bin/env python3
"""Mutation testing: break one operator, constant, sign, index or argument, and see whether a test notices,
or with --program whether the chapters' own checks do.

A build takes minutes, so the mutants are compiled side by side ("mutant schemata"): a copy of the package
is made in which a function body B with mutants 17 and 18 reads

    if activeMutant() == 17 { B₁₇ } else if activeMutant() == 18 { B₁₈ } else { B }

and the number is read from the environment variable MUTANT when a process starts. Mutants that do not
compile are dropped. Then the test runner is started once for each mutant. README.md says more.
"""

import argparse
import hashlib
import json
import os
import random
import re
import resource
import selectors
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[2]
CHAPTERS = sorted(path.name for path in (PACKAGE / "Sources").glob("chapter*"))
# The tests that can see a module, those that are quickest to notice first. Slow ones run whole chapters, or train.
SLOW = r"Chapter\d?Tests|fiveSeeds|CommandLineTests/short|otherModels|sumsToOne"
TESTS = {
    "TinyNumerics": ["TinyNumerics", "TinyNetworks", "ToyModels", *CHAPTERS, "slow "],
    "TinyNetworks": ["TinyNetworks", "ToyModels", "ImageModels", *CHAPTERS, "slow "],
    "ToyModels": ["ToyModels", *CHAPTERS, "slow "],
    "ImageModels": ["ImageModels", *CHAPTERS[5:], "slow "],
} | {chapter: [chapter, "slow " + chapter] for chapter in CHAPTERS}
# --program: what of a chapter's run can be shortened without leaving a row out.
SHORT = {"chapter6": ["--epochs=60"]}
# Files, options and messages are the tests' business, not the checks'.
NO_MATHEMATICS = re.compile(r"ImageModels/(Files|Images)/|Memory\.swift|Study\.swift|Results\.swift|Require\.swift")
# What talks to the reader (and draws for them) is not mutated: numbers in it mean nothing wrong or right.
NARRATION_FILES = re.compile(r"/(Show\w*|Chapter\d|Figures|Options)\.swift$")
NARRATION = re.compile(r"[nN]otebook|\bFigure\(|\.exact\(|\.monteCarlo\(|\.bound\(|\.trap\(")

# --- Reading Swift: just enough of it -----------------------------------------------------------------


def masked(text):
    """The text with comments, strings, attributes and directives blanked: same length, same lines."""
    out = list(text)

    def blank(a, b):
        for i in range(a, b):
            if out[i] != "\n":
                out[i] = " "

    i = 0
    while i < len(text):
        if text.startswith("//", i):
            end = text.find("\n", i)
        elif text.startswith("/*", i):
            end = text.index("*/", i) + 2
        elif text.startswith('"""', i):
            end = text.index('"""', i + 3) + 3
        elif text[i] == '"':
            end, depth = i + 1, 0
            while text[end] != '"' or depth:
                if text.startswith("\\(", end):
                    depth, end = depth + 1, end + 1
                elif depth and text[end] in "()":
                    depth += 1 if text[end] == "(" else -1
                elif text[end] == "\\":
                    end += 1
                end += 1
            end += 1
        else:
            i += 1
            continue
        end = len(text) if end < 0 else end
        blank(i, end)
        i = end
    plain = "".join(out)
    for match in re.finditer(r"@\w+(\([^)]*\))?|^\s*#\w+.*$", plain, re.M):
        blank(*match.span())
    return "".join(out)


def closing(text, start):
    """The index of the bracket that closes the one at `start`."""
    depth = 0
    for i in range(start, len(text)):
        if text[i] in "([{":
            depth += 1
        elif text[i] in ")]}":
            depth -= 1
            if depth == 0:
                return i
    raise ValueError("unbalanced brackets")


def opening_brace(text, start, end):
    """The first brace outside round and square brackets."""
    i = start
    while i < end:
        if text[i] in "([":
            i = closing(text, i)
        elif text[i] == "{":
            return i
        i += 1
    return None


DECLARATION = re.compile(
    r"\b(struct|enum|extension|class|protocol|func|init|subscript|var|let)\b(?=[\s(<?])[^\n({=:]*")


def regions(text, start, end):
    """The bodies and the initial values in a scope: (start, end, whether a body)."""
    i = start
    while match := DECLARATION.search(text, i, end):
        word, i = match.group(1), match.end()
        if word == "protocol" or match.group(0).startswith("extension Chapter"):
            i = closing(text, opening_brace(text, match.end(), end)) + 1
        elif word in ("struct", "enum", "extension", "class"):
            brace = opening_brace(text, match.end(), end)
            i = closing(text, brace)
            yield from regions(text, brace + 1, i)
        elif word in ("func", "init", "subscript"):
            brace = opening_brace(text, match.end(), end)
            if brace is None:
                return
            i = closing(text, brace)
            accessors = list(re.finditer(r"^\s*(?:get|set)\s*(?={)", text[brace + 1:i], re.M))
            for accessor in accessors:
                inner = brace + 1 + accessor.end()
                yield inner + 1, closing(text, inner), True
            if not accessors:
                yield brace + 1, i, True
        else:  # a property: computed { … }, or stored = …
            while i < end and text[i] not in "{=\n":
                i = closing(text, i) + 1 if text[i] in "([" else i + 1
            if i < end and text[i] == "{":
                close = closing(text, i)
                yield i + 1, close, True
                i = close
            elif i < end and text[i] == "=":
                value = i + 1
                while text[i] != "\n" or not text[value:i].strip():
                    i = closing(text, i) + 1 if text[i] in "([{" else i + 1
                yield value, i, False


# --- Mutating -----------------------------------------------------------------------------------------

SWAPS = {"+": "-", "-": "+", "*": "/", "/": "*", "+=": "-=", "-=": "+=", "*=": "/=", "/=": "*=",
         "<": "<=", "<=": "<", ">": ">=", ">=": ">", "==": "!=", "!=": "==", "&&": "||", "||": "&&",
         "&+": "&-", "&-": "&+", "&*": "&+", "<<": ">>", ">>": "<<", "&<<": "&>>", "&>>": "&<<",
         "^": "|", "%": "/", ".<": ".<=", ".>": ".>="}  # fmt: skip
BINARY = re.compile(r"(?<= )(" + "|".join(sorted(map(re.escape, SWAPS), key=len, reverse=True)) + r")(?=\s)")
OPERATOR_ARGUMENT = re.compile(r"(?<=[ (])[-+*/](?=\))")
RANGE = re.compile(r"(?<=[\w)\]])(\.\.<|\.\.\.)(?=[-\w(])")
NUMBER = re.compile(r"(?<!stream: )(?<![\w.$])(\d[\d_]*(?:\.\d[\d_]*)?(?:e-?\d+)?)(?![\w.]|\.\d)")
BEFORE_RANGE = re.compile(r"(?<![\w.$])(\d[\d_]*)(?=\.\.[.<])")
AFTER_RANGE = re.compile(r"(?<=\.\.[.<])(\d[\d_]*)\b")
INDEX = re.compile(r"(?<=[\w)\]]\.)[01](?!\w)|(?<=\$)[01](?!\w)")
MINUS = re.compile(r"(?<=[\s(\[{,])-(?=[\w.(])")
NOT = re.compile(r"(?<=[\s(])!(?=[\w(])")
TRUTH = re.compile(r"\b(true|false)\b")
EXTREME = re.compile(r"\b(min|max)(?=\()")
FUNCTION = re.compile(r"(?<![\w.])(log|exp|log1p|expm1|abs|sqrt|tanh|erf|cos|sin)(?=\()")
ROOT = re.compile(r"\.squareRoot\(\)")
CALL = re.compile(r"(?<=[\w>])[(\[](?=[^)\]\s])")


def number(literal, choose):
    plain = literal.replace("_", "")
    if plain == "0.5":
        return "1"
    if re.fullmatch(r"\d+", plain):
        n = int(plain)
        return str(n - 1 if n > 1 and choose.random() < 0.5 else n + 1)
    return repr(float(plain) / 2) if float(plain) else "1.0"


def arguments(text, start, end):
    """The spans of the arguments between two brackets, without labels and white space."""
    spans, i, first = [], start, start
    while i <= end:
        if i == end or text[i] == ",":
            label = re.match(r"\s*(\w+:\s+)?", text[first:i])
            spans.append((first + label.end(), first + len(text[first:i].rstrip())))
            first = i + 1
        elif text[i] in "([{":
            i = closing(text, i)
        i += 1
    return spans


def sites(text, plain, start, end, choose):
    """All mutations of a region: (position, what stands there, what replaces it, kind)."""
    def found(pattern):
        return pattern.finditer(plain, start, end)

    for m in found(BINARY):
        yield m.start(), m.group(), SWAPS[m.group()], "operator"
    for m in found(OPERATOR_ARGUMENT):
        yield m.start(), m.group(), SWAPS[m.group()], "operator"
    for m in found(RANGE):
        yield m.start(), m.group(), "..." if m.group() == "..<" else "..<", "range"
    for pattern in (NUMBER, BEFORE_RANGE, AFTER_RANGE):
        for m in found(pattern):
            yield m.start(), m.group(), number(m.group(), choose), "number"
    for m in found(INDEX):
        yield m.start(), m.group(), "10"[int(m.group())], "index"
    for m in found(MINUS):
        yield m.start(), "-", "", "sign"
    for m in found(NOT):
        yield m.start(), "!", "", "negation"
    for m in found(TRUTH):
        yield m.start(), m.group(), "false" if m.group() == "true" else "true", "truth"
    for m in found(EXTREME):
        yield m.start(), m.group(), "max" if m.group() == "min" else "min", "min/max"
    for m in found(FUNCTION):
        yield m.start(), m.group(), "", "function"
    for m in found(ROOT):
        yield m.start(), m.group(), "", "function"
    for m in found(CALL):
        spans = arguments(plain, m.end(), closing(plain, m.start()))
        for (a, b), (c, d) in zip(spans, spans[1:]):
            if text[a:b] != text[c:d] and "{" not in text[a:d]:
                yield a, text[a:d], text[c:d] + text[b:c] + text[a:b], "arguments"


def sample(source, module, seed, rate):
    """The mutants of one file: they depend on nothing but the file and the seed."""
    path = str(source.relative_to(PACKAGE))
    text = source.read_text()
    plain = masked(text)
    choose = random.Random(f"{seed} {path}")
    candidates = []
    for start, end, is_body in regions(plain, 0, len(plain)):
        head = text[text.rfind("\n", 0, start) + 1:end]
        if module.startswith("chapter") and NARRATION.search(head):
            continue
        candidates += [(start, end, is_body, *site) for site in sites(text, plain, start, end, choose)]
    count = min(len(candidates), max(2, round(rate * len(candidates))))
    mutants = []
    for start, end, is_body, at, old, new, kind in sorted(choose.sample(candidates, count)):
        line_start = text.rfind("\n", 0, at) + 1
        line_end = text.find("\n", at + len(old))
        context = hashlib.sha1(text[start:end].encode()).hexdigest()[:8]
        mutants.append({
            "key": f"{path} {context} {at - start} {old!r} {new!r}", "file": path, "module": module,
            "line": text.count("\n", 0, at) + 1, "kind": kind, "region": [start, end, is_body],
            "at": at, "old": old, "new": new,
            "change": " ".join((text[line_start:at] + "⟦" + old + " → " + new + "⟧"
                                + text[at + len(old):line_end]).split())})
    return len(candidates), mutants


def schemata(text, mutants):
    """The file with all its mutants, and for each of its lines the numbers of the mutants to blame."""
    plain_import = "import MutantNumber; "
    pieces, blame, position = [plain_import], [], 0

    def put(piece, guilty):
        pieces.append(piece)
        blame.extend([guilty] * piece.count("\n"))

    for region in sorted({tuple(m["region"]) for m in mutants}):
        start, end, is_body = region
        group = [m for m in mutants if tuple(m["region"]) == region]
        everyone = [m["number"] for m in group]
        put(text[position:start], [])
        position = end
        for m in group:
            body = text[start:m["at"]] + m["new"] + text[m["at"] + len(m["old"]):end]
            put(f" if activeMutant() == {m['number']} {{\n", everyone)
            put(body + "\n", [m["number"]])
            put("} else", everyone)
        put(" {\n" + text[start:end] + "\n}\n", everyone)
    put(text[position:], [])
    return "".join(pieces), blame + [[]]


# --- Building -----------------------------------------------------------------------------------------

HEADER = "#pragma once\nextern int mutantNumber;\nstatic inline int activeMutant(void) { return mutantNumber; }\n"
CODE = """#include "MutantNumber.h"
#include <stdlib.h>
int mutantNumber = 0;
__attribute__((constructor)) static void readMutantNumber(void) {
  const char *text = getenv("MUTANT");
  mutantNumber = text ? atoi(text) : 0;
}
"""


def write(path, text):
    if not path.exists() or path.read_text() != text:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def copy_package(scratch):
    """Everything but the sources to mutate, and what no test here needs: unchanged files keep their dates, so builds stay short."""
    manifest = (PACKAGE / "Package.swift").read_text()
    for old, new in [
        ('library("TinyNumerics")',
         '[.target(name: "MutantNumber")] + library("TinyNumerics", on: ["MutantNumber"])'),
        (" + tools,", ","),
    ]:
        if old not in manifest:
            sys.exit(f"Package.swift has changed: no {old!r} in it; mend copy_package")
        manifest = manifest.replace(old, new)
    write(scratch / "Package.swift", manifest)
    write(scratch / "Sources/MutantNumber/include/MutantNumber.h", HEADER)
    write(scratch / "Sources/MutantNumber/MutantNumber.c", CODE)
    wanted = set()
    for top in ("Sources", "Tests"):
        for path in (PACKAGE / top).rglob("*"):
            relative = path.relative_to(PACKAGE)
            if not path.is_file() or relative.parts[1] in ("weave", "weaveTests", "CalibrationTests", "bench", "mutation"):
                continue
            wanted.add(relative)
            target = scratch / relative
            if top == "Sources" and relative.parts[1] in TESTS and path.suffix == ".swift":
                continue
            if not target.exists() or target.read_bytes() != path.read_bytes():
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(path, target)
        for path in (scratch / top).rglob("*.swift"):
            if path.relative_to(scratch) not in wanted:
                path.unlink()


def write_mutants(scratch, mutants, dropped):
    blames = {}
    for module in TESTS:
        for source in (PACKAGE / "Sources" / module).rglob("*.swift"):
            path = str(source.relative_to(PACKAGE))
            kept = [m for m in mutants if m["file"] == path and m["key"] not in dropped]
            text = source.read_text()
            if kept:
                text, blames[path] = schemata(text, kept)
            write(scratch / path, text)
    return blames


def build(scratch, mutants, dropped, with_tests):
    """Builds the modules and then the tests, dropping the mutants that the compiler refuses."""
    keys = {m["number"]: m["key"] for m in mutants}
    steps = [["swift", "build"], ["swift", "build", "--build-tests"]][:2 if with_tests else 1]
    while steps:
        blames = write_mutants(scratch, mutants, dropped)
        began = time.time()
        done = subprocess.run(steps[0], cwd=scratch, capture_output=True, text=True)
        output = done.stdout + done.stderr
        (scratch / "build.log").write_text(output)
        if done.returncode == 0:
            print(f"{' '.join(steps.pop(0))}: {time.time() - began:.0f} s", flush=True)
            continue
        guilty = set()
        for path, line in re.findall(r"^(\S+?\.swift):(\d+):\d+: error:", output, re.M):
            blame = blames.get(os.path.relpath(path, scratch), [])
            guilty |= set(blame[int(line) - 1]) if int(line) <= len(blame) else set()
        if not guilty:
            sys.exit("the build fails, and no mutant is to blame:\n" + output[-6000:])
        dropped |= {keys[n] for n in guilty}
        (scratch / "dropped.json").write_text(json.dumps(sorted(dropped), indent=1, ensure_ascii=False))
        print(f"{len(guilty)} mutants do not compile ({time.time() - began:.0f} s)", flush=True)


# --- Running ------------------------------------------------------------------------------------------

MEMORY = 12 << 30  # bytes of address space
PATIENCE = 1800  # seconds, for a process that waits without computing


def run_tests(scratch, target, mutant, limit, idea=""):
    """(how it ended, seconds, what it said): "passed", "test", "crash" or "timeout".

    Time is the processor's, so that a busy machine kills no mutants. With an `idea`, only tests so named run."""
    runner = next((scratch / ".build/debug").glob("*PackageTests.xctest"))
    environment = os.environ | {"MUTANT": str(mutant), "SWIFT_BACKTRACE": "enable=no"}
    began = time.time()
    process = subprocess.Popen(
        [runner, "--testing-library", "swift-testing"]
        + (["--filter", f"^{target[5:]}.*({SLOW})"] if target.startswith("slow ")
           else ["--filter", f"^{target}Tests\\..*{idea}", "--skip", SLOW]),
        cwd=scratch,
        env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        start_new_session=True, preexec_fn=lambda: (
            resource.setrlimit(resource.RLIMIT_CORE, (0, 0)),
            resource.setrlimit(resource.RLIMIT_CPU, (limit, limit)),
            resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))))
    os.set_blocking(process.stdout.fileno(), False)
    output, ending = b"", None
    with selectors.DefaultSelector() as selector:
        selector.register(process.stdout, selectors.EVENT_READ)
        while ending is None:
            if not selector.select(max(0, PATIENCE - (time.time() - began))):
                ending = "timeout"
                break
            piece = process.stdout.read()
            output += piece or b""
            if b"recorded an issue" in output:
                ending = "test"
            elif piece == b"":
                break
    if ending:
        os.killpg(process.pid, signal.SIGKILL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = code = os.waitstatus_to_exitcode(status)
    text = output.decode(errors="replace")
    failed = re.search(r".*recorded an issue.*", text)
    if ending is None:
        if code in (0, os.EX_UNAVAILABLE):  # all passed, or none was of that name
            ending = "passed"
        else:
            ending = "timeout" if code in (-signal.SIGXCPU, -signal.SIGKILL) else "crash"
    note = failed.group().strip() if failed else text[-300:].strip()
    return ending, usage.ru_utime + usage.ru_stime, note


def run_program(scratch, chapter, mutant, limit):
    """The same for a chapter's own run, whose verdict is its exit status and its last line."""
    done = subprocess.Popen(
        [scratch / ".build/debug" / chapter, *SHORT.get(chapter, [])], cwd=scratch,
        env=os.environ | {"MUTANT": str(mutant), "SWIFT_BACKTRACE": "enable=no"},
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        preexec_fn=lambda: (
            resource.setrlimit(resource.RLIMIT_CORE, (0, 0)),
            resource.setrlimit(resource.RLIMIT_CPU, (limit, limit)),
            resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))))
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    text = done.communicate()[0].decode(errors="replace").strip()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    ending = {0: "passed", 1: "check"}.get(
        done.returncode, "timeout" if done.returncode in (-signal.SIGXCPU, -signal.SIGKILL) else "crash")
    return ending, seconds, text.rsplit("\n", 1)[-1]


def programs(module):
    """The chapters whose run a module's mutant may turn red, the quickest first."""
    return [module] if module in CHAPTERS else [c for c in TESTS[module] if c in CHAPTERS]


def try_program(scratch, mutant, limits, verdicts):
    for chapter in programs(mutant["module"]):
        ending, seconds, verdict = run_program(scratch, chapter, mutant["number"], limits[chapter])
        if ending == "passed" and verdict != verdicts[chapter]:
            ending = "check"
        if ending != "passed":
            return {"result": ending, "by": chapter, "seconds": round(seconds, 1), "note": verdict[:300]}
    return {"result": "survived"}


def try_mutant(scratch, mutant, limits, only_own):
    own = TESTS[mutant["module"]][0]
    idea = Path(mutant["file"]).stem.removesuffix("s")  # its own tests are called so: seconds where all take minutes
    for target, name in [(own, idea)] + [(t, "") for t in TESTS[mutant["module"]][:1 if only_own else None]]:
        ending, seconds, note = run_tests(scratch, target, mutant["number"], limits[target], name)
        if ending == "timeout":  # once more, in case the machine was to blame
            ending, seconds, note = run_tests(scratch, target, mutant["number"], limits[target], name)
        if ending != "passed":
            return {"result": ending, "by": target, "seconds": round(seconds, 1), "note": note[:300]}
    return {"result": "survived"}


# --- The whole ----------------------------------------------------------------------------------------


def summary(mutants, results):
    columns = ["no build", "test", "check", "crash", "timeout", "survived"]
    counts = {name: dict.fromkeys(columns, 0) for name in [*TESTS, "all"]}
    for m in mutants:
        for name in (m["module"], "all"):
            counts[name][results[m["key"]]["result"] if m["key"] in results else "no build"] += 1
    print(f"{'module':14}{'tried':>9}" + "".join(f"{c:>10}" for c in columns))
    for name, row in counts.items():
        print(f"{name:14}{sum(row.values()):9}" + "".join(f"{n:10}" for n in row.values()))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--scratch", type=Path, required=True, help="a folder for the copy and the results")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--rate", type=float, default=0.045, help="share of a file's sites to mutate")
    parser.add_argument("--only", help="a regular expression: mutate only files whose path matches")
    parser.add_argument("--own", action="store_true", help="try only the quick tests of the mutated module itself")
    parser.add_argument("--again", action="store_true", help="try all mutants again, not only survivors")
    parser.add_argument("--program", action="store_true", help="ask the chapters' own checks, not the tests")
    parser.add_argument("--list", action="store_true", help="show the sample and stop")
    options = parser.parse_args()
    scratch = options.scratch.resolve()

    mutants, available = [], 0
    for module in TESTS:
        for source in sorted((PACKAGE / "Sources" / module).rglob("*.swift")):
            path = str(source.relative_to(PACKAGE))
            if NARRATION_FILES.search(path) or options.program and NO_MATHEMATICS.search(path) or (options.only and not re.search(options.only, path)):
                continue
            count, chosen = sample(source, module, options.seed, options.rate)
            available += count
            mutants += chosen
    for i, mutant in enumerate(mutants):
        mutant["number"] = i + 1
    print(f"{len(mutants)} mutants of {available} possible ones", flush=True)
    if options.list:
        for m in mutants:
            print(f"{m['number']:4} {m['file']}:{m['line']} {m['kind']}: {m['change']}")
        return

    scratch.mkdir(parents=True, exist_ok=True)
    stored = scratch / "dropped.json"
    dropped = set(json.loads(stored.read_text())) if stored.exists() else set()
    copy_package(scratch)
    build(scratch, mutants, dropped, with_tests=not options.program)
    compiled = [m for m in mutants if m["key"] not in dropped]
    print(f"{len(compiled)} mutants compile", flush=True)

    limits, verdicts = {}, {}
    modules = {m["module"] for m in compiled}
    targets = {c for m in modules for c in programs(m)} if options.program else {
        t for m in modules for t in TESTS[m][:1 if options.own else None]}
    for target in sorted(targets):
        run = run_program if options.program else run_tests
        ending, seconds, note = run(scratch, target, 0, 1200)
        verdicts[target] = note
        print(f"{target} without a mutant: {ending} in {seconds:.1f} s", flush=True)
        if ending != "passed":
            sys.exit("the tests must pass before they can tell anything:\n" + note)
        limits[target] = max(20 if options.program else 60, round(10 * seconds))

    stored = scratch / ("programs.json" if options.program else "results.json")
    results = json.loads(stored.read_text()) if stored.exists() else {}
    for m in compiled:
        known = results.get(m["key"])
        if known and known["result"] != "survived" and not options.again:
            continue
        results[m["key"]] = {k: m[k] for k in ("number", "file", "line", "module", "kind", "change")} | (
            try_program(scratch, m, limits, verdicts) if options.program
            else try_mutant(scratch, m, limits, options.own))
        r = results[m["key"]]
        print(f"{m['number']:4} {r['result']:9} {r.get('by', ''):13} {m['file']}:{m['line']}  {m['change']}",
              flush=True)
        stored.write_text(json.dumps(results, indent=1, ensure_ascii=False))
    print("\nSurvivors")
    for m in compiled:
        if results[m["key"]]["result"] == "survived":
            print(f"  {m['file']}:{m['line']}  {m['change']}")
    print()
    summary(mutants, results)


if __name__ == "__main__":
    main()

"""Small changes of a C++ source that a test should notice: operators, constants, conditions, dropped statements.

Mutants come from lines as clang-format leaves them, without a parser: some do not compile, and those do not count.
"""

import re
from collections import namedtuple

# columns start..end of the line (counted from 0) become text.
Mutant = namedtuple("Mutant", "line start end text kind")

OPERATORS = {
    " < ": " <= ", " <= ": " < ", " > ": " >= ", " >= ": " > ", " == ": " != ", " != ": " == ",
    " && ": " || ", " || ": " && ", " + ": " - ", " - ": " + ", " * ": " / ", " / ": " * ", " % ": " * ",
    " += ": " -= ", " -= ": " += ", "std::min(": "std::max(", "std::max(": "std::min(",
    "true": "false", "false": "true",
}
OPERATOR = re.compile("|".join(r"\btrue\b|\bfalse\b" if key == "true" else re.escape(key)
                               for key in OPERATORS if key != "false"))
NUMBER = re.compile(r"(?<![\w.'])(\d[\d']*)(\.\d+)?(?![\w.'])")
CONDITION = re.compile(r"^(\s*(?:\} else )?(?:if|while) \()(.+)(\)(?: \{| .*;))$")
STEP = re.compile(r"(\+\+|--)(?=\w)")
NEGATION = re.compile(r"(?<=[ (])!(?=[\w(])")
STATEMENT = re.compile(r"^(\s+)([\w:]+(?:(?:\.|->|::)\w+|\[[^\]]*\]|\(\))*(?:\(.*\)| [-+*/|&]?= .*);)$")

LOGGING = re.compile(r"\b(V?LOG(_\w+)?|DLOG|D?CHECK\w*|static_assert)\b|std::(cerr|cout|clog)\b")
NO_CODE = re.compile(r"^\s*(#|//|namespace\b|using\b|template\b|case\b|default:|public:|private:|struct\b|class\b|enum\b)")
NO_STATEMENT = re.compile(r"^\s+(return|break|continue|delete|throw|goto|co_\w+|else|const|constexpr|auto|static)\b")


def mask(line):
    """The line with its strings, characters and comment blanked, so that columns stay. Raw strings are not looked into."""
    line = re.sub(r'"(?:[^"\\]|\\.)*"', lambda found: '"' + "_" * (len(found.group()) - 2) + '"', line)
    line = re.sub(r"(?<!\w)'(?:[^'\\]|\\.)'", lambda found: "'" + "_" * (len(found.group()) - 2) + "'", line)
    return re.sub(r"//.*", lambda found: " " * len(found.group()), line)


def is_balanced(text):
    depth = 0
    for letter in text:
        depth += (letter in "([{") - (letter in ")]}")
        if depth < 0:
            return False
    return depth == 0


def next_number(found):
    whole, fraction = found.group(1).replace("'", ""), found.group(2)
    return str(float(whole + fraction) * 2) if fraction else str(int(whole, 10 if whole == "0" else 0) + 1)


def of_operators(number, code):
    for found in OPERATOR.finditer(code):
        yield Mutant(number, found.start(), found.end(), OPERATORS[found.group()], "operator")
    for found in STEP.finditer(code):
        yield Mutant(number, found.start(), found.end(), "--" if found.group() == "++" else "++", "operator")


def of_constants(number, code):
    for found in NUMBER.finditer(code):
        if not re.match(r"0\d", found.group()):
            yield Mutant(number, found.start(), found.end(), next_number(found), "constant")


def of_conditions(number, code, line):
    found = CONDITION.match(code)
    if found and is_balanced(found.group(2)) and ";" not in found.group(2):
        start, end = found.span(2)
        yield Mutant(number, start, end, f"!({line[start:end]})", "condition")
    for found in NEGATION.finditer(code):
        yield Mutant(number, found.start(), found.end(), "", "condition")


def of_statements(number, code, before):
    """before: the code line above, which must have ended a statement."""
    found = STATEMENT.match(code)
    if found and is_balanced(code) and re.search(r"[;{}:]$", before.rstrip()) and not NO_STATEMENT.match(code):
        yield Mutant(number, *found.span(2), ";", "dropped statement")


def skips_to(lines, index):
    """The index after a logging statement that begins at index, or index itself."""
    if not LOGGING.search(mask(lines[index])):
        return index
    while index < len(lines) and not mask(lines[index]).rstrip().endswith((";", "{", "}")):
        index += 1
    return index + 1


def mutants(text):
    """All mutants of a source, in the order of its lines."""
    lines = text.split("\n")
    found, index, before, is_raw = [], 0, ";", False
    while index < len(lines):
        after = skips_to(lines, index)
        if after > index:
            index, before = after, ";"
            continue
        line, code = lines[index], mask(lines[index])
        was_raw, is_raw = is_raw, ('R"' in line or is_raw) and ')"' not in line and ')~"' not in line
        if not (was_raw or is_raw or 'R"' in line or NO_CODE.match(code)):
            number = index + 1
            found += [*of_operators(number, code), *of_constants(number, code), *of_conditions(number, code, line),
                      *of_statements(number, code, before)]
        before = code if code.strip() else before
        index += 1
    return found


def apply(text, mutant):
    lines = text.split("\n")
    line = lines[mutant.line - 1]
    lines[mutant.line - 1] = line[:mutant.start] + mutant.text + line[mutant.end:]
    return "\n".join(lines)

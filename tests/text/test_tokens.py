"""Tokens against the Penn Treebank's conventions, str.split, files that are split already, and their own laws."""

from __future__ import annotations

import csv
import gzip
import lzma
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.each import each
from unrolled.text.tokens import Tokens, tokenize, words

DATA = Path(__file__).parents[2].parent / "shared" / "data"
PIECES = (
    *"aIUnstT'’.-,:;&/\\<>#_*@!`12 \n\0",
    *(
        "n't",
        "N’T",
        "'s",
        "'LL",
        "'n'",
        "'em",
        "mr.",
        "Etc.",
        "U.S.",
        "p.m.",
        "''",
        "``",
        "--",
        "-lrb-",
        "&amp;",
        "<br />",
    ),
    # capitals whose small letters are longer, ASCII, or depend on their place; marks, joiners, emojis, halves of a pair
    *("İ", "ı", "ſ", "\u212a", "Σ", "\u0345", "\u0301", "\u200d", "\ufe0f", "\U0001f44d", "\U0001f3fd", "\ud83d", "٣"),
)
TEXTS = st.text(st.characters(exclude_categories=())) | st.lists(st.sampled_from(PIECES), max_size=14).map("".join)
# a digit in a box, a heart in colour, a skin tone, a flag, a profession, a family
EMOJIS = (
    *("1\ufe0f\u20e3", "\u2764\ufe0f", "\U0001f44d\U0001f3fd", "\U0001f1e9\U0001f1ea"),
    *("\U0001f469\U0001f3fd\u200d\U0001f4bb", "\U0001f468\u200d\U0001f469\u200d\U0001f467"),
)
MODES = st.sampled_from(["words", "space"])


@given(TEXTS, MODES, st.booleans())
def test_words_are_the_texts_of_the_tokens(text: str, mode: Tokens, lowercase: bool) -> None:
    tokens = tokenize(text, tokens=mode, lowercase=lowercase)
    assert words(text, tokens=mode, lowercase=lowercase) == [token.text for token in tokens]


@given(TEXTS, MODES, st.booleans())
@example("İİ don’t", "words", True)
def test_offsets_give_back_the_word_as_it_was_read(text: str, mode: Tokens, lowercase: bool) -> None:
    for token in tokenize(text, tokens=mode, lowercase=lowercase):
        read = text[token.start : token.end]
        if mode == "words":
            read = read.replace("’", "'")
        assert token.text == (read.lower() if lowercase else read)


@given(TEXTS, MODES)
def test_nothing_but_spaces_is_between_the_words(text: str, mode: Tokens) -> None:
    tokens = tokenize(text, tokens=mode)
    ends = [0, *(token.end for token in tokens)]
    starts = [*(token.start for token in tokens), len(text)]
    assert all(end <= start for end, start in zip(ends, starts, strict=True))
    between = "".join(text[end:start] for end, start in zip(ends, starts, strict=True))
    assert not between or between.isspace()


@given(TEXTS, MODES, st.booleans())
def test_no_word_is_empty_or_holds_a_space(text: str, mode: Tokens, lowercase: bool) -> None:
    for word in words(text, tokens=mode, lowercase=lowercase):
        assert word
        assert not any(character.isspace() for character in word)


@given(TEXTS, st.booleans(), st.booleans())
@example("it'sn't wouldn'tn't film.I. 'd.I.-a ٣U.S.-٣ get'em'em 'tİl", True, True)
@example("a." * 100 + "I." + "a-" * 100 + "'s" + "a\\/" * 200 + "\U0001f44d\u200d" * 200, True, True)
def test_words_joined_by_spaces_are_the_same_words(text: str, before: bool, after: bool) -> None:
    found = words(text, lowercase=before)
    again = words(" ".join(found), lowercase=after)
    assert again == ([word.lower() for word in found] if after else found)


@given(TEXTS)
def test_lower_casing_changes_no_boundary(text: str) -> None:
    assert [word.lower() for word in words(text, lowercase=False)] == words(text)


@given(TEXTS)
def test_space_splits_as_python_does(text: str) -> None:
    assert words(text, tokens="space", lowercase=False) == text.split()


@each(
    ("raw", "treebank"),
    [
        ("I don't, can't and won't.", "I do n't , ca n't and wo n't ."),
        ("It's what I'm told; we'd say they're ours", "It 's what I 'm told ; we 'd say they 're ours"),
        ("I've a dog's bone, the dogs' bowl", "I 've a dog 's bone , the dogs ' bowl"),
        ("O'Toole's o'clock, couldn't", "O'Toole 's o'clock , could n't"),
        ("DON'T! I couldn't've", "DO N'T ! I could n't 've"),
        ("don’t, it’s", "do n't , it 's"),
        ("get 'em, rock 'n' roll of the '90s", "get 'em , rock 'n' roll of the '90s"),
        ("Mr. Bean (of the U.S.) came at 10:30 p.m.", "Mr. Bean ( of the U.S. ) came at 10:30 p.m."),
        ("J. K. Rowling, etc. The U.S.-led end of A.", "J. K. Rowling , etc. The U.S.-led end of A."),
        ("Etc... and one,2, a_b", "Etc ... and one , 2 , a_b"),
        ("$5, 50% of 1,000; 3.5 or .5", "$ 5 , 50 % of 1,000 ; 3.5 or .5"),
        ("T&C's: AT&T and/or 9/11", "T&C 's : AT&T and/or 9/11"),
        ("good.The end--or not...Well", "good . The end -- or not ... Well"),
        ('"Well-known" [sic] on space.com', '" Well-known " [ sic ] on space.com'),
        ("film.<br /><br />The <i>end</i>", "film . <br /> <br /> The <i> end </i>"),
        ("R&amp;B &#39;s _very_ #1!!", "R &amp; B &#39; s _ very _ # 1 ! !"),
        ("-LRB- ``and\\/or'' -RRB- @-@ <unk>", "-LRB- `` and\\/or '' -RRB- @-@ <unk>"),
    ],
)
def test_raw_text_is_split_as_in_the_treebank(raw: str, treebank: str) -> None:
    assert words(raw, lowercase=False) == treebank.split()
    assert words(treebank, lowercase=False) == treebank.split()


@each("word", ["हिन्दी", "cafe\u0301", "نمی\u200cخواهم", *EMOJIS])
def test_marks_and_joiners_cut_no_word(word: str) -> None:
    assert words(f"{word}, ({word}") == [word, ",", "(", word]
    assert words(word * 2)[0] == (word if word in EMOJIS[1:] else word * 2)


ADVERSARIES = (
    *("a", "a.", "A.B.", "a-", "a'", "'", "'n'", "n't", "it's", "don't ", "-", " ", "1,"),
    *("a&", "&a", "&_", "#1", "<a", "\\/", "\u0301", "a\u0301", "a\u200d", "\U0001f600", "\U0001f469\u200d"),
)


def seconds(split: Callable[[str], object], text: str) -> float:
    """Time the fastest of five runs."""
    times = []
    for _ in range(5):
        start = time.process_time()
        split(text)
        times.append(time.process_time() - start)
    return min(times)


@pytest.mark.torture
@each(("split", "size"), [(words, 1 << 16), (tokenize, 1 << 13)])
@each("unit", ADVERSARIES)
def test_twice_the_text_takes_about_twice_the_time(unit: str, split: Callable[[str], object], size: int) -> None:
    # A quadratic rule takes four times as long every time; a busy machine doesn't three times in a row.
    once, twice = (unit * (length // len(unit)) for length in (size, 2 * size))
    assert any(seconds(split, twice) < 3.5 * seconds(split, once) for _ in range(3))


def rows(name: str) -> list[str]:
    """Read the texts of a data set, or skip the test where it isn't there."""
    path = DATA / name
    if not path.exists():
        pytest.skip(f"{path} isn't there")
    if path.suffix == ".xz":
        with lzma.open(path, "rt", encoding="utf-8") as lines:
            return list(lines)
    with gzip.open(path, "rt", encoding="utf-8", newline="") as lines:
        return [row["text"] for row in csv.DictReader(lines)]


@each(
    ("name", "least", "raw"),
    [
        ("sst2/train.csv.gz", 0.997, ""),
        ("sst2/test.csv.gz", 0.997, ""),
        ("trec/train.csv.gz", 0.99, ""),
        ("mr/all.csv.gz", 0.985, "'[]"),  # here clitics, quotations and brackets aren't split yet
        ("wikitext2/test.txt.xz", 0.98, ""),
    ],
)
def test_split_text_stays_as_it_is(name: str, least: float, raw: str) -> None:
    lines = [line for line in rows(name) if not set(raw) & set(line)]
    assert sum(words(line) == line.lower().split() for line in lines) >= least * len(lines)


@pytest.mark.parametrize("name", ["ag_news/test.csv.gz", "imdb/test.csv.gz", "sms_spam/all.csv.gz"])
def test_no_word_of_raw_text_ends_in_a_comma_a_bracket_or_a_quotation_mark(name: str) -> None:
    for text in rows(name)[:1000]:
        found = words(text)
        assert not [
            word for word in found if len(word) > 1 and word[-1] in ',;:!?)]"”' and not word.startswith(("&", "#"))
        ]
        assert words(" ".join(found)) == found

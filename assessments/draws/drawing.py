"""A draw that anyone can recompute: plain text, SHA-256, no randomness of ours. Standard library only.

Population   one line for each organisation, those left out included: stratum TAB key TAB name. The lines in the order
             of their code points, joined by LF (none at the end), as UTF-8.
Digest       SHA-256 of these bytes, in small hexadecimal letters: what `sha256sum` says of the downloaded file.
Rank         SHA-256 of the text digest|seed|stratum|key, in UTF-8. Of each stratum the smallest ranks are drawn,
             passing over whoever is left out.

Who is left out is not in the population's text: else a draw could be steered by the wording of a reason, as every other
text gives all other ranks. This way leaving somebody out moves the next in, and nothing else.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from hashlib import sha256
from math import ceil, floor

SEPARATOR, LINE_END = "\t", "\n"


@dataclass(frozen=True, slots=True)
class Member:
    """One of the population. `key` is unique in it; `excluded`: it can't be drawn."""

    stratum: str
    key: str
    name: str
    excluded: bool = False

    @property
    def line(self) -> str:
        return SEPARATOR.join((self.stratum, self.key, self.name))


def one_line(text: str) -> str:
    """The text without what parts lines and fields in the canonical form."""
    return " ".join(text.split())


def canonical(members: Iterable[Member]) -> str:
    """The population's text; the order in which the members are given makes no difference.

    Raises ValueError for a text that holds a tab or an end of line, or a key that is there twice.
    """
    members = list(members)
    if any(one_line(part) != part for one in members for part in (one.stratum, one.key, one.name)):
        raise ValueError("a field is not one trimmed line")
    if len({one.key for one in members}) < len(members):
        raise ValueError("a key is there twice")
    return LINE_END.join(sorted(one.line for one in members))


def digest_of(text: str) -> str:
    return sha256(text.encode()).hexdigest()


def rank_of(digest: str, seed: str, member: Member) -> str:
    return sha256("|".join((digest, seed, member.stratum, member.key)).encode()).hexdigest()


def seats(sizes: Mapping[str, int], share: Decimal) -> dict[str, int]:
    """How many each stratum gives, by largest remainder; a stratum of nobody gives none.

    First each gets the whole part of share x size, at least one. While that makes fewer than share x all, rounded up,
    one more goes to the strata with the largest remainders; of equal remainders the larger stratum comes first, then
    the one whose name comes first by code points. What was raised to one has no remainder left.

    As with every largest remainder a larger share may, rarely, take a seat from one stratum to another (the Alabama
    paradox); inside a stratum more seats always keep who was drawn.
    """
    part = Fraction(share)
    exact = {name: part * size for name, size in sizes.items() if size}
    found = {name: max(1, floor(quota)) for name, quota in exact.items()}
    left = ceil(part * sum(sizes.values())) - sum(found.values())
    waiting = [name for name in exact if exact[name] > found[name]]
    waiting.sort(key=lambda name: (found[name] - exact[name], -sizes[name], name))
    for name in waiting[: max(left, 0)]:
        found[name] += 1
    return dict.fromkeys(sizes, 0) | found


@dataclass(frozen=True, slots=True)
class Pot:
    """The ranked names of a population: what a draw and its redraws take from."""

    ranks: Mapping[str, str]
    queues: Mapping[str, Sequence[Member]]

    @classmethod
    def of(cls, members: Collection[Member], digest: str, seed: str) -> Pot:
        """Ranks everybody; those left out have a rank too, but no place in the queue."""
        ranks = {one.key: rank_of(digest, seed, one) for one in members}
        queues: dict[str, list[Member]] = defaultdict(list)
        for one in sorted(members, key=lambda one: (ranks[one.key], one.key)):
            if not one.excluded:
                queues[one.stratum].append(one)
        return cls(ranks, queues)

    def first(self, share: Decimal) -> list[Member]:
        """Whom the first round draws, by stratum and rank."""
        given = seats({name: len(queue) for name, queue in self.queues.items()}, share)
        return [one for name in sorted(self.queues) for one in self.queues[name][: given[name]]]

    def replacements(self, drawn: Collection[str], dropped: Collection[str]) -> list[Member]:
        """Whom a redraw takes for the keys that it drops: the next ranks of the same strata that were never drawn.

        Fewer than are dropped where a stratum has nobody left.
        """
        wanted = Counter(name for name, queue in self.queues.items() for one in queue if one.key in dropped)
        found: list[Member] = []
        for name in sorted(wanted):
            found += [one for one in self.queues[name] if one.key not in drawn][: wanted[name]]
        return found


def replay(pot: Pot, share: Decimal, drops: Sequence[Collection[str]]) -> list[list[str]]:
    """The keys that each round draws, when the rounds after the first drop these."""
    rounds = [[one.key for one in pot.first(share)]]
    drawn = set(rounds[0])
    for dropped in drops:
        rounds.append([one.key for one in pot.replacements(drawn, dropped)])
        drawn |= set(rounds[-1])
    return rounds

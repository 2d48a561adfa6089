"""The answers of Audnexus, key by key: 23 of a book, 8 of chapters, 7 of an author.

These describe what the service promises. What arrives is checked value by value in
`audnexus_parse`, and the raw answer is kept whole, so keys of later versions survive.
"""

from typing import NotRequired, TypedDict


class Person(TypedDict):
    """An author or narrator; the name may end in a role: "Jane Doe - translator"."""

    asin: NotRequired[str]
    name: str


class Genre(TypedDict):
    """`type` is "genre" for a root category and "tag" for one below it."""

    asin: str
    name: str
    type: str


class Series(TypedDict):
    """`position` is free text: "1", "1.5", "1-3", "Book 2"."""

    asin: NotRequired[str]
    name: str
    position: NotRequired[str]


class Distribution(TypedDict):
    """How many listeners gave so many stars."""

    five: int
    four: int
    three: int
    two: int
    one: int


class Ratings(TypedDict):
    """Stars in detail; since August 2026."""

    value: str
    numRatings: int
    numReviews: int
    distribution: Distribution
    performanceDistribution: NotRequired[Distribution]
    storyDistribution: NotRequired[Distribution]


class Book(TypedDict):
    """`GET /books/{asin}`. `summary` is HTML, `description` a short plain text."""

    asin: str
    authors: list[Person]
    copyright: NotRequired[int]
    description: str
    formatType: str
    genres: NotRequired[list[Genre]]
    image: NotRequired[str]
    isAdult: bool
    isbn: NotRequired[str]
    language: str
    literatureType: NotRequired[str]
    narrators: NotRequired[list[Person]]
    publisherName: str
    rating: str
    ratings: NotRequired[Ratings]
    region: str
    releaseDate: str
    runtimeLengthMin: int
    seriesPrimary: NotRequired[Series]
    seriesSecondary: NotRequired[Series]
    subtitle: NotRequired[str]
    summary: str
    title: str


class ChapterMark(TypedDict):
    """One chapter; the offset in seconds is rounded and therefore not used."""

    lengthMs: int
    startOffsetMs: int
    startOffsetSec: int
    title: str


class Chapters(TypedDict):
    """`GET /books/{asin}/chapters`. Times are unreliable unless `isAccurate`."""

    asin: str
    brandIntroDurationMs: int
    brandOutroDurationMs: int
    chapters: list[ChapterMark]
    isAccurate: bool
    region: str
    runtimeLengthMs: int
    runtimeLengthSec: int


class Author(TypedDict):
    """`GET /authors/{asin}`; scraped from a web page, so it is often missing."""

    asin: str
    description: NotRequired[str]
    genres: NotRequired[list[Genre]]
    image: NotRequired[str]
    name: str
    region: str
    similar: NotRequired[list[Person]]

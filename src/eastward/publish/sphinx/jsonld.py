"""JSON-LD of the book in the vocabulary of schema.org: Book, Chapter, Dataset and ClaimReview.

Functions return plain dictionaries and take addresses from their caller, since only the builder knows them. Addresses may
be relative to the page: JSON-LD resolves them against the page's own address.
"""

import json
from collections.abc import Mapping
from typing import Any

from eastward import claims, data
from eastward.claims import verdicts
from eastward.claims.verdicts import CAVEATS, CONTRADICTED, IMPRECISE, PARTLY, SUPPORTED, UNTESTED
from eastward.publish import citation
from eastward.publish.citation import Author
from eastward.publish.pages import coverage
from eastward.show.cards import with_caveat
from eastward.show.words import number

RATINGS = {SUPPORTED: 5, CAVEATS: 4, IMPRECISE: 3, PARTLY: 2, CONTRADICTED: 1}
"""Number that stands for a status in ``ClaimReview``, where 5 is true and 1 is false.

What is not decided has none: its status stands in words alone. ``book/verdicts.md`` explains the scale.
"""

BEST, WORST = 5, 1
OPED, OPED_AUTHOR, OPED_PUBLISHER = "mikovic2024", "Nikola Mikovic", "IOL"

_BOOKKEEPING = {"source", "locator", "note", "known_from", "same_as", "unit"}


def script(things: list[dict[str, Any]]) -> str:
    """Return the ``script`` element of a page. No text inside can end the element or start a comment."""
    text = json.dumps({"@context": "https://schema.org", "@graph": things}, ensure_ascii=False)
    for sign in "<>&\u2028\u2029":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return f'<script type="application/ld+json">{text}</script>'


def author(who: Author) -> dict[str, Any]:
    """Return a person or an organization."""
    if not who.given:
        return {"@type": "Organization", "name": who.name}
    person = {"@type": "Person", "name": who.name, "givenName": who.given, "familyName": who.family}
    return person | ({"identifier": who.orcid} if who.orcid else {})


def licence(spdx: str) -> str:
    """Address of a licence by its SPDX identifier."""
    known = {"CC-BY-4.0": "https://creativecommons.org/licenses/by/4.0/", "MIT": "https://opensource.org/license/mit"}
    return known.get(spdx, f"https://spdx.org/licenses/{spdx}.html")


def _common(url: str) -> dict[str, Any]:
    book, dates = citation.book(), {"dateModified": citation.build_date().isoformat(), "inLanguage": "en", "url": url}
    found = {"author": [author(who) for who in book.authors], "datePublished": book.released.isoformat(), **dates}
    return found | {"license": licence(book.licences[-1]), "version": book.version, "isAccessibleForFree": True}


def book(url: str, image: str, parts: list[tuple[str, str]]) -> dict[str, Any]:
    """Return the book. ``parts`` are title and address of its chapters, in order."""
    whole = citation.book()
    found: dict[str, Any] = {"@type": "Book", "@id": f"{url}#book", "name": whole.title, **_common(url)}
    found |= {"abstract": whole.abstract, "description": whole.abstract, "keywords": list(whole.keywords)}
    found["bookFormat"] = "https://schema.org/EBook"
    found["hasPart"] = [{"@type": "Chapter", "name": title, "url": at} for title, at in parts]
    if whole.doi:
        found["identifier"] = f"https://doi.org/{whole.doi}"
    return found | ({"image": image} if image else {})


def chapter(title: str, description: str, position: int, url: str, image: str, front: str) -> dict[str, Any]:
    """Return a chapter at its position (from 1) of the book whose front page is ``front``."""
    whole = {"@type": "Book", "@id": f"{front}#book", "name": citation.book().title, "url": front}
    found: dict[str, Any] = {"@type": "Chapter", "@id": f"{url}#chapter", "name": title, **_common(url)}
    found |= {"description": description, "position": position, "isPartOf": whole}
    return found | ({"image": image} if image else {})


def _measured(resource: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What a table says of the things that its key names: the fields outside the key and the bookkeeping."""
    frame, schema, found = data.load(resource["name"]), resource["schema"], []
    for field in schema["fields"]:
        entry = {"@type": "PropertyValue", "name": field["name"], "description": field.get("description", "")}
        if field["name"] == "value" and "unit" in frame:
            entry["unitText"] = ", ".join(sorted(frame["unit"].dropna().unique()))
        if field["name"] == "value" or field["name"] not in _BOOKKEEPING.union(schema.get("primaryKey", [])):
            found.append(entry)
    return found


def dataset(resource: Mapping[str, Any], url: str, downloads: list[tuple[str, str]], catalogue: str) -> dict[str, Any]:
    """Return a table of the data package, which its descriptor describes, at the address of its section.

    ``downloads`` are media type and address of each file that holds it, ``catalogue`` is the address of the data catalogue.
    """
    whole = citation.book()
    found: dict[str, Any] = {"@type": "Dataset", "@id": url, "name": resource["title"], **_common(url)}
    found |= {"description": resource["description"], "identifier": f"{whole.key}-{resource['name']}"}
    found |= {"license": resource["licenses"][0]["path"], "creator": [author(who) for who in whole.authors]}
    found["variableMeasured"] = _measured(resource)
    found["isBasedOn"] = [source["path"] for source in resource.get("sources", []) if source.get("path")]
    catalogued = {"@type": "DataCatalog", "name": f"{whole.title}: data catalogue", "url": catalogue}
    parts = [{"@type": "DataDownload", "encodingFormat": kind, "contentUrl": at} for kind, at in downloads]
    found |= {"includedInDataCatalog": catalogued, "distribution": parts}
    for download in found["distribution"]:
        if download["encodingFormat"] == resource["mediatype"] and "hash" in resource:
            download |= {"sha256": resource["hash"].partition(":")[2], "contentSize": f"{resource['bytes']} B"}
    covered = coverage(resource["name"])
    return found | ({"temporalCoverage": covered} if covered else {})


def claim_review(claim_id: str, url: str) -> dict[str, Any] | None:
    """Return the review of a claim at the address of its page, rated on the day of the op-ed; ``None`` where it is not tested."""
    now, later = verdicts.verdict(claim_id, "publication"), verdicts.verdict(claim_id, "hindsight")
    if now.status == UNTESTED:
        return None
    found: dict[str, Any] = {"@type": "ClaimReview", "@id": url, "identifier": claim_id, "mainEntityOfPage": url}
    found |= {k: v for k, v in _common(url).items() if k in ("author", "datePublished", "inLanguage", "license", "url")}
    scale = {"bestRating": BEST, "worstRating": WORST}
    rated = {"ratingValue": RATINGS[now.status], **scale} if now.status in RATINGS else {}
    rule = f" Rule: {now.claim.rule_text}" if now.claim.rule else ""
    then, since = (with_caveat(v, v.status, str) for v in (now, later))
    found["claimReviewed"] = now.claim.short
    found["reviewRating"] = {"@type": "Rating", **rated, "alternateName": now.status}
    found["reviewBody"] = f"On what was public on {number(data.PUBLICATION)}: {then}. With hindsight: {since}.{rule}"
    return found | {"itemReviewed": _reviewed(now.claim)}


def _reviewed(claim: claims.Claim) -> dict[str, Any]:
    source, day = data.sources()[OPED], data.PUBLICATION.isoformat()
    writer = {"@type": "Person", "name": OPED_AUTHOR}
    oped = {
        "@type": "OpinionNewsArticle", "headline": source.title, "url": source.url, "datePublished": day, "author": writer,
        "publisher": {"@type": "Organization", "name": OPED_PUBLISHER},
    }  # fmt: skip
    return {"@type": "Claim", "text": claim.quoted, "author": writer, "datePublished": day, "appearance": oped}

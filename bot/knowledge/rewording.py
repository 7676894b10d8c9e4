"""Optional: a language model says an answer in other words, and every word of it is checked.

Off unless `LOKET_LLM_URL` and `LOKET_LLM_MODEL` are set. The model gets the question, without
numbers, names and addresses, and the quoted passage; nothing else of the customer. On a timeout, an
error, or a sentence that the passage does not support, the quote goes alone.
"""

from __future__ import annotations

import asyncio
import json
import re
from typing import Any, Final

import httpx
import structlog

from bot.catalogue import say
from bot.knowledge.grounding import is_supported
from bot.settings import Settings

log = structlog.get_logger(__name__)

#: A longer answer than this is no short answer, in characters.
_LONGEST: Final = 400
_MOST_BYTES: Final = 64 * 1024
_MOST_QUESTION: Final = 300
#: Words that may identify the customer: addresses, numbers, and capitals within a sentence.
_PRIVATE: Final = (
    re.compile(r"\S+@\S+"),
    re.compile(r"https?://\S+"),
    re.compile(r"\b\w*\d[\w.,/-]*(?:\s?[A-Za-z]{2}\b)?"),
    re.compile(
        r"(?<=[a-z,] )[A-ZÀ-Ý][\w'’-]+(?: (?:van|de|der|den|ten|ter)\b)*(?: [A-ZÀ-Ý][\w'’-]+)*"
    ),
    re.compile(
        r"(?i)\b(?:ik ben|mijn naam is|ik heet|met|groeten?|groetjes|gr)[,:]? "
        r"(?!niet|geen|een|de|het|te|al|op|nog|thuis|bang|van|in|met)[a-zà-ÿ'’-]{2,}\s*$"
    ),
)


async def reword(settings: Settings, question: str, passage: str) -> str | None:
    """Has the language model reword the answer; None: the quote goes alone.

    Args:
        settings: where the language model is.
        question: the customer's words; empty when a page was tapped.
        passage: the words quoted.
    """
    if not (settings.llm_url and settings.llm_model and question):
        return None
    try:
        said = await _ask(settings, without_identity(question), passage)
    except (
        httpx.HTTPError,
        httpx.InvalidURL,
        TimeoutError,
        ValueError,
        LookupError,
        TypeError,
    ) as e:
        # Never the error's words: they may hold the request.
        log.warning("rewording_failed", error=type(e).__name__)
        return None
    if not said or len(said) > _LONGEST or not is_supported(said, passage):
        log.info("rewording_refused")
        return None
    return said


def without_identity(question: str) -> str:
    """Takes numbers, addresses and names out of a question: they may identify the customer."""
    cleaned = question[:_MOST_QUESTION]
    for pattern in _PRIVATE:
        cleaned = pattern.sub("…", cleaned)
    return cleaned


async def _ask(settings: Settings, question: str, passage: str) -> str:
    # One deadline for all of it: a service that drips its answer does not hold up a customer.
    async with asyncio.timeout(settings.llm_timeout):
        async with httpx.AsyncClient(
            timeout=settings.llm_timeout, follow_redirects=False
        ) as client:
            key = {"Authorization": f"Bearer {settings.llm_key}"} if settings.llm_key else {}
            request = {
                "model": settings.llm_model,
                "temperature": 0,
                "max_tokens": 160,
                "messages": [
                    {"role": "system", "content": say("knowledge.rewording")},
                    {
                        "role": "user",
                        "content": json.dumps(
                            {"vraag": question, "passage": passage}, ensure_ascii=False
                        ),
                    },
                ],
            }
            address = f"{settings.llm_url}/chat/completions"
            async with client.stream("POST", address, json=request, headers=key) as answer:
                answer.raise_for_status()
                body = b""
                async for chunk in answer.aiter_bytes():
                    body += chunk
                    if len(body) > _MOST_BYTES:
                        raise ValueError("the answer is too long")
    data: Any = json.loads(body)
    content = data["choices"][0]["message"]["content"]
    if not isinstance(content, str):
        raise TypeError("the answer is no text")
    said = " ".join(content.split())
    return "" if said.strip(".").upper() == "GEEN" else said

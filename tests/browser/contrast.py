"""How well a text can be read: the contrast of its colour to what is behind it, as WCAG counts it."""

from __future__ import annotations

import re

from playwright.sync_api import Locator

Colour = tuple[float, float, float]

_COLOURS = """
(element) => {
  let behind = element;
  const see_through = (colour) => colour === "transparent" || /,\\s*0\\)$/.test(colour);
  while (behind.parentElement && see_through(getComputedStyle(behind).backgroundColor)) behind = behind.parentElement;
  return [getComputedStyle(element).color, getComputedStyle(behind).backgroundColor];
}
"""


def contrast(element: Locator) -> tuple[Colour, float]:
    """The colour of a text, and its contrast ratio."""
    front, back = (_parsed(colour) for colour in element.evaluate(_COLOURS))
    light, dark = sorted((_luminance(front), _luminance(back)), reverse=True)
    return front, (light + 0.05) / (dark + 0.05)


def _parsed(colour: str) -> Colour:
    red, green, blue = (float(part) for part in re.findall(r"[\d.]+", colour)[:3])
    return red, green, blue


def _luminance(colour: Colour) -> float:
    parts = [part / 255 for part in colour]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue

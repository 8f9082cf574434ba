"""Which content management system a site runs on, told by files that only that system has."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from examples.site_mover.errors import UnsafePath
from examples.site_mover.places import Place, printable

_READ = 1 << 17  # bytes of a version file that are looked at


@dataclass(frozen=True, slots=True)
class System:
    """markers: paths below the installation, the first of which must be there. version: where, and the
    pattern.
    """

    name: str
    markers: tuple[str, ...]
    version: tuple[str, str] | None = None


SYSTEMS = (
    System(
        "WordPress",
        ("wp-includes/version.php", "wp-config.php", "wp-login.php", "wp-admin/index.php"),
        ("wp-includes/version.php", r"\$wp_version\s*=\s*['\"]([^'\"]+)"),
    ),
    System(
        "Drupal",
        ("core/lib/Drupal.php", "core/core.services.yml", "sites/default/settings.php"),
        ("core/lib/Drupal.php", r"const\s+VERSION\s*=\s*['\"]([^'\"]+)"),
    ),
    System(
        "Drupal",
        ("includes/bootstrap.inc", "modules/system/system.module", "sites/default/settings.php"),
        ("includes/bootstrap.inc", r"define\(\s*'VERSION',\s*'([^']+)"),
    ),
    System(
        "Joomla",
        ("administrator/manifests/files/joomla.xml", "configuration.php", "administrator/index.php"),
        ("administrator/manifests/files/joomla.xml", r"<version>([^<]+)"),
    ),
    System(
        "Magento",
        ("bin/magento", "app/etc/env.php", "composer.json"),
        ("composer.json", r"\"magento/product-[a-z]+-edition\"\s*:\s*\"([^\"]+)"),
    ),
    System(
        "PrestaShop",
        ("config/defines.inc.php", "classes/PrestaShopAutoload.php", "app/AppKernel.php"),
        ("app/AppKernel.php", r"const\s+VERSION\s*=\s*'([^']+)"),
    ),
    System("TYPO3", ("typo3conf/LocalConfiguration.php", "typo3/index.php")),
    System(
        "MediaWiki",
        ("includes/Defines.php", "LocalSettings.php", "load.php"),
        ("includes/Defines.php", r"define\(\s*'MW_VERSION',\s*'([^']+)"),
    ),
)
_SUFFIXES: dict[str, list[str]] = {}
for _system in SYSTEMS:
    for _marker in _system.markers:
        _SUFFIXES.setdefault(_marker.rpartition("/")[2], []).append(_marker)


def marker_roots(path: str) -> list[tuple[str, str]]:
    """The (installation folder, marker) pairs for which this path is a marker of some system."""
    found = []
    for marker in _SUFFIXES.get(path.rpartition("/")[2], ()):
        if path == marker:
            found.append(("", marker))
        elif path.endswith(f"/{marker}"):
            found.append((path[: -len(marker) - 1], marker))
    return found


def detect(place: Place, markers: Iterable[tuple[str, str]], pages: bool, code: bool) -> dict[str, Any]:
    """What the markers of a walk say. pages: there are HTML files. code: there are programs such as PHP.

    Returns {"cms", "version", "path", "markers", "installations"}: the outermost installation, and all of
    them. Without one, cms is "static" for pages without code, else None.
    """
    by_root: dict[str, set[str]] = {}
    for root, marker in markers:
        by_root.setdefault(root, set()).add(marker)
    found = [
        _installation(place, root, system, by_root[root])
        for root in sorted(by_root, key=lambda root: (root.count("/") + bool(root), root))
        for system in SYSTEMS
        if system.markers[0] in by_root[root] and len(by_root[root] & {*system.markers}) > 1
    ]
    first = found[0] if found else {"cms": "static" if pages and not code else None, "version": None}
    return {**first, "installations": found}


def _installation(place: Place, root: str, system: System, markers: set[str]) -> dict[str, Any]:
    return {
        "cms": system.name,
        "version": _version(place, root, system),
        "path": printable(root),
        "markers": [marker for marker in system.markers if marker in markers],
    }


def _version(place: Place, root: str, system: System) -> str | None:
    if system.version is None:
        return None
    file, pattern = system.version
    try:
        with place.open(f"{root}/{file}" if root else file) as reader:
            text = reader.read(_READ).decode("utf-8", "replace")
    except (OSError, UnsafePath):
        return None  # its version is not worth the scan
    match = re.search(pattern, text)
    return match[1].strip() if match else None

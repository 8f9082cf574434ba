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
_FIRST = {system.markers[0] for system in SYSTEMS}
_MOST = 100  # installations that are looked at


def installation(path: str) -> tuple[str, str] | None:
    """The folder and marker of what may be an installation, if this path is the first marker of some
    system.
    """
    for marker in _FIRST:
        if path == marker or path.endswith(f"/{marker}"):
            return path[: -len(marker)].rstrip("/"), marker
    return None


def detect(place: Place, found: Iterable[tuple[str, str]], pages: bool, code: bool) -> dict[str, Any]:
    """What the installations that a walk found are. pages: there are HTML files. code: programs such as PHP.

    Returns {"cms", "version", "path", "markers", "installations"}: the outermost installation, and all of
    them. Without one, cms is "static" for pages without code, else None. One marker alone is not enough.
    """
    outermost_first = sorted(found, key=lambda each: (each[0].count("/") + bool(each[0]), each))
    candidates = [
        _installation(place, root, system)
        for root, marker in outermost_first[:_MOST]
        for system in SYSTEMS
        if system.markers[0] == marker
    ]
    sure = [each for each in candidates if len(each["markers"]) > 1]
    first = sure[0] if sure else {"cms": "static" if pages and not code else None, "version": None}
    return {**first, "installations": sure}


def _installation(place: Place, root: str, system: System) -> dict[str, Any]:
    return {
        "cms": system.name,
        "version": _version(place, root, system),
        "path": printable(root),
        "markers": [marker for marker in system.markers if _is_there(place, _below(root, marker))],
    }


def _is_there(place: Place, path: str) -> bool:
    try:
        return place.stat(path) is not None
    except (OSError, UnsafePath):
        return False


def _below(root: str, path: str) -> str:
    return f"{root}/{path}" if root else path


def _version(place: Place, root: str, system: System) -> str | None:
    if system.version is None:
        return None
    file, pattern = system.version
    try:
        with place.open(_below(root, file)) as reader:
            text = reader.read(_READ).decode("utf-8", "replace")
    except (OSError, UnsafePath):
        return None  # its version is not worth the scan
    match = re.search(pattern, text)
    return match[1].strip() if match else None

"""What Info.plist says of the macOS program beside what PyInstaller writes itself."""

from __future__ import annotations

from typing import Any

import identity

PROJECT_TYPE = f"{identity.APP_ID}.project"
OLDEST = "13.0"  # what Qt 6.11 asks for


def info_plist() -> dict[str, Any]:
    """The entries: the document type, the oldest system, sharp on dense screens, dark where the system is."""
    return {
        "CFBundleDisplayName": identity.TITLE,
        "CFBundleName": identity.TITLE,
        "CFBundleShortVersionString": identity.version(),
        "CFBundleVersion": identity.version(),
        "CFBundleDocumentTypes": [
            {
                "CFBundleTypeName": "Tagline project",
                "CFBundleTypeRole": "Editor",
                "CFBundleTypeIconFile": "tagline.icns",
                "LSHandlerRank": "Owner",
                "LSItemContentTypes": [PROJECT_TYPE],
            }
        ],
        "UTExportedTypeDeclarations": [
            {
                "UTTypeIdentifier": PROJECT_TYPE,
                "UTTypeDescription": "Tagline project",
                "UTTypeConformsTo": ["public.database", "public.data"],
                "UTTypeIconFile": "tagline.icns",
                "UTTypeTagSpecification": {
                    "public.filename-extension": [identity.SUFFIX.removeprefix(".")],
                    "public.mime-type": [identity.MIME_TYPE],
                },
            }
        ],
        "LSApplicationCategoryType": "public.app-category.productivity",
        "LSMinimumSystemVersion": OLDEST,
        "NSHighResolutionCapable": True,
        "NSHumanReadableCopyright": "The Tagline maintainers. Apache License 2.0",
        "NSPrincipalClass": "NSApplication",
        "NSRequiresAquaSystemAppearance": False,
        "NSSupportsAutomaticGraphicsSwitching": True,
    }

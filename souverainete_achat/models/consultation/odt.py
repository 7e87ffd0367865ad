"""An OpenDocument text out of its content: a .zip whose first entry says its type."""

import io
import zipfile

from lxml import etree

_TYPE = "application/vnd.oasis.opendocument.text"

_MANIFEST = f"""<?xml version="1.0" encoding="UTF-8"?>
<manifest:manifest
    xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"
    manifest:version="1.2">
    <manifest:file-entry manifest:full-path="/" manifest:media-type="{_TYPE}"/>
    <manifest:file-entry
        manifest:full-path="content.xml" manifest:media-type="text/xml"/>
</manifest:manifest>
"""


def pack(content):
    """Bytes of the .odt whose `content.xml` is `content`; raises where it is no XML."""
    document = etree.tostring(
        etree.fromstring(content.strip()), xml_declaration=True, encoding="UTF-8"
    )
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", _TYPE, zipfile.ZIP_STORED)
        archive.writestr("META-INF/manifest.xml", _MANIFEST)
        archive.writestr("content.xml", document)
    return packed.getvalue()

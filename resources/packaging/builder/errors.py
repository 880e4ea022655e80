# SPDX-License-Identifier: AGPL-3.0-or-later
"""What stops a build, in one sentence for whoever runs it.

::

    BuilderError
    ├── MissingTool     a program is not installed; names the Debian package
    ├── ToolFailed      a program ended with an error; carries its last lines
    ├── Refused         the channel's rules forbid going on
    └── NotVerified     something is not what it should be
"""

from __future__ import annotations


class BuilderError(Exception):
    """Root of all errors raised on purpose; the text is shown as it is."""


class MissingTool(BuilderError):
    """A program is not here, or too old."""


class ToolFailed(BuilderError):
    """A program was run and ended with an error."""


class Refused(BuilderError):
    """The production channel does not allow this."""


class NotVerified(BuilderError):
    """A signature, hash, publisher or list does not agree."""

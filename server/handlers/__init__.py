# SPDX-License-Identifier: AGPL-3.0-or-later
"""One module per group of paths; each handler reads the request, calls storage and words the answer."""

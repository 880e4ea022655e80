# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the service keeps: one SQL database and one folder of sealed blobs."""

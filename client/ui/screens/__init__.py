# SPDX-License-Identifier: AGPL-3.0-or-later
"""One module per screen; a screen asks the gates, draws the answer and sends acts."""

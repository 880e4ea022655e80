# SPDX-License-Identifier: AGPL-3.0-or-later
"""The other end: the e-Cabinet service and the secretariat's tool."""

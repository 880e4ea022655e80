# SPDX-License-Identifier: AGPL-3.0-or-later
"""Between this device and the service: plan, act, persist; sign what a member decides; keep what is not yet sent."""

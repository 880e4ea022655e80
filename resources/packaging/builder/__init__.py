# SPDX-License-Identifier: AGPL-3.0-or-later
"""Builds, signs, describes and verifies the installers. Standard library only; outside tools are found by probe.

Everything it makes is a function of the source tree, the locks and ``SOURCE_DATE_EPOCH``: no clock, no user name, no
folder of this machine goes into a package. Building and signing are separate steps, so that a signing machine needs
no build tools and a build machine no keys.
"""

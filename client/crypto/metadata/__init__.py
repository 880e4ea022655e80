# SPDX-License-Identifier: AGPL-3.0-or-later
"""TUF metadata (The Update Framework 1.0.x) as bytes and frozen values: the only home of the library.

``keys`` spells keys both ways, ``write`` makes and signs the roles, ``verify`` follows them as a client does.
Service, secretariat and client go through the same ``verify.follow``, so nothing is published that a client refuses.
"""

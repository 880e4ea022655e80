# SPDX-License-Identifier: AGPL-3.0-or-later
"""Vietnamese official papers as PDF, by Decree 30/2020/NĐ-CP: model, layout, form, writer."""

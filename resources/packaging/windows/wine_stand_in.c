/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * bcryptprimitives.dll for wine 8, which lacks it: every Windows since 8 has the real one. Compiled into a throw-away wine
 * prefix by the smoke test and never packed; a test holds the packages to that.
 */
#include <windows.h>

BOOLEAN WINAPI SystemFunction036(void *, ULONG); /* RtlGenRandom */

__declspec(dllexport) BOOL WINAPI ProcessPrng(BYTE *data, SIZE_T size)
{
    return SystemFunction036(data, (ULONG)size);
}

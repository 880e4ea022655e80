/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * Starts the program with the Python that lies beside it. Looks for that library in its own folder and nowhere else (no
 * current folder, no PATH), reads no environment (isolated mode), runs one fixed module. There is no general interpreter
 * in the installation that somebody could borrow under our signature.
 */
#include <windows.h>
#include <wchar.h>
#include <stdlib.h>

typedef int (*main_function)(int, wchar_t **);

static int fail(const wchar_t *what)
{
    MessageBoxW(NULL, what, L"e-Cabinet", MB_OK | MB_ICONERROR);
    return 3;
}

int wmain(int argc, wchar_t **argv)
{
    static wchar_t path[32768];
    if (!SetDefaultDllDirectories(LOAD_LIBRARY_SEARCH_APPLICATION_DIR | LOAD_LIBRARY_SEARCH_SYSTEM32 |
                                  LOAD_LIBRARY_SEARCH_USER_DIRS))
        return fail(L"Windows quá cũ. / This Windows is too old.");
    DWORD length = GetModuleFileNameW(NULL, path, 32768);
    wchar_t *slash = length && length < 32768 ? wcsrchr(path, L'\\') : NULL;
    if (!slash || (size_t)(slash - path) + wcslen(PYTHON_DLL) + 2 > 32768)
        return fail(L"Không xác định được thư mục cài đặt. / The installation folder is unknown.");
    wcscpy(slash + 1, PYTHON_DLL);
    HMODULE python = LoadLibraryExW(path, NULL, LOAD_LIBRARY_SEARCH_DLL_LOAD_DIR | LOAD_LIBRARY_SEARCH_SYSTEM32);
    main_function start = python ? (main_function)(void *)GetProcAddress(python, "Py_Main") : NULL;
    if (!start)
        return fail(L"Bản cài đặt không nguyên vẹn, hãy cài lại. / The installation is damaged, install it again.");

    wchar_t **words = calloc((size_t)argc + 4, sizeof *words);
    if (!words)
        return fail(L"Thiếu bộ nhớ. / Out of memory.");
    words[0] = argv[0];
    words[1] = L"-I";
    words[2] = L"-m";
    words[3] = L"ecabinet_start";
    for (int i = 1; i < argc; i++)
        words[3 + i] = argv[i];
    return start(argc + 3, words);
}

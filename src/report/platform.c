#include "report/platform.h"

#include <string.h>

#include "base/memory.h"
#include "base/text.h"

bool word_char(char c)
{
    return ascii_alnum(c) || (unsigned char)c >= 0x80;
}

static bool within_name(char c)
{
    return c == ' ' || c == '_' || c == '-' || c == '/';
}

size_t words_compare(const char *text, const char *words)
{
    const char *at = text;
    for (; *words; words++) {
        if (*words == ' ') {
            while (within_name(*at))
                at++;
        } else if (ascii_lower(*at++) != *words) {
            return 0;
        }
    }
    return (size_t)(at - text);
}

static size_t longest(const char *text, const char *const *table, size_t count)
{
    size_t best = 0;
    for (size_t i = 0; i < count; i++) {
        size_t length = words_length(text, table[i]);
        best = length > best ? length : best;
    }
    return best;
}

/* With the names of releases that stand for the system, as Selenium's platforms do. */
size_t system_length(const char *text)
{
    static const char *const systems[] = {
        "windows",      "win",        "windows nt",   "windows phone", "windows vista", "windows xp",
        "xp",           "vista",      "mac",          "macos",         "mac os",        "mac os x",
        "os x",         "darwin",     "catalina",     "mojave",        "sierra",        "high sierra",
        "big sur",      "monterey",   "ventura",      "sonoma",        "sequoia",       "yosemite",
        "mavericks",    "el capitan", "linux",        "gnu linux",     "unix",          "ubuntu",
        "ubuntu linux", "debian",     "fedora",       "centos",        "red hat",       "rhel",
        "suse",         "opensuse",   "alpine",       "alpine linux",  "arch linux",    "freebsd",
        "openbsd",      "netbsd",     "solaris",      "sunos",         "chrome os",     "cros",
        "chromium os",  "android",    "android os",   "ios",           "ipados",        "iphone os",
        "tvos",         "watchos",    "visionos",     "tizen",         "webos",         "kaios",
        "harmonyos",    "fuchsia",    "any platform", "snow leopard",  "mountain lion",
    };
    return longest(text, systems, ARRAY_SIZE(systems));
}

size_t architecture_length(const char *text)
{
    static const char *const architectures[] = {
        "x86",   "x86 64", "x64",     "amd64",         "i386",    "i586",    "i686",
        "arm",   "arm64",  "armv7l",  "armv8l",        "aarch64", "ppc64le", "s390x",
        "wow64", "intel",  "riscv64", "apple silicon", "64 bit",  "32 bit",  "any cpu",
    };
    return longest(text, architectures, ARRAY_SIZE(architectures));
}

size_t release_length(const char *text)
{
    static const char *const words[] = {"server", "r2",      "sp", "pro",    "home",    "enterprise",
                                        "lts",    "edition", "nt", "latest", "desktop", "leap"};
    return longest(text, words, ARRAY_SIZE(words));
}

/* "a1", "b3", "esr" behind the digits of a version. */
static size_t stage_length(const char *text)
{
    size_t length = words_length(text, "esr");
    if (length == 0 && (*text == 'a' || *text == 'b') && ascii_digit(text[1]))
        length = 1 + strspn(text + 1, "0123456789");
    return word_char(text[length]) ? 0 : length;
}

/* Digits that no letter follows, but for a stage. */
static size_t number_length(const char *text)
{
    size_t digits = strspn(text, "0123456789");
    if (digits == 0 || !word_char(text[digits]))
        return digits;
    size_t stage = stage_length(text + digits);
    return stage ? digits + stage : 0;
}

size_t version_length(const char *text)
{
    size_t length = words_length(text, "latest");
    if (length)
        return length + (text[length] == '-' ? 1 + number_length(text + length + 1) : 0);
    size_t mark = (*text | 0x20) == 'v' && ascii_digit(text[1]);
    length = mark + number_length(text + mark);
    if (length == mark)
        return 0;
    while (text[length] == '.' || text[length] == '_') {
        size_t more = number_length(text + length + 1);
        if (more == 0)
            break;
        length += 1 + more;
    }
    return length;
}

bool platform_only(const char *text)
{
    bool found = false;
    while (*(text += strspn(text, " \t_-,;:/()[]"))) {
        size_t length = system_length(text);
        if (length == 0)
            length = architecture_length(text);
        found |= length > 0;
        if (length == 0 && found)
            length = version_length(text);
        if (length == 0 && found)
            length = release_length(text);
        if (length == 0)
            return false;
        text += length;
    }
    return found;
}

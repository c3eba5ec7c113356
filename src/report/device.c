#include "report/device.h"

#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "report/platform.h"

struct family {
    const char *words;
    bool alone; /* a device also without the number of a model */
};

static const struct family families[] = {
    {"iphone", true},
    {"ipad", true},
    {"ipod", true},
    {"apple watch", true},
    {"apple tv", true},
    {"kindle fire", true},
    {"samsung galaxy", true},
    {"google pixel", true},
    {"google nexus", true},
    {"ios simulator", true},
    {"android emulator", true},
    {"android sdk built for", true},
    {"sdk gphone", true},
    {"pixel", false},
    {"galaxy", false},
    {"nexus", false},
    {"samsung", false},
    {"xperia", false},
    {"sony xperia", false},
    {"xiaomi", false},
    {"redmi", false},
    {"huawei", false},
    {"oneplus", false},
    {"oppo", false},
    {"motorola", false},
    {"moto", false},
    {"nokia", false},
    {"emulator", false},
    {"medium phone", false},
    {"small phone", false},
    {"medium tablet", false},
};

static const struct family *family_of(const char *text, size_t *ret_length)
{
    for (size_t i = 0; i < ARRAY_SIZE(families); i++) {
        *ret_length = words_length(text, families[i].words);
        if (*ret_length)
            return &families[i];
    }
    return NULL;
}

/* "7", "5X", "S8", "SM", "G991B", "2nd": begins with a digit, or at most three letters before the first one.
 */
static bool model_number(const char *token, size_t size)
{
    size_t letters = 0;
    while (letters < size && !ascii_digit(token[letters]))
        letters++;
    return letters < size && letters <= 3;
}

static bool model_word(const char *token, size_t size)
{
    static const char *const words[] = {
        "pro",    "max",  "plus",       "mini",     "air",       "se",       "xs",     "xr",     "ultra",
        "fold",   "flip", "note",       "tab",      "edge",      "lite",     "xl",     "go",     "touch",
        "google", "play", "apis",       "api",      "avd",       "phone",    "inch",   "gen",    "fe",
        "sm",     "mi",   "generation", "on",       "prime",     "series",   "arm",    "tablet", "watch",
        "tv",     "nord", "galaxy",     "cellular", "simulator", "emulator", "gphone",
    };
    if (size == 1 || (size <= 4 && (unsigned char)*token >= 0x80))
        return true; /* "iPhone X", "iPhone XR" with its small capital */
    for (size_t i = 0; i < ARRAY_SIZE(words); i++)
        if (strlen(words[i]) == size && text_starts_nocase(token, words[i]))
            return true;
    return system_length(token) == size || architecture_length(token) == size;
}

/* "<model>-<version>-<locale>-<orientation>", as Firebase Test Lab names its suites; read from the end. */
static bool firebase_device(const char *text, size_t size)
{
    static const char *const orientations[] = {"-portrait", "-landscape", "-default"};
    size_t end = 0;
    for (size_t i = 0; i < ARRAY_SIZE(orientations) && end == 0; i++) {
        size_t length = strlen(orientations[i]);
        if (size > length && memcmp(text + size - length, orientations[i], length) == 0)
            end = size - length;
    }
    size_t locale = end;
    while (locale && text[locale - 1] != '-' && (ascii_alnum(text[locale - 1]) || text[locale - 1] == '_'))
        locale--;
    size_t version = locale ? locale - 1 : 0;
    size_t version_end = version;
    while (version && (ascii_digit(text[version - 1]) || text[version - 1] == '.'))
        version--;
    bool in_form = end - locale >= 2 && end - locale <= 8 && version < version_end && version >= 2 &&
                   text[version - 1] == '-' && !ascii_digit(text[locale]);
    return in_form && !memchr(text, ' ', size);
}

static bool model_of_family(const char *text, size_t size)
{
    size_t length;
    const struct family *family = family_of(text, &length);
    if (!family || length > size)
        return false;
    bool numbered = family->alone;
    for (size_t at = length; at < size;) {
        if (!word_char(text[at])) {
            if (!strchr(" _-()[]+.,:/\"'", text[at]))
                return false;
            at++;
            continue;
        }
        size_t end = at;
        while (end < size && word_char(text[end]))
            end++;
        if (model_number(text + at, end - at))
            numbered = true;
        else if (!model_word(text + at, end - at))
            return false;
        at = end;
    }
    return numbered;
}

bool device_is(const char *text, size_t size)
{
    return size <= TARGET_MAX_BYTES && (model_of_family(text, size) || firebase_device(text, size));
}

/* True when the text from at to end, the name of a system, is that and a version up to its end. */
static bool system_to_the_end(const char *at, const char *end, bool bracket)
{
    const char *version = at + system_length(at);
    version += strspn(version, " _-.");
    size_t length = version_length(version);
    if (length == 0 && !bracket)
        return false;
    const char *behind = version + length;
    if (bracket && *behind++ != ')')
        return false;
    return behind + strspn(behind, " _") >= end;
}

/* The shortest number by which Apple or Android tell one device from all others has 25 digits. */
#define ID_MIN_BYTES 25

/* Without the number of the very device behind it: "iPhone 15 - iOS 17.2 - <UUID>" (Maestro). */
static size_t without_id(const char *text, size_t size)
{
    size_t begin = size;
    while (begin && strchr("0123456789abcdefABCDEF-", text[begin - 1]))
        begin--;
    size_t left = begin;
    while (left && strchr(" -,", text[left - 1]))
        left--;
    return size - begin >= ID_MIN_BYTES && left && left < begin ? left : size;
}

size_t device_without_system(const char *text)
{
    size_t size = strlen(text);
    if (size > TARGET_MAX_BYTES)
        return size;
    size = without_id(text, size);
    bool device = device_is(text, size);
    for (size_t at = 1; at < size; at++) {
        bool bracket = text[at - 1] == '(';
        if (word_char(text[at - 1]) || !word_char(text[at]) || !(bracket || device) ||
            system_length(text + at) == 0)
            continue;
        if (!system_to_the_end(text + at, text + size, bracket))
            continue;
        size_t left = at;
        while (left && strchr(" _-(,/.:", text[left - 1]))
            left--;
        if (left > 3 && text_starts_nocase(text + left - 3, " on"))
            left -= 3;
        return left ? left : size;
    }
    return size;
}

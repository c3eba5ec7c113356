#include "report/browser.h"

#include <stdint.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "report/device.h"
#include "report/platform.h"

struct browser_name {
    const char *words; /* as words_length reads them */
    const char *name;
    bool vague;
};

/* Of several that fit the longest counts. */
static const struct browser_name names[] = {
    {"chrome", "Chrome", false},
    {"chrome for testing", "Chrome", false},
    {"google chrome", "Google Chrome", false},
    {"google chrome for testing", "Google Chrome", false},
    {"desktop chrome", "Desktop Chrome", false},
    {"mobile chrome", "Mobile Chrome", false},
    {"chrome mobile", "Chrome Mobile", false},
    {"chrome mobile ios", "Chrome Mobile iOS", false},
    {"chrome ios", "Chrome Mobile iOS", false},
    {"chrome mobile webview", "Chrome WebView", false},
    {"chrome webview", "Chrome WebView", false},
    {"chromium", "Chromium", false},
    {"chromium browser", "Chromium", false},
    {"firefox", "Firefox", false},
    {"mozilla firefox", "Firefox", false},
    {"desktop firefox", "Desktop Firefox", false},
    {"mobile firefox", "Mobile Firefox", false},
    {"firefox mobile", "Firefox Mobile", false},
    {"firefox ios", "Firefox iOS", false},
    {"firefox developer edition", "Firefox Developer Edition", false},
    {"safari", "Safari", false},
    {"desktop safari", "Desktop Safari", false},
    {"mobile safari", "Mobile Safari", false},
    {"mobile safari ui wkwebview", "Mobile Safari", false},
    {"safari technology preview", "Safari Technology Preview", false},
    {"webkit", "WebKit", false},
    {"webkit gtk", "WebKitGTK", false},
    {"wkwebview", "WKWebView", false},
    {"edge", "Edge", false},
    {"edge html", "Edge", false},
    {"edge chromium", "Edge", false},
    {"microsoft edge", "Microsoft Edge", false},
    {"ms edge", "Microsoft Edge", false},
    {"desktop edge", "Desktop Edge", false},
    {"edge mobile", "Edge Mobile", false},
    {"internet explorer", "Internet Explorer", false},
    {"iexplore", "Internet Explorer", false},
    {"iexplorer", "Internet Explorer", false},
    {"msie", "Internet Explorer", false},
    {"ie", "IE", false},
    {"ie mobile", "IE Mobile", false},
    {"opera", "Opera", false},
    {"opera mini", "Opera Mini", false},
    {"opera mobile", "Opera Mobile", false},
    {"opera mobi", "Opera Mobile", false},
    {"opera gx", "Opera GX", false},
    {"android webview", "Android WebView", false},
    {"android browser", "Android Browser", false},
    {"samsung internet", "Samsung Internet", false},
    {"samsung browser", "Samsung Internet", false},
    {"uc browser", "UC Browser", false},
    {"qq browser", "QQ Browser", false},
    {"yandex browser", "Yandex Browser", false},
    {"brave browser", "Brave", false},
    {"amazon silk", "Amazon Silk", false},
    {"phantom js", "PhantomJS", false},
    {"slimer js", "SlimerJS", false},
    {"html unit", "HtmlUnit", false},
    {"jsdom", "jsdom", false},
    {"webview2", "WebView2", false},
    {"electron", "Electron", true},
    {"brave", "Brave", true},
    {"vivaldi", "Vivaldi", true},
    {"yandex", "Yandex Browser", true},
    {"silk", "Amazon Silk", true},
    {"epiphany", "Epiphany", true},
    {"node.js", "Node.js", true},
};

#define LETTER(c) (1u << ((c) - 'a'))

/* Asked for each test of a report, whose class names hardly ever begin so: two letters mostly decide. */
static bool may_begin_with_browser(const char *text)
{
    static const uint32_t second_letters[26] = {
        ['a' - 'a'] = LETTER('m') | LETTER('n'),
        ['b' - 'a'] = LETTER('r'),
        ['c' - 'a'] = LETTER('h'),
        ['d' - 'a'] = LETTER('e'),
        ['e' - 'a'] = LETTER('d') | LETTER('l') | LETTER('p'),
        ['f' - 'a'] = LETTER('i'),
        ['g' - 'a'] = LETTER('o'),
        ['h' - 'a'] = LETTER('e') | LETTER('t'),
        ['i' - 'a'] = LETTER('e') | LETTER('n'),
        ['j' - 'a'] = LETTER('s'),
        ['m' - 'a'] = LETTER('i') | LETTER('o') | LETTER('s'),
        ['n' - 'a'] = LETTER('o'),
        ['o' - 'a'] = LETTER('p'),
        ['p' - 'a'] = LETTER('h'),
        ['q' - 'a'] = LETTER('q'),
        ['s' - 'a'] = LETTER('a') | LETTER('i') | LETTER('l'),
        ['u' - 'a'] = LETTER('c'),
        ['v' - 'a'] = LETTER('i'),
        ['w' - 'a'] = LETTER('e') | LETTER('k'),
        ['y' - 'a'] = LETTER('a'),
    };
    unsigned first = (unsigned char)text[0] | 0x20U;
    unsigned second = first >= 'a' && first <= 'z' ? (unsigned char)text[1] | 0x20U : 0;
    return second >= 'a' && second <= 'z' && (second_letters[first - 'a'] >> (second - 'a') & 1U);
}

struct reading {
    const char *at;
    struct browser *browser;
    bool dotted;  /* dots stand between the parts (WebdriverIO) */
    bool linked;  /* behind "on" or "for" */
    bool on_last; /* that, and nothing behind it yet */
    bool bracket;
    bool system; /* numbers are the version of the system named last */
};

static size_t headless_length(const char *text)
{
    size_t length = words_length(text, "headless shell");
    return length ? length : words_length(text, "headless");
}

/* A headless mark may follow a name directly ("ChromeHeadless"), and so may digits, if they are more than
 * one ("chrome120") or Internet Explorer's ("IE9"). */
static bool name_ends(const char *end, const struct browser_name *name)
{
    if (!word_char(*end))
        return true;
    if (ascii_digit(*end))
        return ascii_digit(end[1]) || text_equal(name->name, "IE");
    return headless_length(end) > 0;
}

static const struct browser_name *name_at(const char *text, size_t *ret_length)
{
    const struct browser_name *best = NULL;
    *ret_length = 0;
    if (!may_begin_with_browser(text))
        return NULL;
    char first = ascii_lower(text[0]);
    char second = ascii_lower(text[1]);
    for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
        bool begins = names[i].words[0] == first && names[i].words[1] == second;
        size_t length = begins ? words_prefix(text, names[i].words) : 0;
        if (length > *ret_length && name_ends(text + length, &names[i])) {
            best = &names[i];
            *ret_length = length;
        }
    }
    return best;
}

/* "Headless Chrome", "ChromeHeadless": to behind the name. False: no browser's name. */
static bool read_name(struct reading *r)
{
    size_t length = words_prefix(r->at, "headless");
    const char *at = r->at + length;
    while (length && strchr(" _-", *at) && *at)
        at++;
    size_t name_length;
    const struct browser_name *name = name_at(at, &name_length);
    if (!name)
        return false;
    r->browser->name = name->name;
    r->browser->vague = name->vague;
    r->browser->headless = length > 0;
    r->at = at + name_length;
    return true;
}

static size_t channel_length(const char *text, const char **ret_channel)
{
    static const struct {
        const char *words;
        const char *name;
    } channels[] = {{"beta", "Beta"},       {"dev", "Dev"}, {"canary", "Canary"},
                    {"nightly", "Nightly"}, {"esr", "ESR"}, {"stable", NULL}};
    for (size_t i = 0; i < ARRAY_SIZE(channels); i++) {
        size_t length = words_length(text, channels[i].words);
        if (length) {
            *ret_channel = channels[i].name;
            return length;
        }
    }
    return 0;
}

static size_t provider_length(const char *text)
{
    static const char *const providers[] = {"sauce labs", "saucelabs",  "browserstack",  "lambdatest",
                                            "sauce",      "testingbot", "selenium grid", "selenoid",
                                            "docker",     "cloud",      "any device"};
    for (size_t i = 0; i < ARRAY_SIZE(providers); i++) {
        size_t length = words_length(text, providers[i]);
        if (length)
            return length;
    }
    return 0;
}

static size_t platform_length(struct reading *r)
{
    size_t length = system_length(r->at);
    if (length == 0)
        length = architecture_length(r->at);
    if (length)
        r->browser->platform = r->system = true;
    else if (r->system)
        length = release_length(r->at);
    return length;
}

/* The length of the mark, version, channel or platform at r->at, noted; 0 when there is none. */
static size_t part_length(struct reading *r)
{
    struct browser *browser = r->browser;
    size_t length = headless_length(r->at);
    if (length) {
        browser->headless = true;
        return length;
    }
    if ((length = words_length(r->at, "headed")))
        return length;
    if (!browser->versioned || r->system)
        length = version_length(r->at);
    if (length) {
        browser->versioned |= !r->system;
        return length;
    }
    length = channel_length(r->at, &browser->channel);
    if (length == 0)
        length = platform_length(r);
    return length || !r->linked ? length : provider_length(r->at);
}

/* "(iPhone 14)", "on Pixel 7": a device up to end. */
static bool read_device(struct reading *r, const char *end)
{
    if (end == r->at || !device_is(r->at, (size_t)(end - r->at)))
        return false;
    r->browser->device = r->at;
    r->browser->device_size = (size_t)(end - r->at);
    r->at = end;
    return true;
}

/* A part in brackets is read as outside of them; behind a version or platform anything may stand there. */
static bool read_bracket(struct reading *r)
{
    bool known = r->browser->versioned || r->linked;
    const char *close = strchr(r->at, *r->at == '(' ? ')' : ']');
    if (!close || r->bracket)
        return false;
    r->bracket = true;
    r->at++;
    if (known && read_device(r, close))
        return true;
    while (r->at < close) {
        size_t length = part_length(r);
        if (length == 0 && known && word_char(*r->at))
            length = (size_t)(close - r->at);
        r->at += length;
        size_t between = strspn(r->at, " \t_-,;:/.");
        if (length == 0 && between == 0)
            return false;
        r->at += between;
    }
    return r->at == close;
}

/* The dot before a version ("chrome.123_0.windows") or the platform behind it; other dots end the browser, as
 * that of a package does ("edge.v2.OrderTest": only a digit begins no name of a package). */
static bool read_dot(struct reading *r)
{
    const char *next = r->at + 1;
    bool package = (*next | 0x20) == 'v';
    bool version = !r->browser->versioned && !package && version_length(next) > 0;
    if (!version && !(r->dotted && system_length(next)))
        return false;
    r->dotted = true;
    r->at = next;
    return true;
}

static bool read_on(struct reading *r)
{
    size_t length = words_length(r->at, "on");
    if (length == 0)
        length = words_length(r->at, "for");
    if (length == 0 || r->linked)
        return false;
    r->linked = r->on_last = true;
    r->at += length;
    r->at += strspn(r->at, " _-");
    if (read_device(r, r->at + strlen(r->at)))
        r->on_last = false;
    return true;
}

/* One part, or what stands between two. False: there is something else. */
static bool read_part(struct reading *r)
{
    if (*r->at == '(' || *r->at == '[')
        return read_bracket(r);
    if ((*r->at == ')' || *r->at == ']') && r->bracket) {
        r->bracket = false;
        r->at++;
        return true;
    }
    if (*r->at == '.')
        return read_dot(r);
    size_t between = strspn(r->at, " \t_-,;:/@|");
    if (between) {
        r->at += between;
        return true;
    }
    if (read_on(r))
        return true;
    size_t length = part_length(r);
    r->at += length;
    r->on_last = r->on_last && length == 0;
    return length > 0;
}

/* Everything behind the name that belongs to the browser. */
static void read_parts(struct reading *r)
{
    const char *end = r->at + TARGET_MAX_BYTES;
    while (*r->at && r->at < end && read_part(r))
        ;
    r->browser->vague &= !r->browser->versioned && !r->browser->platform && !r->browser->headless;
}

/* "TestCafe Tests: ", "browserstack:", "browser: ", "Windows 10 ". */
static void read_lead(struct reading *r)
{
    static const char *const leads[] = {"testcafe tests", "browserstack", "saucelabs", "lambdatest",
                                        "browser"};
    r->at += strspn(r->at, " \t*");
    for (size_t i = 0; i < ARRAY_SIZE(leads); i++) {
        size_t length = words_length(r->at, leads[i]);
        if (length && r->at[length] == ':')
            r->at += length + 1 + strspn(r->at + length + 1, " ");
    }
    const char *start = r->at;
    size_t name;
    while (*r->at && !name_at(r->at, &name)) {
        size_t length = platform_length(r);
        if (length == 0 && r->system)
            length = version_length(r->at);
        if (length == 0)
            break;
        r->at += length;
        r->at += strspn(r->at, " _-,/:|");
    }
    r->system = false;
    if (!name_at(r->at, &name) && !words_prefix(r->at, "headless"))
        r->at = start;
}

bool browser_read(const char *text, struct browser *ret)
{
    struct reading r = {.at = text, .browser = ret};
    *ret = (struct browser){0};
    if (strlen(text) > TARGET_MAX_BYTES)
        return false;
    read_lead(&r);
    if (!read_name(&r))
        return false;
    const char *behind = r.at;
    read_parts(&r);
    if (*r.at || r.on_last || r.bracket)
        return false;
    return r.at == behind || !strchr("_-,;:/@|", r.at[-1]);
}

size_t browser_in_class(const char *class_name, struct browser *ret)
{
    struct reading r = {.at = class_name, .browser = ret};
    if (!may_begin_with_browser(class_name))
        return 0;
    *ret = (struct browser){0};
    if (!read_name(&r))
        return 0;
    read_parts(&r);
    bool ends = *r.at == '\0' || *r.at == '.';
    bool enough = *r.at ? ret->versioned : !ret->vague;
    return ends && enough && !r.on_last && !r.bracket ? (size_t)(r.at - class_name) : 0;
}

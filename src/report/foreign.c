#include "report/foreign.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"

/* Text by its first words. */
static const struct {
    struct foreign is;
    const char *begins; /* in any case */
    const char *holds;  /* NULL: whatever follows */
} text_table[] = {
    {{"TAP (Test Anything Protocol)", "let the test tool write JUnit XML (node --test-reporter=junit, prove "
                                      "--formatter TAP::Formatter::JUnit), "
                                      "or turn TAP into it with the package tap-junit"},
     "TAP version ",
     NULL},
    {{"TAP (Test Anything Protocol)", "let the test tool write JUnit XML (node --test-reporter=junit, prove "
                                      "--formatter TAP::Formatter::JUnit), "
                                      "or turn TAP into it with the package tap-junit"},
     "1..",
     "ok "},
    {{"TAP (Test Anything Protocol)", "let the test tool write JUnit XML (node --test-reporter=junit, prove "
                                      "--formatter TAP::Formatter::JUnit), "
                                      "or turn TAP into it with the package tap-junit"},
     "ok 1",
     NULL},
    {{"TAP (Test Anything Protocol)", "let the test tool write JUnit XML (node --test-reporter=junit, prove "
                                      "--formatter TAP::Formatter::JUnit), "
                                      "or turn TAP into it with the package tap-junit"},
     "not ok 1",
     NULL},
    {{"a coverage report (LCOV)", NULL}, "TN:", NULL},
    {{"a coverage report (LCOV)", NULL}, "SF:", "end_of_record"},
    {{"a coverage profile of Go", NULL}, "mode: ", ".go:"},
    {{"the output of 'go test -v'", "let gotestsum write JUnit XML (gotestsum --junitfile FILE), or pipe the "
                                    "output through go-junit-report"},
     "=== RUN ",
     NULL},
    {{"the output of 'go test -v'", "let gotestsum write JUnit XML (gotestsum --junitfile FILE), or pipe the "
                                    "output through go-junit-report"},
     "--- ",
     ": Test"},
    {{"the output of pytest", "let pytest write JUnit XML (pytest --junitxml=FILE)"},
     "=====",
     " test session starts "},
    {{"the table of samples of JMeter (JTL, CSV)",
      "JMeter writes no JUnit XML itself; run it with Taurus, whose module junit-xml does"},
     "timeStamp,elapsed,",
     NULL},
    {{"a PDF document", "name the report itself, JUnit XML"}, "%PDF-", NULL},
    {{"a ZIP archive", "unpack it and name the report in it"}, "PK\x03\x04", NULL},
};

static const char html_how[] =
    "name the report itself, and look into the page to see what was saved in its place";
static const struct foreign own_html = {"TestProject's HTML report",
                                        "fetch the job's report as JSON in its place "
                                        "(.../jobs/JOB/reports/latest?details=true&format=TestProject)"};
static const struct foreign html = {"an HTML page (for example a login page or an HTML report)", html_how};

static const char *skip_blanks(const char *text)
{
    while (ascii_space(*text))
        text++;
    return text;
}

/* Behind a declaration and comments, which may stand before any page. */
static const char *skip_prolog(const char *text)
{
    for (;;) {
        text = skip_blanks(text);
        const char *end = text_starts(text, "<?")     ? strstr(text, "?>")
                          : text_starts(text, "<!--") ? strstr(text, "-->")
                                                      : NULL;
        if (!end)
            return text;
        text = strchr(end, '>') + 1;
    }
}

bool text_is_html(const char *text)
{
    text = skip_prolog(text);
    if (text_starts_nocase(text, "<!doctype"))
        return text_starts_nocase(skip_blanks(text + strlen("<!doctype")), "html");
    return text_starts_nocase(text, "<html") && !ascii_alnum(text[strlen("<html")]);
}

const struct foreign *foreign_of_text(const char *text)
{
    if (text_is_html(text))
        return strcasestr(text, "testproject") ? &own_html : &html;
    for (size_t i = 0; i < ARRAY_SIZE(text_table); i++)
        if (text_starts_nocase(text, text_table[i].begins) &&
            (!text_table[i].holds || strstr(text, text_table[i].holds)))
            return &text_table[i].is;
    return NULL;
}

int foreign_refuse(struct report_meta *meta, const char *label, const char *what, const char *how,
                   struct error *err)
{
    if (!how)
        how = "name the JUnit XML that the test tool writes";
    meta->format = FORMAT_UNKNOWN;
    free(meta->foreign);
    _cleanup_free_ char *phrases = xasprintf("%s; %s", what, how);
    meta->foreign = text_printable(phrases);
    return error_set(err, ERR_FOREIGN, "'%s' is %s", label, meta->foreign);
}

#include "report/status_words.h"

#include <string.h>

#include "base/memory.h"
#include "base/text.h"

/* Longer than every word of the table. */
#define SPELLED_MAX_BYTES 32

/* In the order of the words, which are found by halving. Behind each stand writers that use it. */
static const struct verdict_word words[] = {
    {"0", SAYS_NOTHING, false},                        /* exit codes or booleans */
    {"1", SAYS_NOTHING, false},                        /* exit codes or booleans */
    {"abort", SAYS_SKIPPED, false},                    /* nextest */
    {"aborted", SAYS_SKIPPED, false},                  /* TestProject, TRX, Xray, Open Test Reporting */
    {"aborting", SAYS_SKIPPED, false},                 /* TestProject */
    {"ambiguous", SAYS_SKIPPED, false},                /* Cucumber */
    {"assertionfailed", SAYS_FAILED, false},           /* plain English */
    {"assumptionfailed", SAYS_SKIPPED, false},         /* JUnit's assumptions */
    {"assumptionfailure", SAYS_SKIPPED, false},        /* JUnit's assumptions */
    {"assumptionviolated", SAYS_SKIPPED, false},       /* JUnit 4 */
    {"blazehaltedbeforetesting", SAYS_SKIPPED, false}, /* Bazel */
    {"blocked", SAYS_SKIPPED, false},                  /* TestRail, Ranorex, TestProject, Azure DevOps */
    {"broken", SAYS_ERROR, false},                     /* Allure */
    {"buildfailed", SAYS_ERROR, false},                /* Go */
    {"bypassed", SAYS_SKIPPED, false},                 /* plain English */
    {"canceled", SAYS_SKIPPED, false},                 /* SoapUI, GitLab */
    {"cancelled", SAYS_SKIPPED, false},                /* NUnit, GitHub */
    {"cleanuperror", SAYS_ERROR, false},               /* behave */
    {"complete", SAYS_NOTHING, false},                 /* Sauce Labs */
    {"completed", SAYS_NOTHING, false},                /* gtest, TRX, GitHub */
    {"compromised", SAYS_ERROR, false},                /* Serenity */
    {"crash", SAYS_ERROR, false},                      /* Qt Test, device farms */
    {"crashed", SAYS_ERROR, false},                    /* as crash */
    {"deferred", SAYS_SKIPPED, false},                 /* plain English */
    {"deprecated", SAYS_PASSED, false},                /* PHPUnit 10: passed, with a deprecation */
    {"deprecation", SAYS_PASSED, false},               /* as deprecated */
    {"deselected", SAYS_SKIPPED, false},               /* pytest */
    {"disabled", SAYS_SKIPPED, false},                 /* TestProject, CTest, Jest, gtest */
    {"disconnected", SAYS_ERROR, false},               /* TRX: the agent went away */
    {"done", SAYS_NOTHING, false},                     /* UFT, TestStand, BrowserStack */
    {"error", SAYS_ERROR, false},                      /* NUnit 2, TRX, TestProject, behave, Katalon */
    {"errored", SAYS_ERROR, false},                    /* RSpec, TestCafe */
    {"exception", SAYS_ERROR, false},                  /* FitNesse */
    {"excluded", SAYS_SKIPPED, false},                 /* ExUnit, LLVM lit */
    {"execfail", SAYS_ERROR, false},                   /* nextest */
    {"executed", SAYS_NOTHING, false},                 /* NUnit 2 */
    {"executing", SAYS_UNFINISHED, false},             /* TestProject, Xray, behave */
    {"expected", SAYS_PASSED, false},                  /* Playwright: as the test expects */
    {"expectedfail", SAYS_SKIPPED, false},             /* Meson */
    {"expectedfailure", SAYS_SKIPPED, false},          /* XCTest, unittest */
    {"explicit", SAYS_SKIPPED, false},                 /* NUnit 3 */
    {"fail", SAYS_FAILED, true},                       /* CTest, TestNG, xUnit.net, Robot Framework, Xray */
    {"failed", SAYS_FAILED, true},                     /* nearly all */
    {"failedtobuild", SAYS_ERROR, false},              /* Bazel */
    {"failure", SAYS_FAILED, true},                    /* NUnit 2, Gradle, Ranorex */
    {"false", SAYS_FAILED, true},                      /* booleans, see true */
    {"fatal", SAYS_ERROR, false},                      /* Squish, Qt Test */
    {"filtered", SAYS_SKIPPED, false},                 /* plain English */
    {"finished", SAYS_NOTHING, false},                 /* SoapUI */
    {"fixed", SAYS_PASSED, false},                     /* Jenkins: passed again */
    {"flaky", SAYS_PASSED, false},                     /* Playwright, Bazel: passed in the end */
    {"focused", SAYS_NOTHING, false},                  /* Jest */
    {"hang", SAYS_ERROR, false},                       /* device farms */
    {"hookerror", SAYS_ERROR, false},                  /* behave */
    {"hung", SAYS_ERROR, false},                       /* as hang */
    {"ignore", SAYS_SKIPPED, false},                   /* Unity, CppUTest */
    {"ignored", SAYS_SKIPPED, false},                  /* NUnit, Rust, Serenity, Ranorex */
    {"incomplete", SAYS_SKIPPED, false},               /* PHPUnit, Katalon, Bazel */
    {"inconclusive", SAYS_SKIPPED, false},             /* NUnit, TRX */
    {"indeterminate", SAYS_UNDECIDED, false},          /* DejaGnu */
    {"infrastructurefailure", SAYS_ERROR, false},      /* device farms */
    {"initialized", SAYS_UNFINISHED, false},           /* SoapUI */
    {"inprogress", SAYS_UNFINISHED, false},            /* TRX, Zephyr, Azure DevOps */
    {"interrupt", SAYS_SKIPPED, false},                /* Meson */
    {"interrupted", SAYS_SKIPPED, false},              /* Playwright, TestStand */
    {"invalid", SAYS_ERROR, false},                    /* NUnit 3, ExUnit: its setup failed */
    {"kfail", SAYS_SKIPPED, false},                    /* DejaGnu */
    {"killed", SAYS_ERROR, false},                     /* mutation tools, nextest */
    {"ko", SAYS_FAILED, false},                        /* Gatling */
    {"leak", SAYS_PASSED, false},                      /* nextest: passed, but left something open */
    {"muted", SAYS_SKIPPED, false},                    /* TeamCity */
    {"n/a", SAYS_SKIPPED, false},                      /* as notapplicable */
    {"na", SAYS_SKIPPED, false},                       /* as notapplicable */
    {"none", SAYS_UNDECIDED, false},                   /* Azure DevOps, VSTest */
    {"noresult", SAYS_SKIPPED, false},                 /* TestProject, Tosca */
    {"norun", SAYS_SKIPPED, false},                    /* UFT */
    {"nostatus", SAYS_SKIPPED, false},                 /* Bazel */
    {"notapplicable", SAYS_SKIPPED, false},            /* Azure DevOps */
    {"notexecuted", SAYS_SKIPPED, false},              /* TRX, Zephyr, NUnit 2 */
    {"notfound", SAYS_SKIPPED, false},                 /* MSTest */
    {"notice", SAYS_PASSED, false},                    /* PHPUnit 10 */
    {"notimpacted", SAYS_SKIPPED, false},              /* Azure DevOps */
    {"notimplemented", SAYS_SKIPPED, false},           /* plain English */
    {"notimplementedyet", SAYS_SKIPPED, false},        /* Unity */
    {"notok", SAYS_FAILED, false},                     /* TAP */
    {"notpassed", SAYS_FAILED, false},                 /* plain English */
    {"notrun", SAYS_SKIPPED, false},                   /* gtest, CTest, xUnit.net, Robot Framework, Katalon */
    {"notrunnable", SAYS_SKIPPED, false},              /* NUnit 2, TRX */
    {"notset", SAYS_SKIPPED, false},                   /* Robot Framework */
    {"notstarted", SAYS_SKIPPED, false},               /* Katalon */
    {"notsupported", SAYS_SKIPPED, false},             /* plain English */
    {"nottested", SAYS_SKIPPED, false},                /* plain English */
    {"obsolete", SAYS_SKIPPED, false},                 /* plain English */
    {"ok", SAYS_PASSED, true},                         /* TAP, SoapUI, Rust, Meson, Gatling */
    {"omitted", SAYS_SKIPPED, false},                  /* test-unit */
    {"other", SAYS_UNDECIDED, false},                  /* CTRF */
    {"panic", SAYS_ERROR, false},                      /* Go, Rust */
    {"panicked", SAYS_ERROR, false},                   /* as panic */
    {"pass", SAYS_PASSED, true},                       /* TestNG, xUnit.net, Robot Framework, Xray, k6 */
    {"passed", SAYS_PASSED, true},                     /* nearly all */
    {"passedbutrunaborted", SAYS_PASSED, false},       /* TRX */
    {"paused", SAYS_SKIPPED, false},                   /* Azure DevOps */
    {"pending", SAYS_SKIPPED, false},                  /* behave, Cucumber, Mocha, Jest, RSpec, CTRF, TRX */
    {"pendingwarn", SAYS_SKIPPED, false},              /* behave */
    {"quarantined", SAYS_SKIPPED, false},              /* device farms */
    {"queued", SAYS_UNFINISHED, false},                /* Vitest, GitHub */
    {"ran", SAYS_NOTHING, false},                      /* plain English */
    {"ready", SAYS_UNFINISHED, false},                 /* TestProject */
    {"regression", SAYS_FAILED, false},                /* Jenkins: failed again */
    {"remotefailure", SAYS_ERROR, false},              /* Bazel */
    {"reporting", SAYS_UNFINISHED, false},             /* TestProject */
    {"rerun", SAYS_UNDECIDED, false},                  /* pytest-rerunfailures: an attempt, not the end */
    {"retest", SAYS_SKIPPED, false},                   /* TestRail */
    {"right", SAYS_PASSED, false},                     /* FitNesse */
    {"risky", SAYS_SKIPPED, false},                    /* PHPUnit: it proved nothing */
    {"run", SAYS_NOTHING, false},                      /* gtest, CTest, Vitest */
    {"running", SAYS_UNFINISHED, false},               /* SoapUI, TestStand */
    {"setupfailed", SAYS_ERROR, false},                /* Go */
    {"skip", SAYS_SKIPPED, true},                      /* TestNG, xUnit.net, Robot Framework, Meson */
    {"skipped", SAYS_SKIPPED, true},                   /* nearly all */
    {"started", SAYS_UNFINISHED, false},               /* TestNG */
    {"startupfailure", SAYS_ERROR, false},             /* GitHub */
    {"stopped", SAYS_SKIPPED, false},                  /* device farms */
    {"succeeded", SAYS_PASSED, true},                  /* TestProject, Azure DevOps */
    {"success", SAYS_PASSED, true},                    /* NUnit 2, Gradle, SoapUI, Ranorex */
    {"successful", SAYS_PASSED, true},                 /* Open Test Reporting */
    {"successpercentagefailure", SAYS_PASSED, false},  /* TestNG: failed within what is allowed */
    {"suppressed", SAYS_SKIPPED, false},               /* gtest */
    {"suspended", SAYS_SKIPPED, false},                /* TestProject */
    {"terminated", SAYS_SKIPPED, false},               /* TestStand */
    {"timedout", SAYS_ERROR, false},                   /* Playwright, GitHub */
    {"timeout", SAYS_ERROR, false},                    /* TRX, Bazel, Meson, nextest */
    {"todo", SAYS_SKIPPED, false},                     /* Jest, Vitest, TAP, Xray */
    {"toolhaltedbeforetesting", SAYS_SKIPPED, false},  /* Bazel */
    {"true", SAYS_PASSED, true},                       /* booleans: TestProject's passed, JMeter's success */
    {"undefined", SAYS_SKIPPED, false},                /* behave, Cucumber, Serenity */
    {"undetermined", SAYS_UNDECIDED, false},           /* plain English */
    {"unexecuted", SAYS_SKIPPED, false},               /* Zephyr */
    {"unexpected", SAYS_FAILED, false},                /* Playwright, LLVM lit */
    {"unexpectedpass", SAYS_FAILED, false},            /* Meson */
    {"unexpectedsuccess", SAYS_FAILED, false},         /* unittest */
    {"unknown", SAYS_UNDECIDED, false},                /* Allure, Cucumber, SoapUI, TestProject */
    {"unresolved", SAYS_ERROR, false},                 /* DejaGnu, LLVM lit */
    {"unspecified", SAYS_UNDECIDED, false},            /* Azure DevOps */
    {"unsuccessful", SAYS_FAILED, false},              /* Serenity */
    {"unsupported", SAYS_SKIPPED, false},              /* DejaGnu, LLVM lit */
    {"untested", SAYS_SKIPPED, false},                 /* behave, TestRail, DejaGnu */
    {"untestedpending", SAYS_SKIPPED, false},          /* behave */
    {"untestedundefined", SAYS_SKIPPED, false},        /* behave */
    {"waiting", SAYS_UNFINISHED, false},               /* plain English */
    {"warn", SAYS_PASSED, false},                      /* as warning */
    {"warning", SAYS_PASSED, false},                   /* NUnit 3, TRX, PHPUnit 9: passed with a warning */
    {"wip", SAYS_UNFINISHED, false},                   /* Zephyr */
    {"wrong", SAYS_FAILED, false},                     /* FitNesse */
    {"xfail", SAYS_SKIPPED, false},                    /* Automake, DejaGnu, Squish, LLVM lit */
    {"xfailed", SAYS_SKIPPED, false},                  /* pytest, behave */
    {"xpass", SAYS_FAILED, false}, /* Automake, DejaGnu, Squish, LLVM lit: an unexpected pass fails the run */
    {"xpassed", SAYS_PASSED, false}, /* pytest, behave: passed unexpectedly, which they allow */
};

/* As the table spells it; false when it is longer than any word there. */
static bool spell(const char *text, size_t size, char ret[SPELLED_MAX_BYTES])
{
    size_t length = 0;
    for (size_t i = 0; i < size; i++) {
        if (ascii_space(text[i]) || text[i] == '_' || text[i] == '-')
            continue;
        if (length == SPELLED_MAX_BYTES - 1)
            return false;
        ret[length++] = ascii_lower(text[i]);
    }
    ret[length] = '\0';
    return true;
}

const struct verdict_word *status_word_find(const char *text, size_t size)
{
    char spelled[SPELLED_MAX_BYTES];
    size_t low = 0;
    size_t high = ARRAY_SIZE(words);
    if (!spell(text, size, spelled))
        return NULL;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = strcmp(spelled, words[middle].word);
        if (order == 0)
            return &words[middle];
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return NULL;
}

enum result_status status_of_meaning(enum status_meaning meaning)
{
    switch (meaning) {
    case SAYS_PASSED:
        return RESULT_PASSED;
    case SAYS_FAILED:
        return RESULT_FAILED;
    case SAYS_ERROR:
        return RESULT_ERROR;
    default:
        return RESULT_SKIPPED;
    }
}

const struct verdict_word *status_word_table(size_t *ret_count)
{
    *ret_count = ARRAY_SIZE(words);
    return words;
}

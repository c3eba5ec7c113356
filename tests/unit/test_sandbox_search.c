/* The query language of the sandbox's search, as a tree, and the trimming of items. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/json.h"
#include "base/memory.h"
#include "sandbox/json_pick.h"
#include "sandbox/search_query.h"

/* The tree as text: (or (and Name=a Id!=b) …) */
static void print(struct buf *out, const struct search_node *node)
{
    static const char *const operators[] = {"=", "!=", "<", ">", "<=", ">=", "~", "!~", " in ", " is "};
    if (node->kind == SEARCH_CONDITION) {
        buf_printf(out, "%s%s", node->field, operators[node->operator]);
        for (size_t i = 0; i < node->value_count; i++)
            buf_printf(out, "%s%s", i ? "," : "", node->values[i]);
        return;
    }
    buf_puts(out, node->kind == SEARCH_AND ? "(and" : "(or");
    for (size_t i = 0; i < node->part_count; i++) {
        buf_putc(out, ' ');
        print(out, node->parts[i]);
    }
    buf_putc(out, ')');
}

static void parses(const char *query, const char *expected)
{
    _cleanup_(buf_release) struct buf out = BUF_UNBOUNDED;
    char *problem = NULL;
    struct search_node *node = search_parse(query, &problem);
    assert_null(problem);
    assert_non_null(node);
    print(&out, node);
    assert_string_equal(buf_text(&out), expected);
    search_free(node);
}

static void fails(const char *query, const char *words)
{
    _cleanup_free_ char *problem = NULL;
    assert_null(search_parse(query, &problem));
    assert_non_null(problem);
    assert_non_null(strstr(problem, words));
}

static void search_parse__binds_and_before_or(void **state)
{
    (void)state;
    parses("a = 1 or b = 2 and c = 3", "(or (and a=1) (and b=2 c=3))");
    parses("(a = 1 or b = 2) and c = 3", "(or (and (or (and a=1) (and b=2)) c=3))");
    parses("", "(and)");
    parses("  ", "(and)");
}

static void search_parse__takes_quotes_lists_and_all_operators(void **state)
{
    (void)state;
    parses("'Automation Content' = 'x y' OR Id IN ('TC-1', 2)",
           "(or (and Automation Content=x y) (and Id in TC-1,2))");
    parses("a != 'b' and c ~ d and e !~ f", "(or (and a!=b c~d e!~f))");
    parses("a < 1 and a <= 2 and a > 3 and a >= 4", "(or (and a<1 a<=2 a>3 a>=4))");
    parses("Name is 'not empty'", "(or (and Name is not empty))");
    parses("a = ''", "(or (and a=))");
    parses("a = 'and'", "(or (and a=and))");
}

static void search_parse__says_what_is_wrong(void **state)
{
    (void)state;
    fails("Name", "operator");
    fails("Name='x'", "operator");
    fails("Name =", "value is missing");
    fails("Name = 'it's'", "quotes");
    fails("Name = 'x", "quotes");
    fails("Name = 'x''y'", "quotes");
    fails("(Name = x", "closing bracket");
    fails("Name = x)", "'and' or 'or'");
    fails("Name = x y", "'and' or 'or'");
    fails("Id in ('a' 'b')", "closing bracket");
    fails("Name is 'empty'", "not empty");
    fails("and", "operator");
    fails("a = 1 or", "field name");
}

static void picks(const char *json, const char *fields, const char *expected)
{
    _cleanup_(buf_release) struct buf out = BUF_UNBOUNDED;
    _cleanup_(json_delete) cJSON *list = json_parse(fields, strlen(fields));
    buf_puts(&out, "[1");
    size_t begin = out.length;
    buf_puts(&out, json);
    json_pick_members(&out, begin, list);
    assert_string_equal(buf_text(&out), expected);
}

static void json_pick__keeps_the_members_that_are_named(void **state)
{
    (void)state;
    picks(",{\"id\":5,\"name\":\"a,\\\"}{\",\"x\":[{\"id\":1},2],\"pid\":null}", "[\"id\",\"x\"]",
          "[1,{\"id\":5,\"x\":[{\"id\":1},2]}");
    picks(",{\"id\":5,\"name\":\"a,\\\"}{\"}", "[\"name\"]", "[1,{\"name\":\"a,\\\"}{\"}");
    picks(",{\"id\":5}", "[\"none\"]", "[1,{}");
    picks(",{\"id\":5}", "[\"*\"]", "[1,{\"id\":5}");
    picks(",{\"id\":5}", "[]", "[1,{\"id\":5}");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(search_parse__binds_and_before_or),
        cmocka_unit_test(search_parse__takes_quotes_lists_and_all_operators),
        cmocka_unit_test(search_parse__says_what_is_wrong),
        cmocka_unit_test(json_pick__keeps_the_members_that_are_named),
    };
    return cmocka_run_group_tests_name("sandbox search", tests, NULL, NULL);
}

/* The yardstick of the JUnit bench: counts test cases on libxml2's SAX2 push interface, nothing else. */
#include <stdio.h>
#include <string.h>

#include <libxml/parser.h>

static long cases;

static void start_element(void *self, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri,
                          int namespace_count, const xmlChar **namespaces, int attribute_count,
                          int defaulted_count, const xmlChar **attributes)
{
    (void)self, (void)prefix, (void)uri, (void)namespace_count, (void)namespaces;
    (void)attribute_count, (void)defaulted_count, (void)attributes;
    cases += strcmp((const char *)name, "testcase") == 0;
}

int main(int argc, char **argv)
{
    static char room[64 * 1024];
    xmlSAXHandler sax = {.initialized = XML_SAX2_MAGIC, .startElementNs = start_element};
    FILE *file = argc == 2 ? fopen(argv[1], "rb") : NULL;
    if (!file)
        return 2;
    setvbuf(file, NULL, _IONBF, 0);
    xmlParserCtxtPtr parser = xmlCreatePushParserCtxt(&sax, NULL, NULL, 0, NULL);
    xmlCtxtUseOptions(parser, XML_PARSE_HUGE | XML_PARSE_NONET);
    size_t size;
    while ((size = fread(room, 1, sizeof room, file)) > 0)
        xmlParseChunk(parser, room, (int)size, 0);
    int failed = xmlParseChunk(parser, NULL, 0, 1);
    printf("%ld\n", cases);
    xmlFreeParserCtxt(parser);
    fclose(file);
    return failed != 0;
}

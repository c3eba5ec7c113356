/* Names as qTest takes them: cycles, suites, modules and test cases have 1 to 500 characters (qtest-api.md
 * 4.6); what becomes of a longer one is not known, a site may refuse or cut it. */
#ifndef SYNC_FITTING_NAME_H
#define SYNC_FITTING_NAME_H

/* Without control characters; a longer name is cut at a character and keeps a hash of the whole, so that two
 * that begin alike stay apart. The same name always gives the same; NULL
 * gives an empty one. The caller frees. */
char *fitting_name(const char *name);

#endif
